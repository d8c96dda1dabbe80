"""The desk's tables, one file for each part of its work."""

from arrears.core.pricing import PriceSource
from arrears.desk.models.api import Division, RequestCount, StoredAnswer
from arrears.desk.models.case import (
    LONGEST_KEY,
    AppendOnlyError,
    Assignment,
    Case,
    CaseEvent,
    EventKind,
    InfoRequest,
    PeriodExtension,
    new_reference,
)
from arrears.desk.models.contract import AgreementKind, AgreementVersion, Signature, SigningRequest
from arrears.desk.models.money import GridBracket, Payment, PriceGrid
from arrears.desk.models.network import (
    CoverageRule,
    CreditorStamp,
    NetworkStamp,
    Partner,
    PartnerKind,
    PartnerOverride,
    VettingCheck,
)
from arrears.desk.models.quote import Quote, QuoteRequest
from arrears.desk.models.settings import DeskSettings
from arrears.desk.models.talk import (
    LONGEST_FILE_NAME,
    Complaint,
    Disclosure,
    Document,
    DocumentKind,
    Message,
    StatusUpdate,
    Task,
)
from arrears.desk.models.webhook import Delivery, Webhook

__all__ = [
    "LONGEST_FILE_NAME",
    "LONGEST_KEY",
    "AgreementKind",
    "AgreementVersion",
    "AppendOnlyError",
    "Assignment",
    "Case",
    "CaseEvent",
    "Complaint",
    "CoverageRule",
    "CreditorStamp",
    "Delivery",
    "DeskSettings",
    "Disclosure",
    "Division",
    "Document",
    "DocumentKind",
    "EventKind",
    "GridBracket",
    "InfoRequest",
    "Message",
    "NetworkStamp",
    "Partner",
    "PartnerKind",
    "PartnerOverride",
    "Payment",
    "PeriodExtension",
    "PriceGrid",
    "PriceSource",
    "Quote",
    "QuoteRequest",
    "RequestCount",
    "Signature",
    "SigningRequest",
    "StatusUpdate",
    "StoredAnswer",
    "Task",
    "VettingCheck",
    "Webhook",
    "new_reference",
]
