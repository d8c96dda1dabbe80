"""What an offer must say, and what it costs on equal terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.core.case import Phase
from arrears.core.money import Money, exponent
from arrears.core.quote import (
    ENDINGS,
    AgreementType,
    Assumptions,
    Offer,
    Outcome,
    Purpose,
    QuoteState,
    compare,
    expected_cost,
    price_text,
    problems_of,
    purpose_of,
)

TODAY = date(2026, 11, 22)
D = Decimal
OWED = Money.parse("10000.00 GBP")


def an_offer(agreement: AgreementType = AgreementType.FLAT, currency: str = "GBP", **changes: Any) -> Offer:
    if agreement is AgreementType.FLAT:
        changes = {"flat_fee": D(800)} | changes
    return Offer(agreement, currency, changes.pop("valid_until", TODAY), **changes)


def hourly(**changes: Any) -> Offer:
    return an_offer(AgreementType.HOURLY, **({"hourly_rate": D(150), "hours": D(10)} | changes))


def success(**changes: Any) -> Offer:
    return an_offer(AgreementType.SUCCESS, **({"success_fee": D("12.5")} | changes))


def hybrid(**changes: Any) -> Offer:
    return an_offer(AgreementType.HYBRID, **({"flat_fee": D(300), "success_fee": D(5)} | changes))


def problems(offer: Offer) -> str:
    return " ".join(problems_of(offer, "GBP", TODAY))


@pytest.mark.parametrize("offer", [an_offer(), hourly(), success(), hybrid(), an_offer(fixed_price=True)])
def test_a_complete_offer_has_no_problems(offer: Offer) -> None:
    assert problems(offer) == ""


@pytest.mark.parametrize(
    ("offer", "problem"),
    [
        (hourly(hours=None), "both a rate for one hour and the estimated hours"),
        (hourly(hourly_rate=None), "both a rate for one hour and the estimated hours"),
        (hourly(hourly_rate=None, hours=None), "needs an hourly rate"),
        (an_offer(flat_fee=None), "needs a flat fee"),
        (success(success_fee=None), "needs a success fee"),
        (hybrid(flat_fee=None), "at least two"),
        (hourly(flat_fee=D(1)), "no room for a flat fee. Offer it as “Hybrid”"),
        (success(success_fee=D("-0.1")), "success fee must be a number from 0 to 100"),
        (success(success_fee=D("100.001")), "success fee must be a number from 0 to 100"),
        (success(success_fee=D("1.0001")), "at most 3 decimal places"),
        (an_offer(flat_fee=D(-1)), "flat fee must be an amount of 0 or more"),
        (an_offer(flat_fee=D("NaN")), "flat fee must be an amount of 0 or more"),
        (an_offer(flat_fee=D("1e15")), "flat fee must be an amount of 0 or more"),
        (an_offer(flat_fee=D("1.001")), "more decimal places than the 2 of GBP"),
        (hourly(hours=D("1.005")), "at most 2 decimal places"),
        (hourly(hours=D("Infinity")), "estimated hours must be a number"),
        (an_offer(court_costs=D(-1)), "court costs must be an amount"),
        (an_offer(currency="EUR"), "The quote is in EUR, but the case in GBP."),
        (an_offer(valid_until=date(2026, 11, 21)), "was valid until 21 November 2026"),
        (success(fixed_price=True), "Only a flat fee without hourly work"),
        (hybrid(hourly_rate=D(1), hours=D(1), fixed_price=True), "Only a flat fee without hourly work"),
    ],
)
def test_what_is_wrong_with_an_offer_is_told(offer: Offer, problem: str) -> None:
    assert problem in problems(offer)


def test_an_offer_costs_its_hours_its_fees_and_the_court() -> None:
    offer = hybrid(hourly_rate=D("99.99"), hours=D("7.5"), court_costs=D(455))
    cost = expected_cost(offer, Assumptions(OWED))
    assert [(line.label, str(line.amount)) for line in cost.lines] == [
        ("7.5 hours at GBP 99.99", "749.93 GBP"),
        ("Flat fee", "300.00 GBP"),
        ("5% of GBP 10,000.00 recovered", "500.00 GBP"),
        ("Court costs", "455.00 GBP"),
    ]
    assert str(cost.total) == "2004.93 GBP"
    assert cost.assumptions == (
        "All that is left of the principal, GBP 10,000.00, is recovered.",
        "Hourly work takes as many hours as estimated.",
        "Court costs are included.",
    )


def test_other_assumptions_change_the_cost_and_are_stated() -> None:
    offer = hybrid(hourly_rate=D(100), hours=D(10), court_costs=D(455))
    cost = expected_cost(offer, Assumptions(OWED, D(40), D(150), court_costs=False))
    assert [str(line.amount) for line in cost.lines] == ["1500.00 GBP", "300.00 GBP", "200.00 GBP"]
    assert cost.assumptions == (
        "40% of the principal of GBP 10,000.00 is recovered: GBP 4,000.00.",
        "Hourly work takes 150% of the hours estimated.",
        "Court costs are left out.",
    )


def test_offers_are_compared_by_cost_with_what_is_left_and_what_is_at_risk() -> None:
    offers = {"flat": an_offer(), "hourly": hourly(court_costs=D(200)), "success": success()}
    rows = compare(offers, Assumptions(OWED))
    assert [(row.key, str(row.cost.total), str(row.net), str(row.if_nothing)) for row in rows] == [
        ("flat", "800.00 GBP", "9200.00 GBP", "800.00 GBP"),
        ("success", "1250.00 GBP", "8750.00 GBP", "0.00 GBP"),
        ("hourly", "1700.00 GBP", "8300.00 GBP", "1700.00 GBP"),
    ]


def test_offers_of_equal_cost_are_ordered_by_what_they_risk() -> None:
    offers = {"a": an_offer(flat_fee=D(1000)), "b": success(success_fee=D(10))}
    assert [row.key for row in compare(offers, Assumptions(OWED))] == ["b", "a"]


def test_a_quote_can_cost_more_than_it_brings() -> None:
    assert str(compare({"a": an_offer()}, Assumptions(OWED, D(5)))[0].net) == "-300.00 GBP"


def test_a_price_is_told_in_words() -> None:
    offer = hybrid(hourly_rate=D(150), hours=D("2.50"), court_costs=D(455), success_fee=D("5.000"))
    assert price_text(offer) == (
        "GBP 150.00 an hour for about 2.5 hours, a flat fee of GBP 300.00, 5% of what is recovered "
        "and court costs of about GBP 455.00"
    )
    assert price_text(an_offer(fixed_price=True)) == "a fixed price of GBP 800.00"


@pytest.mark.parametrize(
    ("now", "wanted", "purpose"),
    [
        (None, Phase.PRE_LEGAL, Purpose.PHASE_CHANGE),
        (Phase.PRE_LEGAL, Phase.LEGAL, Purpose.PHASE_CHANGE),
        (Phase.PRE_LEGAL, Phase.ENFORCEMENT, Purpose.PHASE_CHANGE),
        (Phase.LEGAL, Phase.LEGAL, Purpose.ADDITIONAL_SERVICE),
        (Phase.LEGAL, Phase.PRE_LEGAL, None),
    ],
)
def test_quotes_are_for_a_later_phase_or_more_of_the_present_one(
    now: Phase | None, wanted: Phase, purpose: Purpose | None
) -> None:
    assert purpose_of(now, wanted) is purpose


def test_every_outcome_ends_the_offers_that_still_stand() -> None:
    assert set(ENDINGS) == set(Outcome)
    assert all(standing in {QuoteState.REJECTED, QuoteState.EXPIRED} for _, standing in ENDINGS.values())


currencies = st.sampled_from(["GBP", "JPY", "KWD"])


def amounts(currency: str) -> st.SearchStrategy[Decimal]:
    return st.integers(0, 10**9).map(lambda units: D(units).scaleb(-exponent(currency)))


@st.composite
def offers_on_a_debt(draw: st.DrawFn) -> tuple[Offer, Money]:
    currency = draw(currencies)
    money = amounts(currency)
    maybe = st.one_of(st.none(), money)
    rate = draw(maybe)
    hours = None if rate is None else draw(st.integers(0, 10**5).map(lambda n: D(n) / 100))
    points = draw(st.one_of(st.none(), st.integers(0, 10**5).map(lambda n: D(n) / 1000)))
    offer = Offer(
        AgreementType.HYBRID,
        currency,
        TODAY,
        hourly_rate=rate,
        hours=hours,
        flat_fee=draw(maybe),
        success_fee=points,
        court_costs=draw(maybe),
    )
    return offer, Money(draw(money), currency)


points = st.integers(0, 100).map(D)


@settings(max_examples=60)
@given(offers_on_a_debt(), points, st.integers(0, 300).map(D), st.booleans())
def test_lines_add_up_and_every_one_is_payable(
    offered: tuple[Offer, Money], recovered: Decimal, hours: Decimal, court: bool
) -> None:
    offer, owed = offered
    cost = expected_cost(offer, Assumptions(owed, recovered, hours, court))
    assert sum((line.amount.amount for line in cost.lines), D(0)) == cost.total.amount
    assert all(line.amount.rounded() == line.amount for line in cost.lines)
    assert all(line.amount.amount >= 0 for line in cost.lines)
    assert cost.total.currency == owed.currency


@settings(max_examples=60)
@given(offers_on_a_debt(), points, points)
def test_recovering_more_never_makes_an_offer_cheaper_nor_leaves_less(
    offered: tuple[Offer, Money], one: Decimal, other: Decimal
) -> None:
    offer, owed = offered
    less, more = sorted((one, other))
    poor, rich = (compare({"a": offer}, Assumptions(owed, share))[0] for share in (less, more))
    assert poor.cost.total.amount <= rich.cost.total.amount
    assert poor.net.amount <= rich.net.amount
    assert poor.if_nothing == rich.if_nothing
    assert rich.if_nothing.amount <= poor.cost.total.amount


@settings(max_examples=30)
@given(offers_on_a_debt())
def test_without_a_success_fee_the_risk_is_the_whole_cost(offered: tuple[Offer, Money]) -> None:
    offer, owed = offered
    row = compare({"a": replace(offer, success_fee=None)}, Assumptions(owed))[0]
    assert row.if_nothing == row.cost.total
    assert row.net == owed.rounded() - row.cost.total
