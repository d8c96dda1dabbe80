"""When an import has to be approved by a second person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arrears.core.approval import why_it_waits, why_unknown_waits
from arrears.core.fx import Rates
from arrears.core.money import Money

LIMIT = Money.parse("1000 GBP")
RATES = Rates(
    {"EUR": Decimal(1), "GBP": Decimal("0.8"), "JPY": Decimal(160)}, date(2026, 11, 20), "Bank’s rates"
)


def why(*amounts: str) -> str:
    return why_it_waits([Money.parse(amount) for amount in amounts], LIMIT, RATES)


@pytest.mark.parametrize("amounts", [(), ("1000 GBP",), ("600 GBP", "500 EUR"), ("200000 JPY",)])
def test_up_to_the_limit_nothing_waits(amounts: tuple[str, ...]) -> None:
    assert why(*amounts) == ""


def test_above_it_the_sentence_says_both_amounts() -> None:
    assert why("1000 GBP", "0.01 GBP") == "It comes to £1,000.01, which is more than the limit of £1,000.00."


def test_a_converted_sum_says_at_which_rates() -> None:
    sentence = why("600.01 GBP", "500 EUR")
    assert sentence.startswith("It comes to £1,000.01 at the Bank’s rates of 20 November 2026")


def test_what_cannot_be_converted_waits_whatever_else_there_is() -> None:
    assert "no exchange rate for KPW 1.00" in why("1 GBP", "1 KPW")


def test_an_unknown_sum_names_the_limit() -> None:
    assert "£1,000.00" in why_unknown_waits(LIMIT)
