"""Exchange rates: checked by hand against the European Central Bank's list of 30 October 2026."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.fx import ECB, PEGS, Rates, usd_value
from arrears.core.money import Money

RATES = Rates(
    {"EUR": Decimal(1), "GBP": Decimal("0.8"), "USD": Decimal("1.2")}, date(2026, 3, 5), "Test rates"
)


def test_the_shipped_rates_are_those_of_the_day_they_name() -> None:
    assert ECB.as_of == date(2026, 10, 30)
    assert len(ECB.per_euro) == 30
    assert (ECB.per_euro["USD"], ECB.per_euro["GBP"]) == (Decimal("1.1172"), Decimal("0.8338"))


def converted(money: Money, currency: str) -> Money | None:
    factor = ECB.factor(money.currency, currency)
    return None if factor is None else Money(money.amount * factor, currency).rounded()


@pytest.mark.parametrize(
    ("money", "currency", "worth"),
    [
        ("100 USD", "GBP", "74.63 GBP"),
        ("10000 USD", "EUR", "8950.95 EUR"),
        ("2000 USD", "JPY", "314501 JPY"),
        ("74.63 GBP", "GBP", "74.63 GBP"),
        ("-100 EUR", "USD", "-111.72 USD"),
    ],
)
def test_amounts_are_converted_through_the_euro_and_rounded(money: str, currency: str, worth: str) -> None:
    assert str(converted(Money.parse(money), currency)) == worth


def test_an_unknown_rate_gives_no_amount_instead_of_a_wrong_one() -> None:
    assert converted(Money.parse("100 NGN"), "USD") is None
    assert converted(Money.parse("100 USD"), "NGN") is None
    assert usd_value(Money.parse("100 NGN"), ECB) is None


def test_market_rates_lead_to_dollars_and_are_named() -> None:
    value = usd_value(Money.parse("100 GBP"), RATES)
    assert value is not None
    assert (value.amount, value.rate, value.as_of) == (Decimal("150.00"), Decimal("1.5"), date(2026, 3, 5))
    assert value.source == "Test rates of 5 March 2026."


def test_dollars_need_no_rate() -> None:
    value = usd_value(Money.parse("99.999 USD"), RATES, Decimal("1.3"), "GBP")
    assert value is not None
    assert (value.amount, value.rate, value.source) == (
        Decimal("100.00"),
        Decimal(1),
        "The amount is in US dollars.",
    )


def test_the_books_own_rate_comes_before_the_market() -> None:
    value = usd_value(Money.parse("125 EUR"), RATES, Decimal("1.25"), "GBP")
    assert value is not None
    assert value.amount == Decimal("150.00"), (
        "125 EUR at 1.25 are 100 GBP, and those 150 USD; the market says 150.00"
    )
    cheaper = usd_value(Money.parse("125 EUR"), RATES, Decimal("2.5"), "GBP")
    assert cheaper is not None
    assert cheaper.amount == Decimal("75.00")
    assert cheaper.source == "The books' own rate of 2.5 EUR for 1 GBP. Test rates of 5 March 2026."


def test_the_books_own_rate_gives_a_value_to_currencies_nobody_else_quotes() -> None:
    value = usd_value(Money.parse("200000 NGN"), RATES, Decimal(2000), "GBP")
    assert value is not None
    assert value.amount == Decimal("150.00")


def test_books_kept_in_dollars_need_only_their_own_rate() -> None:
    value = usd_value(Money.parse("300 GBP"), RATES, Decimal("0.75"), "USD")
    assert value is not None
    assert (value.amount, value.source) == (Decimal("400.00"), "The books' own rate of 0.75 GBP for 1 USD.")


@pytest.mark.parametrize("own_rate", [None, Decimal(0), Decimal(-1)])
def test_a_meaningless_own_rate_is_passed_over(own_rate: Decimal | None) -> None:
    value = usd_value(Money.parse("100 GBP"), RATES, own_rate, "EUR")
    assert value is not None
    assert value.source == "Test rates of 5 March 2026."


@pytest.mark.parametrize(
    ("money", "dollars"),
    [
        ("367.25 AED", "100.00"),
        ("375 SAR", "100.00"),
        ("364 QAR", "100.00"),
        ("37.6 BHD", "100.00"),
        ("38.45 OMR", "100.00"),
    ],
)
def test_pegged_currencies_are_worth_what_their_central_bank_fixed(money: str, dollars: str) -> None:
    value = usd_value(Money.parse(money), ECB)
    assert value is not None
    assert value.amount == Decimal(dollars)
    assert PEGS[money.split()[1]].bank in value.source


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(sorted(ECB.per_euro)))
def test_converting_there_and_back_loses_no_more_than_rounding(amount: Decimal, currency: str) -> None:
    there = converted(Money(amount, "EUR"), currency)
    assert there is not None
    back = converted(there, "EUR")
    assert back is not None
    assert abs(back.amount - amount) <= Decimal("0.01") + Decimal("0.5") / ECB.per_euro[currency]
