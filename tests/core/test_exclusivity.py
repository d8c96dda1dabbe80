"""The exclusive period: six months, twelve more from each event, never taken back by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.claim import months_after
from arrears.core.exclusivity import (
    Extension,
    ExtensionKind,
    Period,
    PeriodStatus,
    first_end,
    has_period,
    period_start,
    prolonged,
)

START = date(2026, 3, 5)
END = date(2026, 9, 5)
PERIOD = Period(START, END)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 3, 5), date(2026, 9, 5)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
    ],
)
def test_a_period_lasts_six_calendar_months(start: date, end: date) -> None:
    assert first_end(start) == end


def test_it_starts_when_everything_was_there_if_that_was_before_the_acceptance() -> None:
    accepted, complete = date(2026, 3, 9), date(2026, 3, 5)
    assert period_start(accepted, complete) == complete
    assert period_start(complete, accepted) == complete
    assert period_start(accepted, None) == accepted


@pytest.mark.parametrize(("exclusive", "by_quote", "expected"), [(True, False, True), (True, True, False)])
def test_terms_agreed_for_one_case_bring_no_period(exclusive: bool, by_quote: bool, expected: bool) -> None:
    assert has_period(partner_is_exclusive=exclusive, price_by_quote=by_quote) is expected
    assert not has_period(partner_is_exclusive=False, price_by_quote=by_quote)


def test_the_last_day_belongs_to_the_period() -> None:
    assert (PERIOD.status_on(END), PERIOD.days_remaining(END)) == (PeriodStatus.ACTIVE, 0)
    after = END + timedelta(days=1)
    assert (PERIOD.status_on(after), PERIOD.days_remaining(after)) == (PeriodStatus.EXPIRED, -1)


def test_a_period_that_was_broken_off_has_nothing_left() -> None:
    period = Period(START, END, terminated_on=date(2026, 4, 1))
    assert period.status_on(date(2026, 4, 2)) is PeriodStatus.TERMINATED
    assert period.days_remaining(date(2026, 4, 2)) == 0
    assert period.days_remaining(date(2030, 1, 1)) == 0


def test_a_period_that_has_run_out_is_not_broken_off_later() -> None:
    period = Period(START, END, terminated_on=END + timedelta(days=10))
    assert period.status_on(END + timedelta(days=10)) is PeriodStatus.EXPIRED
    assert period.days_remaining(END + timedelta(days=10)) == -10


def test_a_closed_case_is_expired_from_the_day_it_was_closed() -> None:
    period = Period(START, END, resolved_on=date(2026, 5, 1))
    assert period.status_on(date(2026, 5, 1)) is PeriodStatus.EXPIRED
    assert period.days_remaining(date(2026, 5, 3)) == -2


def test_an_event_gives_twelve_months_from_its_day() -> None:
    assert prolonged(PERIOD, date(2026, 4, 10)) == date(2027, 4, 10)


def test_an_event_that_would_end_it_earlier_changes_nothing() -> None:
    later = Period(START, date(2027, 8, 1))
    assert prolonged(later, date(2026, 8, 1)) is None
    assert prolonged(later, date(2026, 8, 2)) == date(2027, 8, 2)


def test_an_event_from_before_the_period_changes_nothing() -> None:
    assert prolonged(PERIOD, START - timedelta(days=1)) is None
    assert prolonged(PERIOD, START) == months_after(START, 12)


def test_a_period_that_has_run_out_runs_again_but_one_broken_off_does_not() -> None:
    late = END + timedelta(days=30)
    assert prolonged(PERIOD, late) == months_after(late, 12)
    assert prolonged(Period(START, END, terminated_on=date(2026, 4, 1)), late) is None


@given(st.lists(DAYS, max_size=8))
def test_events_in_any_order_never_shorten_it_and_the_latest_counts(events: list[date]) -> None:
    period = PERIOD
    for event in events:
        end = prolonged(period, event)
        assert end is None or end > period.end
        if end:
            extension = Extension(ExtensionKind.PAYMENT, event, end)
            period = Period(START, end, (*period.extensions, extension))
    counted = [months_after(event, 12) for event in events if event >= START]
    assert period.end == max([END, *counted])


@given(today=DAYS, ended=st.none() | DAYS, resolved=st.none() | DAYS)
def test_days_and_status_never_contradict_each_other(
    today: date, ended: date | None, resolved: date | None
) -> None:
    period = Period(START, END, terminated_on=ended, resolved_on=resolved)
    left = period.days_remaining(today)
    if period.status_on(today) is PeriodStatus.ACTIVE:
        assert left >= 0
    if period.status_on(today) is PeriodStatus.TERMINATED:
        assert left == 0
