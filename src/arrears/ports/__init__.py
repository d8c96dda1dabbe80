"""The doors to the outside world: Books, Collector, Feed, webhooks, and the clock. Contracts, no code."""

from __future__ import annotations

from arrears.ports.books import Batch, Books, Company, Control, LoginLedger, Owed, Progress
from arrears.ports.case_file import (
    CaseEvent,
    CaseFile,
    Document,
    DocumentKind,
    Message,
    Payment,
    Period,
    PeriodExtension,
    Question,
    Quote,
    Required,
    Task,
)
from arrears.ports.clock import Clock
from arrears.ports.collector import (
    Answer,
    Case,
    Collector,
    Division,
    Offer,
    Opened,
    Person,
    Standing,
)
from arrears.ports.feed import ApiKey, CallBudget, Feed, FeedEvent, Subscription
from arrears.ports.remedies import NeedsAttention, NotSent, OutcomeUnknown, Remedy, TryAgainLater
from arrears.ports.webhooks import Reply, WebhookSender

__all__ = [
    "Answer",
    "ApiKey",
    "Batch",
    "Books",
    "CallBudget",
    "Case",
    "CaseEvent",
    "CaseFile",
    "Clock",
    "Collector",
    "Company",
    "Control",
    "Division",
    "Document",
    "DocumentKind",
    "Feed",
    "FeedEvent",
    "LoginLedger",
    "Message",
    "NeedsAttention",
    "NotSent",
    "Offer",
    "Opened",
    "OutcomeUnknown",
    "Owed",
    "Payment",
    "Period",
    "PeriodExtension",
    "Person",
    "Progress",
    "Question",
    "Quote",
    "Remedy",
    "Reply",
    "Required",
    "Standing",
    "Subscription",
    "Task",
    "TryAgainLater",
    "WebhookSender",
]
