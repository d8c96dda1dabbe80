"""Where cases go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from arrears.core.case import Lifecycle
from arrears.core.claim import Claim
from arrears.core.money import Money
from arrears.ports.case_file import CaseFile, DocumentKind, Message, Required, Task


@dataclass(frozen=True, slots=True)
class Offer:
    """What the collector says it would do with a claim, before anything is opened.

    `partner` is empty when none covers the debtor; `reason` says why this partner or why none. `rate` is the
    success fee in percentage points, of which `uplift` are for age. `required` tells what stands in the way
    or has to be signed first, and `signing_url` leads through all of it at once. `asked` is False where the
    collector was not asked, so that nothing is known yet; the sentence in `reason` says why.
    """

    accepted: bool
    partner: str
    reason: str
    rate: Decimal | None = None
    uplift: Decimal = Decimal(0)
    price_source: str = ""
    required: tuple[Required, ...] = ()
    signing_url: str = ""
    asked: bool = True


class Answer(StrEnum):
    OPENED = "opened"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    MUST_ACT = "must act"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the collector states it now.

    `principal` was handed over, `added` are interest and costs that came on top, `outstanding` is left of
    both. `lifecycle` is the nearest of our own states and `stated` the collector's word where that is
    another; a word that we do not know counts as pending. `phase` and `close_code` are the collector's words.
    `url` leads to the case at the collector, `signing_url` to what has to be signed for it. While
    `may_be_taken_back`, closing it with `take_back` is free of charge.
    """

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
    added: Money | None = None
    stated: str = ""
    phase: str = ""
    close_code: str = ""
    updated_at: datetime | None = None
    needs_info: bool = False
    url: str = ""
    signing_url: str = ""
    may_be_taken_back: bool = False

    @property
    def paid(self) -> Money:
        """What has come in so far."""
        owed = self.principal + self.added if self.added else self.principal
        return owed - self.outstanding


@dataclass(frozen=True, slots=True)
class Opened:
    """The collector's definite answer to `open`.

    OPENED carries the case. DUPLICATE means the reference is taken: look it up. REFUSED carries the
    collector's reasons in `messages` (bad data); MUST_ACT carries in `required` what has to be signed or
    settled first, in `messages` the same in sentences, and in `signing_url` one link through all of it.
    """

    answer: Answer
    case: Case | None = None
    messages: tuple[str, ...] = ()
    required: tuple[Required, ...] = ()
    signing_url: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of ours whom the collector knows."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Division:
    """A part of the creditor's company in whose name cases can be opened."""

    id: str
    name: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How the creditor stands with the collector as a whole: who it is, what waits, who belongs to it.

    `agreements` are those that have to be signed (again). `id` never changes and tells two creditors apart.
    """

    id: str
    company_name: str
    agreements: tuple[Required, ...] = ()
    tasks: tuple[Task, ...] = ()
    people: tuple[Person, ...] = ()
    divisions: tuple[Division, ...] = ()


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

    @property
    def takes_back(self) -> bool:
        """Whether cases can be closed again through us. Where not, people close them at the collector."""
        ...

    def take_back(self, case_id: str) -> None:
        """Close a case again that was opened by mistake, free of charge. Safe to repeat.

        Raises NeedsAttention, and changes nothing, for a case that is not free to close any more, is closed
        for another reason or is not there, and wherever cases cannot be closed through us; TryAgainLater when
        it may or may not have been closed: ask again.
        """
        ...

    def attach(
        self, case_id: str, name: str, content: bytes, kind: DocumentKind = DocumentKind.INVOICE
    ) -> None:
        """Attach a file to a case. The same file under the same name counts once.

        Raises NeedsAttention, whose sentence says what is taken instead, for a file that is too large, of a
        type that is not taken, or not what its name says; and for a case that is not there.
        """
        ...

    def find(self, reference: str) -> Case | None:
        """The case opened under our reference, or None."""
        ...

    def read(self, case_id: str) -> Case | None:
        """The case with the collector's own id, or None."""
        ...

    def cases(self) -> Iterator[Case]:
        """All our cases, newest first."""
        ...

    def changed(self) -> Iterator[Case]:
        """All our cases, the most recently changed first, so that a reader who knows the rest can stop."""
        ...

    def case_file(self, case_id: str) -> CaseFile:
        """Everything else about a case. Raises NeedsAttention for one that is not there."""
        ...

    def say(self, case_id: str, text: str, key: str) -> Message:
        """Send a message on a case; with the same key it is sent once. Raises as `open` does."""
        ...

    def standing(self) -> Standing:
        """How we stand with this collector. Proves that it lets us in."""
        ...
