"""The bridge's tables: connections, collectors, import runs with their ledger, tracked cases, policies."""

from __future__ import annotations

from arrears.bridge.models.collector_account import CallSlice, CollectorAccount
from arrears.bridge.models.connection import Connection, ConnectionState, LoginAttempt
from arrears.bridge.models.escalation import EscalationPolicy, PolicyDecision, PolicyRun
from arrears.bridge.models.ledger import Holding, ImportRun, Submission
from arrears.bridge.models.tracking import PaidElsewhere, Receipt, Recovery, TrackedCase

__all__ = [
    "CallSlice",
    "CollectorAccount",
    "Connection",
    "ConnectionState",
    "EscalationPolicy",
    "Holding",
    "ImportRun",
    "LoginAttempt",
    "PaidElsewhere",
    "PolicyDecision",
    "PolicyRun",
    "Receipt",
    "Recovery",
    "Submission",
    "TrackedCase",
]
