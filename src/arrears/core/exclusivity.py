"""The time for which one partner alone works a case: when it starts, what prolongs it, how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arrears.core.claim import months_after

#: Calendar months from the start, and from each event that prolongs the period. Source: the standard debt
#: collection agreement as published for 25 March 2026.
FIRST_MONTHS = 6
MONTHS_AFTER_EVENT = 12


class ExtensionKind(StrEnum):
    """What gave the period a new end. The values are what the Customer API calls them."""

    PROMISE = "PromiseToPay"
    AGREEMENT = "PaymentAgreement"
    PAYMENT = "Payment"
    MANUAL = "Manual"


class PeriodStatus(StrEnum):
    """How a period stands. The values are what the Customer API calls them."""

    ACTIVE = "Active"
    EXPIRED = "Expired"
    TERMINATED = "Terminated"


@dataclass(frozen=True, slots=True)
class Extension:
    """One event that gave the period a new end."""

    kind: ExtensionKind
    event_date: date
    new_end: date


@dataclass(frozen=True, slots=True)
class Period:
    """An exclusive period from `start` to `end`, both included.

    `terminated_on` is when it was broken off by a withdrawal; `resolved_on` is when the case was closed for
    any other reason. Both are None while the case is worked.
    """

    start: date
    end: date
    extensions: tuple[Extension, ...] = ()
    terminated_on: date | None = None
    resolved_on: date | None = None

    def status_on(self, today: date) -> PeriodStatus:
        """Whether the partner alone may work the case on `today`."""
        if self._broken_off:
            return PeriodStatus.TERMINATED
        return PeriodStatus.EXPIRED if self.resolved_on or today > self.end else PeriodStatus.ACTIVE

    def days_remaining(self, today: date) -> int:
        """Days until the last one: negative once that is past, 0 when the period was broken off."""
        if self._broken_off:
            return 0
        last_day = min(self.end, self.resolved_on) if self.resolved_on else self.end
        return (last_day - today).days

    @property
    def _broken_off(self) -> bool:
        """A period that had already run out cannot be broken off any more."""
        return self.terminated_on is not None and self.terminated_on <= self.end


def period_start(accepted_on: date, complete_on: date | None) -> date:
    """The day a period starts: when the partner accepted, or earlier when all it needed was there."""
    return min(accepted_on, complete_on) if complete_on else accepted_on


def first_end(start: date) -> date:
    """The last day of a period that nothing has prolonged."""
    return months_after(start, FIRST_MONTHS)


def has_period(*, partner_is_exclusive: bool, price_by_quote: bool) -> bool:
    """Whether accepting a case starts a period: not where the terms were agreed for this case alone."""
    return partner_is_exclusive and not price_by_quote


def prolonged(period: Period, event_date: date) -> date | None:
    """The new end that an event gives to a period, or None when it changes nothing.

    An event from before the period is none of the partner's doing. A period that was broken off stays so;
    one that has run out begins to run again, because the event is there to be protected.
    """
    if period.terminated_on or event_date < period.start:
        return None
    end = months_after(event_date, MONTHS_AFTER_EVENT)
    return end if end > period.end else None
