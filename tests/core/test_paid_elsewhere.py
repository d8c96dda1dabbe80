"""Money the books show and the collector does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.money import Money
from arrears.core.paid_elsewhere import draft, in_books, seen_elsewhere
from tests.builders import money

PENNIES = st.integers(-10_000, 10_000).map(lambda pennies: Money(Decimal(pennies) / 100, "GBP"))


@pytest.mark.parametrize(
    ("handed_over", "outstanding", "seen"),
    [
        ("500 GBP", ["500 GBP"], "0 GBP"),
        ("500 GBP", ["200 GBP"], "300 GBP"),
        ("500 GBP", ["0 GBP"], "500 GBP"),
        ("500 GBP", ["100 GBP", "50.55 GBP"], "349.45 GBP"),
        # More is owed than was handed over: nothing came in that could be seen.
        ("500 GBP", ["700 GBP"], "0 GBP"),
        # Too much paid on one invoice does not pay the other.
        ("500 GBP", ["-100 GBP", "300 GBP"], "200 GBP"),
        ("1000 JPY", ["400 JPY"], "600 JPY"),
    ],
)
def test_what_is_no_longer_owed_has_come_in(handed_over: str, outstanding: list[str], seen: str) -> None:
    assert in_books(money(handed_over), [money(one) for one in outstanding]) == money(seen)


def test_what_cannot_be_told_is_not_guessed_at() -> None:
    assert in_books(money("500 GBP"), [money("100 GBP"), None]) is None
    assert in_books(money("500 GBP"), [money("100 EUR")]) is None
    assert seen_elsewhere(money("500 GBP"), money("0 EUR")) is None


@pytest.mark.parametrize(
    ("seen", "recorded", "beyond"),
    [
        ("500 GBP", "0 GBP", "500 GBP"),
        ("500 GBP", "200 GBP", "300 GBP"),
        ("500 GBP", "500 GBP", None),
        ("500 GBP", "600 GBP", None),
        ("0 GBP", "0 GBP", None),
        # Costs that came on top make less than nothing of what was paid: it counts as nothing.
        ("500 GBP", "-20 GBP", "500 GBP"),
        ("0.01 GBP", "0 GBP", "0.01 GBP"),
        ("0.004 GBP", "0 GBP", None),
    ],
)
def test_what_the_collector_does_not_have_came_in_elsewhere(
    seen: str, recorded: str, beyond: str | None
) -> None:
    assert seen_elsewhere(money(seen), money(recorded)) == (money(beyond) if beyond else None)


@given(PENNIES, st.lists(PENNIES, max_size=4), PENNIES)
def test_it_is_never_more_than_was_handed_over_and_never_nothing(
    handed_over: Money, outstanding: list[Money], recorded: Money
) -> None:
    seen = in_books(handed_over, outstanding)
    assert seen is not None
    assert seen.amount >= 0
    beyond = seen_elsewhere(seen, recorded)
    assert beyond is None or 0 < beyond.amount <= max(handed_over.amount, Decimal(0))


def test_the_message_names_amount_invoices_and_day() -> None:
    text = draft(money("1234.5 GBP"), ["1001", "1002"], date(2026, 3, 5))

    assert text == (
        "Our books show GBP 1,234.50 on invoices 1001 and 1002 that this case does not show as paid; the "
        "latest payment is dated 5 March 2026. It was paid directly to us. Please record it on the case, and "
        "tell us what we owe you for it."
    )


def test_the_message_says_nothing_of_a_day_that_is_not_known() -> None:
    assert draft(money("10 GBP"), ["1001"], None).startswith(
        "Our books show GBP 10.00 on invoice 1001 that this case does not show as paid. It was paid"
    )
