"""How well a partner works, from what has really happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from arrears.core.case import RECOVERED, CloseCode

T = TypeVar("T", int, timedelta)

#: Fewer finished cases than this say little, and the scorecard says so.
ENOUGH_CASES = 10


@dataclass(frozen=True, slots=True)
class PartnersCase:
    """What one case says about a partner. Amounts are in US dollars, as valued when the case was opened.

    `answered_after` is how long the partner took to accept or decline; None while it has not.
    """

    principal_usd: Decimal | None
    recovered_share: Decimal
    close_code: CloseCode | None
    answered_after: timedelta | None
    declined: bool
    age_days: int | None
    updates_wanted: int
    updates_given: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Shares are from 0 to 1; None where there is nothing to divide by.

    `collection_rate` is of closed cases: money recovered of the principal, each case valued in US dollars.
    `success_rate` is how many of them brought anything.
    """

    given: int
    declined: int
    finished: int
    collection_rate: Decimal | None
    success_rate: Decimal | None
    median_answer: timedelta | None
    median_days: int | None
    updates_rate: Decimal | None
    complaints_upheld: int

    @property
    def says_enough(self) -> bool:
        return self.finished >= ENOUGH_CASES


def scorecard(cases: Iterable[PartnersCase], complaints_upheld: int) -> Scorecard:
    """Add a partner's cases up."""
    all_cases = list(cases)
    finished = [case for case in all_cases if case.close_code is not None and not case.declined]
    valued = [case for case in finished if case.principal_usd]
    principal = sum((case.principal_usd or Decimal(0) for case in valued), Decimal(0))
    recovered = sum(
        ((case.principal_usd or Decimal(0)) * min(case.recovered_share, Decimal(1)) for case in valued),
        Decimal(0),
    )
    wanted = sum(case.updates_wanted for case in all_cases)
    given = sum(min(case.updates_given, case.updates_wanted) for case in all_cases)
    return Scorecard(
        given=len(all_cases),
        declined=sum(case.declined for case in all_cases),
        finished=len(finished),
        collection_rate=_share(recovered, principal),
        success_rate=_share(
            Decimal(sum(case.close_code in RECOVERED for case in finished)), Decimal(len(finished))
        ),
        median_answer=_median([case.answered_after for case in all_cases if case.answered_after is not None]),
        median_days=_median([case.age_days for case in finished if case.age_days is not None]),
        updates_rate=_share(Decimal(given), Decimal(wanted)),
        complaints_upheld=complaints_upheld,
    )


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.0001")) if whole else None


def _median(values: list[T]) -> T | None:
    """The middle value, the lower one of two, so that it is always one that really happened."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
