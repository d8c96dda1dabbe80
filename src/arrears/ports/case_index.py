"""Looking through the cases of one creditor without reading them all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from arrears.core.case import Lifecycle
from arrears.ports.case_figures import Age, Figures
from arrears.ports.collector import Case

#: In a search, the collector that is our own desk; every other one is named by the id of its account.
OWN_DESK = 0

#: Where a case stands when it cannot go on without its creditor.
WAITS_FOR_CREDITOR = frozenset(
    {Lifecycle.PENDING_SIGNING, Lifecycle.MORE_INFO, Lifecycle.PENDING_QUOTE_SELECTION}
)


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """Which cases are looked for; what is empty or None does not matter.

    Every one of `words` occurs in the case's reference, the creditor's own, the debtor's name or an invoice
    number, whatever the letter case. `opened_from` and `opened_to` are days in London, both inclusive; `age`
    counts days since opening, until today. `attention` asks for cases that want something of the creditor,
    `paid` for cases on which anything has come in, `paid_in` (the first of a month) for cases on which money
    came in during that month, `test` for cases that are for testing only, or False for real ones only.
    """

    words: str = ""
    lifecycles: frozenset[Lifecycle] = frozenset()
    collector: int | None = None
    country: str = ""
    currency: str = ""
    age: Age | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    attention: bool = False
    paid: bool | None = None
    paid_in: date | None = None
    test: bool | None = None

    def opened_within(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of opening that fit both the days and the age asked for."""
        first, last = self.opened_from, self.opened_to
        if self.age is None:
            return first, last
        least, most = self.age.days
        # What opened on a later day than today, by a clock that is ahead, has no age yet.
        newest = today - timedelta(days=least) if least else None
        oldest = today - timedelta(days=most) if most is not None else None
        return (
            max((day for day in (first, oldest) if day), default=None),
            min((day for day in (last, newest) if day), default=None),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a list of cases, newest first: after what opened at `at`, the higher numbers first."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """A case in an index. `number` tells two that opened at one moment apart.

    `account` is the id of the collector's account and `read_at` when the case was read there, both None at
    our own desk.
    """

    case: Case
    number: int
    account: int | None = None
    read_at: datetime | None = None


class CaseIndex(Protocol):
    """The cases of one creditor in one place. Every implementation passes one contract suite.

    Raises TryAgainLater.
    """

    def page(
        self, search: CaseSearch, today: date, limit: int, *, mark: Mark | None = None, newer: bool = False
    ) -> Sequence[Indexed]:
        """At most `limit` cases that fit, newest first, beginning after `mark`.

        With `newer` those just before the mark instead, the nearest to it first.
        """
        ...

    def figures(self, search: CaseSearch, today: date) -> Figures:
        """What the cases that fit come to."""
        ...

    def version(self) -> Hashable | None:
        """Equal only while nothing has changed that figures depend on; None when that cannot be told now."""
        ...
