"""The band of a debt's age, and the day from which handing it over costs more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.ageing import BAND_LABELS, Band, band_of, next_edge
from arrears.core.claim import older_than
from arrears.core.pricing import GRIDS, Grid
from tests.builders import TODAY

STANDARD = GRIDS[-1]
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def a_grid(six: str = "0", twelve: str = "8", twenty_four: str = "15") -> Grid:
    points = {
        "over_6_months": Decimal(six),
        "over_12_months": Decimal(twelve),
        "over_24_months": Decimal(twenty_four),
    }
    return Grid("Test list", date(2026, 1, 1), (), (), **points)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (-400, "not-due"),
        (0, "not-due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-180"),
        (180, "91-180"),
    ],
)
def test_up_to_180_days_the_days_decide(days: int, band: str) -> None:
    assert band_of(TODAY - timedelta(days=days), TODAY) == band


@pytest.mark.parametrize(
    ("due", "today", "band"),
    [
        # 22 May to 22 November are 184 days and exactly six months, which is not more than six months.
        (date(2026, 5, 22), date(2026, 11, 22), "91-180"),
        (date(2026, 5, 21), date(2026, 11, 22), "over-6-months"),
        # The shortest six months are 181 days: a due date at the end of August, and February has 28 days.
        (date(2025, 8, 31), date(2026, 2, 28), "91-180"),
        (date(2025, 8, 31), date(2026, 3, 1), "over-6-months"),
        # In a leap year the same debt has a day more.
        (date(2027, 8, 31), date(2028, 2, 29), "91-180"),
        (date(2027, 8, 31), date(2028, 3, 1), "over-6-months"),
        (date(2025, 11, 22), date(2026, 11, 22), "over-6-months"),
        (date(2025, 11, 21), date(2026, 11, 22), "over-12-months"),
        # What fell due on 29 February is a year old on 28 February, and older on 1 March.
        (date(2024, 2, 29), date(2025, 2, 28), "over-6-months"),
        (date(2024, 2, 29), date(2025, 3, 1), "over-12-months"),
        (date(2024, 2, 29), date(2026, 2, 28), "over-12-months"),
        (date(2024, 2, 29), date(2026, 3, 1), "over-24-months"),
        (date(1990, 1, 1), date(2026, 11, 22), "over-24-months"),
    ],
)
def test_from_there_on_calendar_months_decide(due: date, today: date, band: str) -> None:
    assert band_of(due, today) == band


def test_without_a_due_date_nobody_knows() -> None:
    assert band_of(None, TODAY) is Band.UNKNOWN


def test_every_band_has_words() -> None:
    assert list(BAND_LABELS) == list(Band)
    assert all(BAND_LABELS.values())


@given(DAYS, DAYS)
def test_a_debt_never_gets_younger_and_bands_agree_with_the_price_list(due: date, today: date) -> None:
    order = list(Band)
    band, tomorrow = band_of(due, today), band_of(due, today + timedelta(days=1))

    assert order.index(tomorrow) >= order.index(band)
    # A price list that adds points after six, twelve or 24 months adds them to these bands and no others.
    for months, bands in ((6, order[5:8]), (12, order[6:8]), (24, order[7:8])):
        assert older_than(due, months, today) is (band in bands)


def test_the_fee_rises_on_the_day_after_twelve_months() -> None:
    # 9 December 2025 to 9 December 2026 is exactly a year.
    edge = next_edge(date(2025, 12, 9), TODAY, STANDARD)

    assert edge is not None
    assert (edge.on, edge.points) == (date(2026, 12, 10), Decimal(8))
    assert edge.text == "12 months overdue: the fee rises by 8 points"


def test_at_24_months_the_higher_points_take_the_place_of_the_lower() -> None:
    edge = next_edge(date(2024, 12, 9), TODAY, STANDARD)

    assert edge is not None
    assert (edge.on, edge.points, edge.age) == (date(2026, 12, 10), Decimal(7), "24 months")


def test_a_price_list_may_have_an_edge_at_six_months() -> None:
    edge = next_edge(date(2026, 6, 9), TODAY, a_grid(six="1"))

    assert edge is not None
    assert (edge.on, edge.text) == (date(2026, 12, 10), "6 months overdue: the fee rises by 1 point")
    later = next_edge(date(2025, 12, 9), TODAY, a_grid(six="1"))
    assert later is not None
    assert later.points == 7


def test_an_age_at_which_nothing_is_added_is_no_edge_of_money() -> None:
    assert next_edge(date(2025, 12, 9), TODAY, a_grid(twelve="0", twenty_four="0")) is None
    assert next_edge(date(2025, 12, 9), TODAY, a_grid(six="8")) is None


def test_180_days_are_told_but_cost_nothing() -> None:
    # 180 days after 6 June 2026 is 3 December.
    edge = next_edge(date(2026, 6, 6), TODAY, STANDARD)

    assert edge is not None
    assert (edge.on, edge.points, edge.text) == (date(2026, 12, 3), Decimal(0), "180 days overdue")
    assert next_edge(date(2026, 6, 6), TODAY, None) == edge


def test_the_price_goes_before_what_is_only_worth_knowing() -> None:
    edge = next_edge(date(2026, 6, 6), TODAY, a_grid(six="2"))
    assert edge is not None
    assert (edge.on, edge.points) == (date(2026, 12, 7), Decimal(2))


@pytest.mark.parametrize(
    ("due", "on"),
    [
        (date(2025, 11, 21), None),  # crossed today
        (date(2025, 11, 22), date(2026, 11, 23)),
        (date(2025, 12, 21), date(2026, 12, 22)),  # 30 days off
        (date(2025, 12, 22), None),
        (None, None),
        (date(2026, 11, 22), None),
        (date(2027, 1, 1), None),
    ],
)
def test_only_the_next_thirty_days_count(due: date | None, on: date | None) -> None:
    edge = next_edge(due, TODAY, STANDARD)
    assert (edge.on if edge else None) == on


@given(DAYS, DAYS, st.integers(0, 3), st.integers(3, 9), st.integers(9, 20))
def test_an_edge_is_exactly_where_the_price_list_adds_points(
    due: date, today: date, six: int, twelve: int, twenty_four: int
) -> None:
    grid = a_grid(str(six), str(twelve), str(twenty_four))

    def added(day: date) -> int:
        ages = ((24, twenty_four), (12, twelve), (6, six))
        return next((points for months, points in ages if older_than(due, months, day)), 0)

    edge = next_edge(due, today, grid)
    days = [today + timedelta(days=step) for step in range(1, 31)]
    rises = [day for day in days if added(day) > added(day - timedelta(days=1))] if due < today else []

    assert (edge.on if edge and edge.points else None) == next(iter(rises), None)
    if edge and edge.points:
        assert edge.points == added(edge.on) - added(edge.on - timedelta(days=1))
