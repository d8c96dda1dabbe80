"""Money: exact, in one currency, rounded by one rule."""

from __future__ import annotations

import operator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.money import (
    CURRENCIES,
    CurrencyMismatch,
    Money,
    exponent,
    is_currency,
    read_amount,
    round_amount,
    totals_by_currency,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "GBP", "0.01"),
        ("-0.005", "GBP", "-0.01"),
        ("2.675", "GBP", "2.68"),
        ("2.665", "GBP", "2.67"),
        ("2.6749999", "GBP", "2.67"),
        ("1234.5", "JPY", "1235"),
        ("1234.4999", "JPY", "1234"),
        ("1.2345", "KWD", "1.235"),
        ("1", "EUR", "1.00"),
        ("123456789012345.675", "GBP", "123456789012345.68"),
    ],
)
def test_halves_are_rounded_away_from_zero_to_the_smallest_unit(
    amount: str, currency: str, rounded: str
) -> None:
    assert str(round_amount(Decimal(amount), currency)) == rounded


@given(amounts, currencies)
def test_rounding_twice_changes_nothing_and_moves_by_half_a_unit_at_most(
    amount: Decimal, currency: str
) -> None:
    once = round_amount(amount, currency)
    assert round_amount(once, currency) == once
    assert abs(once - amount) * 2 <= Decimal(1).scaleb(-exponent(currency))
    assert round_amount(-amount, currency) == -once


def test_two_currencies_are_never_combined_or_compared() -> None:
    for combine in (operator.add, operator.sub, operator.lt, operator.le):
        with pytest.raises(CurrencyMismatch, match="cannot be combined"):
            combine(Money.parse("1 GBP"), Money.parse("1 EUR"))


@pytest.mark.parametrize("amount", [1.1, 1, "1.10"])
def test_only_decimals_become_money(amount: object) -> None:
    with pytest.raises(TypeError, match="Money takes a Decimal"):
        Money(amount, "GBP")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("12.30", Decimal("12.30")),
        (" 12 ", Decimal(12)),
        (12, Decimal(12)),
        (Decimal("0.1"), Decimal("0.1")),
        ("-5", Decimal(-5)),
        (12.3, None),
        (True, None),
        (None, None),
        ("", None),
        ("12,30", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999999999", None),
        ("1e15", None),
    ],
)
def test_amounts_from_outside_are_exact_and_plausible_or_refused(
    value: object, amount: Decimal | None
) -> None:
    assert read_amount(value) == amount


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), max_size=20))
def test_sums_are_exact(values: list[Decimal]) -> None:
    total = sum((Money(value, "GBP") for value in values), Money.zero("GBP"))
    assert total.amount * 100 == sum(int(value * 100) for value in values)


def test_totals_keep_the_currencies_apart() -> None:
    found = totals_by_currency([Money.parse(text) for text in ("1.10 GBP", "5 EUR", "2.20 GBP")])
    assert [str(total) for total in found.values()] == ["3.30 GBP", "5.00 EUR"]


def test_a_percentage_is_rounded_by_the_same_rule() -> None:
    assert str(Money.parse("1000.55 GBP").percent(Decimal("9.5"))) == "95.05 GBP"
    assert str(Money.parse("105 JPY").percent(Decimal(10))) == "11 JPY"


def test_money_is_written_with_all_its_decimals() -> None:
    assert [str(Money.parse(text)) for text in ("5 GBP", "5 JPY", "5 BHD")] == [
        "5.00 GBP",
        "5 JPY",
        "5.000 BHD",
    ]


def test_only_active_codes_in_capitals_are_currencies() -> None:
    assert is_currency("GBP")
    assert not any(is_currency(code) for code in ("gbp", "", None, "XXX", "DEM", "£"))
