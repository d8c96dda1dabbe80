"""Golden estimates. Every expected figure is worked out by hand in the comment beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.claim import AgeBuckets, Claim
from arrears.core.handover import Handover, handover_of
from arrears.core.invoice import Invoice
from arrears.core.pricing import (
    GRIDS,
    IN_EUROPE,
    OUTSIDE_EUROPE,
    Bracket,
    Estimate,
    Grid,
    PriceSource,
    brackets,
    estimate,
    estimate_handover,
    grid_problems,
    in_force,
    strongest,
    vat_on_fee,
)
from tests.builders import RATES, TODAY, a_claim, a_debtor, an_address, an_invoice, money, some_figures


def priced(*invoices: Invoice, country: str = "GB", today: date = TODAY) -> Estimate:
    found = estimate(a_claim(*invoices, country=country), RATES, today)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("country", "owed", "rate", "fee"),
    [
        # Europe: 20% from 100, 9.5% from 1,000, 6% from 150,000.
        ("DE", "100 USD", "20", "20.00"),
        ("DE", "999.99 USD", "20", "200.00"),  # 199.998
        ("DE", "1000 USD", "9.5", "95.00"),
        ("DE", "7999.99 USD", "9.5", "760.00"),  # 759.99905
        ("DE", "8000 USD", "9.5", "760.00"),
        ("DE", "75000 USD", "9.5", "7125.00"),
        ("DE", "149999.99 USD", "9.5", "14250.00"),  # 14,249.99905
        ("DE", "150000 USD", "6", "9000.00"),
        # Rest of the world: 30% from 100, 18% from 1,000, 15% from 8,000, 10% from 75,000, 7.5% from 150,000.
        ("IN", "100 USD", "30", "30.00"),
        ("IN", "999.99 USD", "30", "300.00"),  # 299.997
        ("IN", "1000 USD", "18", "180.00"),
        ("IN", "7999.99 USD", "18", "1440.00"),  # 1,439.9982
        ("IN", "8000 USD", "15", "1200.00"),
        ("IN", "74999.99 USD", "15", "11250.00"),  # 11,249.9985
        ("IN", "75000 USD", "10", "7500.00"),
        ("IN", "149999.99 USD", "10", "15000.00"),  # 14,999.999
        ("IN", "150000 USD", "7.5", "11250.00"),
    ],
)
def test_the_bracket_prices_the_whole_principal(country: str, owed: str, rate: str, fee: str) -> None:
    found = priced(an_invoice(owed), country=country)
    assert found.rate == Decimal(rate)
    assert found.fee == money(f"{fee} USD")
    assert found.fee + found.net == found.principal == money(owed)


def test_the_bracket_is_found_in_dollars_and_the_fee_is_in_the_claims_currency() -> None:
    # GBP 1 is USD 1.25. 799.99 GBP is 999.9875 USD, rounded 999.99: 20%. 800 GBP is 1,000 USD: 9.5%.
    below, at = priced(an_invoice("799.99 GBP")), priced(an_invoice("800 GBP"))
    assert (below.rate, below.fee) == (Decimal(20), money("160.00 GBP"))  # 159.998
    assert (at.rate, at.fee) == (Decimal("9.5"), money("76.00 GBP"))


def test_yen_fees_are_whole_yen() -> None:
    # JPY 150 is USD 1. 123,457 JPY is USD 823.05: 30% outside Europe. 37,037.1 JPY is 37,037 JPY.
    found = priced(an_invoice("123457 JPY"), country="JP")
    assert found.rate == Decimal(30)
    assert str(found.fee) == "37037 JPY"
    assert str(found.net) == "86420 JPY"


def test_half_a_penny_rounds_up() -> None:
    # 9.5% of 1,000.10 GBP is 95.0095; 9.5% of 1,000.30 is 95.0285; 20% of 100.03 is 20.006;
    # 9.5% of 1,001.00 is 95.095 exactly, half a penny.
    assert priced(an_invoice("1001 GBP")).fee == money("95.10 GBP")
    assert priced(an_invoice("1000.10 GBP")).fee == money("95.01 GBP")


@pytest.mark.parametrize(
    ("due", "uplift"),
    [
        (date(2025, 11, 23), "0"),  # 11 months and 30 days
        (date(2025, 11, 22), "0"),  # exactly 12 months
        (date(2025, 11, 21), "8"),  # 12 months and 1 day
        (date(2024, 11, 22), "8"),  # exactly 24 months
        (date(2024, 11, 21), "15"),  # 24 months and 1 day
    ],
)
def test_age_is_counted_in_whole_calendar_months(due: date, uplift: str) -> None:
    found = priced(an_invoice("1000 GBP", due=due))
    assert found.uplift == Decimal(uplift)
    assert found.rate == Decimal("9.5") + Decimal(uplift)


def test_the_uplift_of_several_invoices_is_weighted_by_amount() -> None:
    # 50,000: 20,000 young, 15,000 over 12 months, 15,000 over 24 months.
    # (15,000 x 8 + 15,000 x 15) / 50,000 = 345,000 / 50,000 = 6.9 points. GBP 50,000 is USD 62,500: 9.5%.
    # 16.4% of 50,000 is 8,200.
    found = priced(
        an_invoice("20000 GBP", due=date(2026, 8, 1)),
        an_invoice("15000 GBP", due=date(2025, 6, 1)),
        an_invoice("15000 GBP", due=date(2024, 6, 1)),
    )
    assert found.uplift == Decimal("6.9")
    assert found.rate == Decimal("16.4")
    assert found.fee == money("8200.00 GBP")
    assert found.net == money("41800.00 GBP")
    assert "Weighted by amount, that is 6.9 points on the whole." in found.steps


def test_a_bundle_is_priced_by_its_sum() -> None:
    # Two of 500 GBP: 1,250 USD together, so 9.5% of 1,000 and not 20% twice.
    found = priced(an_invoice("500 GBP"), an_invoice("500 GBP"))
    assert (found.rate, found.fee) == (Decimal("9.5"), money("95.00 GBP"))


def test_an_endless_fraction_is_cut_where_the_shown_rate_still_gives_the_fee() -> None:
    # 1,000 of 3,000 over 12 months: 8/3 = 2.6667 points. 12.1667% of 3,000 is 365.001.
    found = priced(an_invoice("2000 GBP"), an_invoice("1000 GBP", due=date(2025, 6, 1)))
    assert found.rate == Decimal("12.1667")
    assert found.fee == money("365.00 GBP")


def test_the_books_own_rate_comes_before_the_market_rate() -> None:
    # 1,000 EUR is USD 1,000 at the market (9.5%), but at the booked 1.3 it is GBP 769.23, USD 961.54: 20%.
    found = priced(an_invoice(figures=some_figures("1000 EUR", rate="1.3")))
    assert found.rate == Decimal(20)
    assert "1.3 EUR for 1 GBP" in found.steps[0]


def test_every_step_of_the_figure_is_told() -> None:
    found = priced(an_invoice("2000 GBP", due=date(2025, 6, 1)), country="FR")
    # GBP 2,000 is USD 2,500. 9.5 + 8 = 17.5%, of 2,000 is 350.
    assert found.steps == (
        "The amount outstanding of GBP 2,000.00 is worth USD 2,500. Test rates of 20 November 2026.",
        (
            "Standard price list of 25 March 2026: 9.5% on claims from USD 1,000 to below USD 150,000 "
            "against debtors in Europe (France)."
        ),
        "GBP 2,000.00 of it fell due more than 12 months ago: 8 points more.",
        (
            "9.5% + 8 points = 17.5% of GBP 2,000.00 is a fee of GBP 350.00, "
            "owed only on what is recovered. No recovery, no fee."
        ),
        "VAT on the fee is added where the law asks for it, at the rate of the partner's country.",
    )
    assert found.source == "Standard price list of 25 March 2026"
    assert found.as_of == date(2026, 3, 25)


def test_a_young_claim_says_that_nothing_is_added_for_age() -> None:
    found = priced(an_invoice("150000 USD"), country="US")
    assert found.steps[0] == "The amount outstanding is USD 150,000.00."
    assert "on claims of USD 150,000 or more against debtors outside Europe (United States)" in found.steps[1]
    assert found.steps[2] == "Nothing in it fell due more than 12 months ago: no points for age."
    assert found.steps[3].startswith("7.5% of USD 150,000.00 is a fee of USD 11,250.00")


@pytest.mark.parametrize(
    "claim",
    [
        a_claim(an_invoice(figures=some_figures(due="1"))),
        a_claim(an_invoice("500 XAF")),
        a_claim(an_invoice("500 GBP"), an_invoice("500 EUR")),
        a_claim(an_invoice("99.99 USD")),
        a_claim(an_invoice("0 GBP")),
        a_claim(an_invoice("-500 GBP")),
    ],
    ids=["amount in doubt", "no rate", "two currencies", "below the lowest bracket", "nothing", "negative"],
)
def test_there_is_no_estimate_where_there_is_no_rate(claim: Claim) -> None:
    assert estimate(claim, RATES, TODAY) is None


def test_there_is_no_estimate_without_a_country() -> None:
    nowhere = a_debtor(address=an_address(country=""))
    assert estimate(a_claim(an_invoice("1000 GBP"), debtor=nowhere), RATES, TODAY) is None


def test_there_is_no_estimate_before_the_first_price_list() -> None:
    claim = a_claim(an_invoice("1000 GBP"))
    assert estimate(claim, RATES, date(2026, 3, 24)) is None
    assert estimate(claim, RATES, date(2026, 3, 25)) is not None


@given(st.decimals(min_value=100, max_value=10**7, places=2), st.sampled_from(["GB", "US", "JP", "CH"]))
def test_the_rate_stays_within_the_published_span(amount: Decimal, country: str) -> None:
    found = priced(an_invoice(f"{amount} USD"), country=country)
    low, high = (6, 20) if country in ("GB", "CH") else (Decimal("7.5"), 30)
    assert low <= found.rate <= high
    assert found.fee == found.principal.percent(found.rate)


# --- Price lists of one's own -------------------------------------------------------------------


def a_grid(points: str = "9.5", since: date = date(2026, 1, 1), from_usd: str = "0", **ages: Any) -> Grid:
    """A price list with one bracket everywhere, and nothing for age unless told so."""
    rows = [(Decimal(from_usd), Decimal(points))]
    uplifts = {"over_12_months": "0", "over_24_months": "0"} | ages
    return Grid(
        source=f"Test list of {points}%",
        since=since,
        europe=brackets(IN_EUROPE, rows),
        world=brackets(OUTSIDE_EUROPE, rows),
        **{name: Decimal(value) for name, value in uplifts.items()},
    )


def a_handover(owed: str = "1000 USD", **changes: Any) -> Handover:
    found = handover_of(a_claim(an_invoice(owed)), RATES, TODAY)
    assert found is not None
    return replace(found, **changes)


def by(grid: Grid, handover: Handover) -> Estimate:
    found = estimate_handover(handover, grid, TODAY)
    assert found is not None
    return found


def test_a_claim_and_its_handover_cost_the_same() -> None:
    claim = a_claim(an_invoice("2000 GBP", due=date(2025, 6, 1)), an_invoice("100 GBP"))
    handover = handover_of(claim, RATES, TODAY)
    assert handover is not None
    assert estimate(claim, RATES, TODAY) == by(GRIDS[0], handover)


def test_a_list_may_add_points_from_six_months_on() -> None:
    # 1,000: 400 over 6 months (of which 100 over 12), so 300 x 2 + 100 x 8 = 1,400 / 1,000 = 1.4 points.
    aged = AgeBuckets(Decimal(400), Decimal(100), Decimal(0))
    found = by(
        a_grid("10", over_6_months="2", over_12_months="8", over_24_months="15"), a_handover(aged=aged)
    )
    assert (found.uplift, found.rate, found.fee) == (Decimal("1.4"), Decimal("11.4"), money("114.00 USD"))
    assert found.steps[2:5] == (
        "USD 300.00 of it fell due more than 6 months ago: 2 points more.",
        "USD 100.00 of it fell due more than 12 months ago: 8 points more.",
        "Weighted by amount, that is 1.4 points on the whole.",
    )


def test_a_stated_higher_age_needs_no_lower_one() -> None:
    # 1,000, all over 12 months, with nothing stated for 6 months: 8 points on the whole.
    aged = AgeBuckets(Decimal(0), Decimal(1000), Decimal(0))
    found = by(
        a_grid("10", over_6_months="2", over_12_months="8", over_24_months="15"), a_handover(aged=aged)
    )
    assert found.uplift == Decimal(8)


@pytest.mark.parametrize(
    ("ages", "sentence"),
    [
        ({}, "This price list adds no points for age."),
        (
            {"over_6_months": "2", "over_12_months": "8", "over_24_months": "15"},
            "Nothing in it fell due more than 6 months ago: no points for age.",
        ),
    ],
)
def test_nothing_for_age_says_what_the_list_has(ages: dict[str, Any], sentence: str) -> None:
    assert sentence in by(a_grid(**ages), a_handover()).steps


@pytest.mark.parametrize(
    "special", [{"disputed": True}, {"complex_claim": True}, {"usd": None}, {"country": ""}]
)
def test_no_price_list_covers_what_is_special_or_not_known(special: dict[str, Any]) -> None:
    assert estimate_handover(a_handover(**special), a_grid(), TODAY) is None


def test_a_list_prices_nothing_before_its_first_day() -> None:
    grid = a_grid(since=TODAY)
    assert estimate_handover(a_handover(), grid, TODAY) is not None
    assert estimate_handover(a_handover(), grid, date(2026, 11, 21)) is None


def test_the_strongest_agreement_prices_whatever_the_others_say() -> None:
    candidates = {source: [a_grid(str(10 + place))] for place, source in enumerate(PriceSource)}
    left = list(PriceSource)
    while left:
        found = strongest(a_handover(), {source: candidates[source] for source in reversed(left)}, TODAY)
        assert found is not None
        assert found.label is left[0]
        assert found.rate == candidates[left[0]][0].europe[0].points
        left.pop(0)
    assert strongest(a_handover(), {}, TODAY) is None


def test_the_order_of_strength_is_the_one_that_is_promised() -> None:
    assert [source.name for source in PriceSource] == [
        "QUOTE",
        "CREDITOR",
        "PARTNER",
        "JURISDICTION",
        "STANDARD",
    ]


def test_a_list_that_does_not_reach_down_leaves_the_claim_to_the_next() -> None:
    candidates = {
        PriceSource.CREDITOR: [a_grid("5", from_usd="5000")],
        PriceSource.STANDARD: [a_grid("20")],
    }
    small, large = (strongest(a_handover(owed), candidates, TODAY) for owed in ("4999.99 USD", "5000 USD"))
    assert small is not None
    assert large is not None
    assert (small.rate, small.label) == (Decimal(20), PriceSource.STANDARD)
    assert (large.rate, large.label) == (Decimal(5), PriceSource.CREDITOR)


def test_of_one_scope_the_latest_list_that_has_begun_is_in_force() -> None:
    old, new, future = a_grid("1"), a_grid("2", since=TODAY), a_grid("3", since=date(2026, 11, 23))
    assert in_force([new, future, old], TODAY) is new
    assert in_force([future, old], TODAY) is old
    assert in_force([future], TODAY) is None


def problems(grid: Grid, *, standard: bool = False) -> list[tuple[str, str, int]]:
    return [(found.column, found.zone, found.position) for found in grid_problems(grid, standard=standard)]


def edges(*rows: tuple[str, str]) -> tuple[Bracket, ...]:
    return brackets(IN_EUROPE, [(Decimal(edge), Decimal(points)) for edge, points in rows])


def test_the_published_lists_are_sound() -> None:
    assert [problems(grid, standard=True) for grid in GRIDS] == [[]] * len(GRIDS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"europe": edges(("100", "5"), ("100", "4"))}, ("from_usd", "europe", 1)),
        ({"world": edges(("100", "5"), ("200", "4"), ("150", "3"))}, ("from_usd", "world", 2)),
        ({"europe": edges(("-1", "5"))}, ("from_usd", "europe", 0)),
        ({"europe": edges(("100.005", "5"))}, ("from_usd", "europe", 0)),
        ({"europe": edges(("NaN", "5"))}, ("from_usd", "europe", 0)),
        ({"europe": edges(("100", "100.001"))}, ("points", "europe", 0)),
        ({"europe": edges(("100", "-0.001"))}, ("points", "europe", 0)),
        ({"europe": edges(("100", "5.0005"))}, ("points", "europe", 0)),
        ({"europe": (), "world": ()}, ("zone", "", 0)),
        ({"over_12_months": Decimal(101)}, ("over_12_months", "", 0)),
        ({"over_12_months": Decimal(8)}, ("over_24_months", "", 0)),  # 8, then nothing: older costs less
        ({"over_24_months": Decimal("90.501")}, ("over_24_months", "", 0)),  # 9.5 + 90.501 is over 100
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(
    changes: dict[str, Any], expected: tuple[str, str, int]
) -> None:
    assert problems(replace(a_grid(), **changes)) == [expected]


def test_the_standard_list_has_a_price_for_everybody() -> None:
    grid = a_grid(from_usd="100")
    assert problems(grid, standard=True) == []
    assert problems(replace(grid, world=()), standard=True) == [("zone", "", 0)]
    assert problems(replace(grid, europe=edges(("100.01", "5"))), standard=True) == [
        ("from_usd", "europe", 0)
    ]
    assert problems(replace(grid, world=(), europe=edges(("5000", "5")))) == []


@pytest.mark.parametrize(
    ("creditor", "partner", "registered", "rate", "words"),
    [
        ("GB", "GB", Decimal(20), Decimal(20), "VAT at 20%, the rate in United Kingdom."),
        ("GB", "DE", Decimal(19), Decimal(0), "reverse charge"),
        ("DE", "DE", None, Decimal(0), "not registered"),
        ("GB", "DE", None, Decimal(0), "not registered"),
    ],
)
def test_vat_follows_the_two_countries(
    creditor: str, partner: str, registered: Decimal | None, rate: Decimal, words: str
) -> None:
    found, sentence = vat_on_fee(creditor, partner, registered)
    assert found == rate
    assert words in sentence
