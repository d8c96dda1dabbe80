"""The two doors to the outside world, Books and Collector, and the clock. Contracts, no code.

Errors are sorted by what can be done about them. Refusals that are part of normal work (a claim the
collector will not take) are values, not exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from arrears.core.case import Lifecycle
from arrears.core.claim import Claim
from arrears.core.debtor import Debtor
from arrears.core.invoice import Invoice
from arrears.core.money import Money


class Remedy(Exception):
    """Something failed, and the class says what helps. The message is one sentence for a person."""


class TryAgainLater(Remedy):
    """The other side is unreachable, overloaded or confused. The same request may succeed later."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class NeedsAttention(Remedy):
    """Nothing will change until a person does something.

    `code` is stable (`wrong_credentials`, `locked`, …), `action` says what to do, `url` where.
    """

    def __init__(self, message: str, *, code: str, action: str, url: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.action = action
        self.url = url


class OutcomeUnknown(Remedy):
    """A request that changes something was sent and its answer was lost. Look before asking again."""


class NotSent(TryAgainLater):
    """The request certainly never reached the other side."""


# --- Books: where invoices come from ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Company:
    """The company whose books these are. `account` never changes and tells two companies apart."""

    account: str
    name: str
    home_currency: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """The books' own report of what is unpaid, to hold the list against.

    `owed` maps invoice number to the amount owed, in the currency the report uses, which the books do not
    state; `total` is the report's own total. `complete` is False when the report could not be read, with
    the reason in `problem`.
    """

    owed: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None
    complete: bool = True
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """One invoice that belongs on the unpaid list, with who owes it."""

    invoice: Invoice
    debtor: Debtor


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a listing has come. `total` is the number of invoices to be looked through, when known."""

    seen: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One instalment of a listing: the unpaid invoices among those just read, and how far it has come.

    `remarks` are sentences about the listing as a whole that a person should see, such as rows that
    appeared or disappeared while it was being read.
    """

    owed: tuple[Owed, ...]
    progress: Progress
    control: Control
    remarks: tuple[str, ...] = ()


class Books(Protocol):
    """A company's accounting system, read live. Nothing that it returns may be stored.

    Every method raises NeedsAttention (credentials, permissions, subscription) or TryAgainLater.
    """

    def company(self) -> Company:
        """Whose books these are. Proves that the credentials work."""
        ...

    def unpaid(self, today: date) -> Iterator[Batch]:
        """Every invoice on the unpaid list, in batches, the first while later ones are still being read."""
        ...

    def fresh(self, numbers: Sequence[str]) -> dict[str, Owed | None]:
        """The named invoices as they stand now, with their debtors; None for one that is not there."""
        ...

    def document(self, invoice: Invoice) -> bytes | None:
        """The invoice as PDF, or None when the books cannot give it."""
        ...

    def close(self) -> None:
        """Log out and forget the session. Safe to call twice."""
        ...


class LoginLedger(Protocol):
    """Remembers login attempts of one connection, across processes and restarts.

    One definite rejection closes the credentials for good: `begin` then raises NeedsAttention, with the
    same code and action, until they are edited. One attempt at a time: while another process is logging
    in, `begin` waits a little and then raises TryAgainLater. An attempt whose outcome was lost (a crash, a
    time-out) allows one more, then `begin` raises NeedsAttention until a person has had a look.
    """

    def begin(self) -> int:
        """Write down that an attempt is about to be made, and return its number."""
        ...

    def succeeded(self, attempt: int) -> None: ...

    def rejected(self, attempt: int, reason: NeedsAttention) -> None:
        """The other side definitely said no."""
        ...

    def lost(self, attempt: int) -> None:
        """It is not known whether the attempt counted."""
        ...

    def not_counted(self, attempt: int) -> None:
        """The credentials were certainly not judged: nothing was sent, or the other side was out of order."""
        ...


# --- Collector: where cases go ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """What the collector says it would do with a claim, before anything is opened.

    `partner` is empty when none covers the debtor; `reason` says why this partner or why none. `minimum`
    and `required` tell what else stands in the way, each a sentence.
    """

    accepted: bool
    partner: str
    reason: str
    rate: Decimal | None = None
    price_source: str = ""
    required: tuple[str, ...] = ()


class Answer(StrEnum):
    OPENED = "opened"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    MUST_ACT = "must act"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the collector states it now. `principal` was handed over, `outstanding` is left."""

    id: str
    reference: str
    creditor_reference: str
    invoice_numbers: tuple[str, ...]
    debtor_name: str
    country: str
    principal: Money
    outstanding: Money
    lifecycle: Lifecycle
    partner: str
    routing_reason: str
    rate: Decimal | None
    price_source: str
    opened_at: datetime
    test: bool = False
    timeline: tuple[CaseEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseEvent:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The collector's definite answer to `open`.

    OPENED carries the case. DUPLICATE means the reference is taken: look it up. REFUSED and MUST_ACT carry
    the collector's reasons in `messages` (REFUSED: bad data; MUST_ACT: sign or settle something first).
    """

    answer: Answer
    case: Case | None = None
    messages: tuple[str, ...] = ()


class Collector(Protocol):
    """Whoever works cases. Every implementation passes one contract suite.

    Reads raise TryAgainLater or NeedsAttention. `open` raises NotSent (certainly not opened),
    OutcomeUnknown (may have been opened), NeedsAttention (certainly not opened) or TryAgainLater (certainly
    not opened, asked to wait).
    """

    @property
    def name(self) -> str:
        """How people know this collector, such as `Arrears desk`."""
        ...

    @property
    def host(self) -> str:
        """Where it is; part of the idempotency key."""
        ...

    @property
    def creditor(self) -> str:
        """Who we are to it; part of the idempotency key."""
        ...

    @property
    def test(self) -> bool:
        """Whether its cases are for testing only; part of the idempotency key."""
        ...

    @property
    def quiet_period(self) -> timedelta:
        """How long a request whose answer was lost may still be at work; until then do not look it up.

        Zero only where opening again under the same reference can never open a second case.
        """
        ...

    def preview(self, claim: Claim, today: date) -> Offer:
        """What would happen to this claim. Opens nothing."""
        ...

    def open(self, claim: Claim, reference: str, key: str, today: date) -> Opened:
        """Open one case. Asking again with the same reference never opens a second one."""
        ...

    def attach(self, case_id: str, name: str, content: bytes) -> None:
        """Attach the original invoice (PDF) to a case. The same file under the same name counts once."""
        ...

    def find(self, reference: str) -> Case | None:
        """The case opened under our reference, or None."""
        ...

    def cases(self) -> Iterator[Case]:
        """All our cases, newest first. Their timelines may be left out: `find` tells those."""
        ...


# --- Webhooks: telling other systems ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of posting to somebody's server: a status, or why there was none.

    `category` is one of `http`, `timeout`, `dns`, `tls`, `connection`, `refused address`; empty for a 2xx.
    """

    status: int | None
    error: str = ""
    category: str = ""
    took: timedelta = timedelta(0)


class WebhookSender(Protocol):
    """Posts to servers that strangers have named, and so never to an address that is not public.

    Every way of failing is a Reply, never an exception. Redirects are not followed.
    """

    def check(self, url: str) -> str:
        """Why nothing will ever be sent to this URL, in a sentence; empty when it looks good."""
        ...

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Post once. The address connected to is the very one that was checked."""
        ...


class Clock(Protocol):
    """The only way to know what time it is."""

    def now(self) -> datetime:
        """This instant, with its zone (UTC)."""
        ...

    def today(self) -> date:
        """Today's date where the books are kept: London."""
        ...
