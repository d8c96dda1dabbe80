"""Where invoices come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from arrears.core.debtor import Debtor
from arrears.core.invoice import Invoice
from arrears.ports.remedies import NeedsAttention


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
