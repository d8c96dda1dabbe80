"""When a debtor's data may be erased, and when it has to be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.retention import RetentionFacts, closed_before, is_due, obstacle

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    "facts",
    [
        RetentionFacts(None),
        RetentionFacts(date(1990, 1, 1), open_complaints=1),
        RetentionFacts(date(1990, 1, 1), unsettled_payments=1),
    ],
)
@pytest.mark.parametrize("years", [0, 6])
def test_what_is_still_needed_is_never_erased(facts: RetentionFacts, years: int) -> None:
    assert obstacle(facts)
    assert not is_due(facts, years, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("closed", "today", "due"),
    [
        (date(2020, 11, 22), date(2026, 11, 22), False),
        (date(2020, 11, 21), date(2026, 11, 22), True),
        (date(2018, 2, 28), date(2024, 2, 29), False),
        (date(2018, 2, 27), date(2024, 2, 29), True),
        (date(2018, 2, 28), date(2024, 3, 1), True),
    ],
)
def test_a_case_is_kept_for_whole_years_after_it_closed(closed: date, today: date, due: bool) -> None:
    assert is_due(RetentionFacts(closed), 6, today) is due


@given(DAYS, DAYS, st.integers(0, 30))
def test_what_is_due_stays_due(closed: date, today: date, years: int) -> None:
    facts = RetentionFacts(closed)
    assert not obstacle(facts)
    later = today.replace(year=today.year + 1, day=1)
    if is_due(facts, years, today):
        assert is_due(facts, years, max(today, later))


@given(DAYS, st.integers(0, 30))
def test_the_edge_is_that_many_years_ago(today: date, years: int) -> None:
    edge = closed_before(years, today)
    assert (edge.year, edge.month) == (today.year - years, today.month)
    assert edge.day in {today.day, 28}
