"""A price that the collector names. Every expected figure is worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arrears.core.pricing import Estimate, PriceSource, priced_by
from tests.builders import TODAY, a_claim, an_invoice


def named(owed: str, rate: str, uplift: str = "0", source: str = "Quote 7") -> Estimate | None:
    return priced_by(a_claim(an_invoice(owed)), Decimal(rate), Decimal(uplift), source, TODAY)


@pytest.mark.parametrize(
    ("owed", "rate", "fee", "net"),
    [
        ("1000 GBP", "12.5", "125.00", "875.00"),
        ("999.99 GBP", "12.5", "125.00", "874.99"),  # 124.99875
        ("1000 JPY", "33.35", "334", "666"),  # 333.5, to the even neighbour or up: either way 334
        ("100 GBP", "0", "0.00", "100.00"),
        ("100 GBP", "100", "100.00", "0.00"),
    ],
)
def test_a_named_rate_is_taken_of_all_that_is_owed(owed: str, rate: str, fee: str, net: str) -> None:
    found = named(owed, rate)

    assert found is not None
    assert (str(found.fee.amount), str(found.net.amount)) == (fee, net)
    assert (found.source, found.as_of) == ("Quote 7", TODAY)
    assert "The collector named this price: Quote 7." in found.steps


def test_the_part_for_age_is_told_apart() -> None:
    found = named("1000 GBP", "17.5", "8")

    assert found is not None
    assert (found.rate, found.uplift) == (Decimal("17.5"), Decimal(8))
    assert any("9.5% + 8 points = 17.5%" in step for step in found.steps)


def test_an_agreement_that_we_know_keeps_its_label() -> None:
    known, unknown = named("1000 GBP", "9.5", source="Creditor custom pricing"), named("1000 GBP", "9.5")

    assert known is not None
    assert unknown is not None
    assert (known.label, unknown.label) == (PriceSource.CREDITOR, PriceSource.STANDARD)


@pytest.mark.parametrize(("rate", "uplift"), [("-1", "0"), ("100.1", "0"), ("5", "6"), ("5", "-1")])
def test_what_cannot_be_a_rate_prices_nothing(rate: str, uplift: str) -> None:
    assert named("1000 GBP", rate, uplift) is None


def test_nothing_owed_has_no_price() -> None:
    assert named("0 GBP", "9.5") is None
    assert (
        priced_by(a_claim(an_invoice("5 GBP"), an_invoice("5 EUR")), Decimal(5), Decimal(0), "", TODAY)
        is None
    )
