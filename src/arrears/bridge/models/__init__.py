"""The bridge's tables: connections, collector accounts, import runs with their ledger, and tracked cases."""

from __future__ import annotations

from arrears.bridge.models.collector_account import CallSlice, CollectorAccount
from arrears.bridge.models.connection import Connection, ConnectionState, LoginAttempt
from arrears.bridge.models.ledger import Holding, ImportRun, Submission
from arrears.bridge.models.tracking import PaidElsewhere, Receipt, TrackedCase

__all__ = [
    "CallSlice",
    "CollectorAccount",
    "Connection",
    "ConnectionState",
    "Holding",
    "ImportRun",
    "LoginAttempt",
    "PaidElsewhere",
    "Receipt",
    "Submission",
    "TrackedCase",
]
