"""The exclusive period of a case, as its row and its extensions tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from arrears.clock import london_date
from arrears.core.case import CloseCode, Event, Lifecycle
from arrears.core.exclusivity import (
    Extension,
    ExtensionKind,
    Period,
    first_end,
    has_period,
    period_start,
    prolonged,
)
from arrears.core.wording import date_text
from arrears.desk.actors import DESK
from arrears.desk.models import Case, EventKind, PeriodExtension, PriceSource
from arrears.desk.moves import write_down


def period_of(case: Case, today: date) -> Period | None:
    """A case's exclusive period, or None where none has begun by `today`."""
    if case.period_start is None or case.period_start > today:
        return None
    extensions = tuple(
        Extension(ExtensionKind(row.kind), row.event_date, row.new_end)
        for row in case.extensions.order_by("event_date", "pk")
    )
    end = max([first_end(case.period_start), *(extension.new_end for extension in extensions)])
    terminated_on, resolved_on = _ended(case)
    return Period(case.period_start, end, extensions, terminated_on, resolved_on)


def begin_period(case: Case, *, today: date) -> None:
    """Set when the period of a case being accepted starts, where it has one. The caller saves the case."""
    exclusive = case.partner is not None and case.partner.exclusive
    by_quote = case.price_source == PriceSource.QUOTE.value
    if has_period(partner_is_exclusive=exclusive, price_by_quote=by_quote):
        case.period_start = period_start(today, _complete_on(case))


def extend(
    case: Case, kind: ExtensionKind, event_date: date, *, now: datetime, note: str = ""
) -> date | None:
    """Give the period the new end that an event brings. Returns it, or None when the event changes nothing.

    The caller holds the case's row and a transaction.
    """
    period = period_of(case, london_date(now))
    new_end = prolonged(period, event_date) if period else None
    if new_end is None:
        return None
    PeriodExtension.objects.create(
        case=case, kind=kind.value, event_date=event_date, new_end=new_end, note=note, at=now
    )
    text = f"The exclusive period now runs until {date_text(new_end)}."
    data = {"kind": kind.value, "event_date": event_date.isoformat(), "new_end": new_end.isoformat()}
    write_down(case, EventKind.PERIOD, DESK, text, now=now, data=data)
    return new_end


def take_back(case: Case, paid_on: date, *, now: datetime) -> None:
    """Undo the extension by a payment that is reversed now, unless another payment of that day gives it.

    What the payment had overshadowed counts again. The caller holds the case's row and a transaction.
    """
    if case.payments.filter(paid_on=paid_on, reversed_at=None).exists():
        return
    gave = case.extensions.filter(kind=ExtensionKind.PAYMENT.value, event_date=paid_on)
    if not gave.delete()[0] or _give_again(case, now):
        return
    period = period_of(case, london_date(now))
    if period is not None:
        text = f"The exclusive period runs until {date_text(period.end)} again: its payment was reversed."
        write_down(case, EventKind.PERIOD, DESK, text, now=now, data={"new_end": period.end.isoformat()})


def _give_again(case: Case, now: datetime) -> bool:
    """Let the latest event that is left give the period its end, where it does not do so already."""
    happened = [(day, ExtensionKind.PAYMENT) for day in _paid_on(case)]
    promised = case.events.filter(kind=EventKind.PERIOD, data__has_keys=["kind", "date"])
    happened += [
        (date.fromisoformat(told["date"]), ExtensionKind(told["kind"]))
        for told in promised.values_list("data", flat=True)
    ]
    if not happened:
        return False
    day, kind = max(happened)
    return extend(case, kind, day, now=now) is not None


def _paid_on(case: Case) -> Iterable[date]:
    return case.payments.filter(reversed_at=None).values_list("paid_on", flat=True)


def _ended(case: Case) -> tuple[date | None, date | None]:
    """When the period was broken off, and when its case was closed for any other reason than that."""
    if case.lifecycle != Lifecycle.CLOSED or case.finished_at is None:
        return None, None
    closed_on = london_date(case.finished_at)
    return (closed_on, None) if case.close_code == CloseCode.WITHDRAWN else (None, closed_on)


def _complete_on(case: Case) -> date:
    """When everything the present partner needed was there: not before it was given the case."""
    checked = (
        case.events.filter(kind=EventKind.LIFECYCLE, data__event=Event.CHECK_PASSED.value)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    given = (
        case.assignments.filter(partner=case.partner)
        .order_by("-given_at")
        .values_list("given_at", flat=True)
        .first()
    )
    return london_date(max(filter(None, (checked or case.opened_at, given))))
