"""Business days and hours: Monday to Friday, nine to five."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.working_time import business_days_after, business_hours_after, is_business_day

LONDON = ZoneInfo("Europe/London")
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, FRIDAY), (1, MONDAY), (5, date(2026, 11, 27)), (6, date(2026, 11, 30))],
)
def test_weekends_do_not_count(days: int, expected: date) -> None:
    assert business_days_after(FRIDAY, days) == expected


def test_counting_from_a_weekend_starts_on_monday() -> None:
    saturday = FRIDAY + timedelta(days=1)
    assert business_days_after(saturday, 0) == MONDAY
    assert business_days_after(saturday, 1) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # Friday 20 November, 10:00, and 8 hours: one until Monday 10:00.
        (datetime(2026, 11, 20, 10, tzinfo=LONDON), 8, datetime(2026, 11, 23, 10, tzinfo=LONDON)),
        (datetime(2026, 11, 20, 10, tzinfo=LONDON), 7, datetime(2026, 11, 20, 17, tzinfo=LONDON)),
        (datetime(2026, 11, 20, 20, tzinfo=LONDON), 1, datetime(2026, 11, 23, 10, tzinfo=LONDON)),
        (datetime(2026, 11, 22, 12, tzinfo=LONDON), 1, datetime(2026, 11, 23, 10, tzinfo=LONDON)),
        (datetime(2026, 11, 23, 6, tzinfo=LONDON), 1, datetime(2026, 11, 23, 10, tzinfo=LONDON)),
        # 120 hours are fifteen business days.
        (datetime(2026, 11, 23, 9, tzinfo=LONDON), 120, datetime(2026, 12, 11, 17, tzinfo=LONDON)),
    ],
)
def test_hours_count_from_nine_to_five(start: datetime, hours: int, expected: datetime) -> None:
    assert business_hours_after(start, hours, LONDON) == expected


def test_hours_across_the_change_of_the_clock_are_those_on_the_wall() -> None:
    friday = datetime(2026, 3, 27, 16, tzinfo=LONDON)  # the clock goes forward on Sunday
    assert business_hours_after(friday.astimezone(UTC), 2, LONDON) == datetime(2026, 3, 30, 10, tzinfo=LONDON)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 # it adds the zone
    st.integers(1, 300),
)
def test_the_end_is_in_business_hours_and_later_hours_end_later(start: datetime, hours: int) -> None:
    end = business_hours_after(start, hours, LONDON)
    local = end.astimezone(LONDON)
    assert end > start
    assert is_business_day(local.date())
    assert 9 <= local.hour < 17 or (local.hour, local.minute, local.second) == (17, 0, 0)
    assert business_hours_after(start, hours + 1, LONDON) > end
