"""What there is to know about a case beyond the case itself: talk, papers, money, tasks and quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from arrears.core.case import Party
from arrears.core.money import Money


class DocumentKind(StrEnum):
    """What a file of a case is. The values are those of the Customer API."""

    INVOICE = "OriginalInvoice"
    DEBTOR = "DebtorDocuments"
    CREDITOR = "CreditorDocuments"
    PARTNER = "PartnerDocuments"
    DEMAND_LETTER = "DemandLetter"
    OTHER = "Miscellaneous"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's timeline."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `party` is who wrote it, None where the collector does not say so in words we know."""

    id: str
    at: datetime
    party: Party | None
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `kind` is one of DocumentKind, or the collector's own word. `url` is empty without a link."""

    id: str
    at: datetime
    name: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in on a case. `recipient` and `method` are the collector's own words."""

    id: str
    day: date
    amount: Money
    recipient: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the creditor.

    `kind` is the collector's own name for it. `url` leads to where it is done; `by_message` tells that it is
    done by sending a message on the case.
    """

    id: str
    kind: str
    title: str
    text: str
    case_reference: str = ""
    deadline: date | None = None
    url: str = ""
    by_message: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something the collector still needs to know before the case goes on."""

    area: str
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A partner's offer for a legal step. Amounts are in `currency`, `success_fee` in percentage points.

    `agreement`, `state` and `phase` are the collector's own words. `open` tells that it can still be
    accepted, and `url` leads to where.
    """

    id: str
    partner: str
    state: str
    agreement: str
    currency: str
    phase: str = ""
    hourly_rate: Decimal | None = None
    hours: Decimal | None = None
    flat_fee: Decimal | None = None
    success_fee: Decimal | None = None
    court_costs: Decimal | None = None
    solution: str = ""
    fee_comments: str = ""
    why_us: str = ""
    open: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class PeriodExtension:
    """What prolonged the exclusive period, in the collector's own word, and to when."""

    kind: str
    day: date
    new_end: date


@dataclass(frozen=True, slots=True)
class Period:
    """The time in which only the partner may collect. `days_left` is negative once it is over."""

    start: date
    end: date
    days_left: int
    status: str
    extensions: tuple[PeriodExtension, ...] = ()


@dataclass(frozen=True, slots=True)
class Required:
    """Something the creditor has to sign or settle first. `kind` is the collector's own name for it.

    `url` leads to where. What is `blocking` stops a case even where it may wait for signatures.
    """

    kind: str
    text: str
    url: str = ""
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about one case at one moment; times and lists are in ascending order.

    `agreements` are those the case still waits for. `unread` names the parts that could not be read just now,
    each so that it completes "could not be read: …".
    """

    timeline: tuple[CaseEvent, ...] = ()
    messages: tuple[Message, ...] = ()
    documents: tuple[Document, ...] = ()
    payments: tuple[Payment, ...] = ()
    tasks: tuple[Task, ...] = ()
    questions: tuple[Question, ...] = ()
    quotes: tuple[Quote, ...] = ()
    period: Period | None = None
    agreements: tuple[Required, ...] = ()
    unread: tuple[str, ...] = ()
