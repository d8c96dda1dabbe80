"""What withdrawing a case takes and costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.case import Lifecycle, Phase
from arrears.core.exclusivity import PeriodStatus
from arrears.core.money import Money
from arrears.core.withdrawal import Facts, May, withdrawal_terms

AT_WORK = Facts(
    lifecycle=Lifecycle.ACTIVE,
    accepted=True,
    has_partner=True,
    period=PeriodStatus.ACTIVE,
    phase=Phase.PRE_LEGAL,
    by_quote=False,
    principal=Money.parse("2000.00 EUR"),
    rate=Decimal("9.5"),
    collection_fees=Money.parse("40.00 EUR"),
)
FREE = Money.zero("EUR")
OPEN = [state for state in Lifecycle if state is not Lifecycle.CLOSED]


@pytest.mark.parametrize("state", OPEN)
def test_before_acceptance_it_is_free_and_at_once(state: Lifecycle) -> None:
    terms = withdrawal_terms(replace(AT_WORK, lifecycle=state, accepted=False, period=None))
    assert terms is not None
    assert (terms.may, terms.cost) == (May.CLOSE, FREE)


def test_inside_the_period_it_costs_the_full_fee_and_the_costs() -> None:
    terms = withdrawal_terms(AT_WORK)
    assert terms is not None
    assert (terms.may, terms.cost) == (May.REQUEST, Money.parse("230.00 EUR"))
    assert "Withdrawing this case now costs EUR 230.00, before any VAT on the fee." in terms.sentences
    assert "9.5% of the outstanding principal of EUR 2,000.00" in terms.costs_note
    assert "EUR 40.00 is the partner's collection costs." in terms.costs_note


def test_without_collection_costs_none_are_told() -> None:
    terms = withdrawal_terms(replace(AT_WORK, collection_fees=FREE))
    assert terms is not None
    assert terms.cost == Money.parse("190.00 EUR")
    assert "collection costs" not in terms.costs_note


@pytest.mark.parametrize("period", [PeriodStatus.EXPIRED, PeriodStatus.TERMINATED])
def test_after_the_period_it_is_free_and_at_once(period: PeriodStatus) -> None:
    terms = withdrawal_terms(replace(AT_WORK, period=period))
    assert terms is not None
    assert (terms.may, terms.cost) == (May.CLOSE, FREE)


@pytest.mark.parametrize("phase", [Phase.LEGAL, Phase.ENFORCEMENT])
@pytest.mark.parametrize("period", [*PeriodStatus, None])
def test_in_court_it_is_as_agreed_whatever_the_period(phase: Phase, period: PeriodStatus | None) -> None:
    terms = withdrawal_terms(replace(AT_WORK, phase=phase, period=period))
    assert terms is not None
    assert (terms.may, terms.cost) == (May.REQUEST, None)


@pytest.mark.parametrize("change", [{"by_quote": True}, {"period": None}, {"rate": None}])
def test_terms_of_its_own_are_as_agreed(change: dict[str, object]) -> None:
    terms = withdrawal_terms(replace(AT_WORK, **change))  # type: ignore[arg-type]
    assert terms is not None
    assert (terms.may, terms.cost) == (May.REQUEST, None)


def test_where_nobody_can_be_asked_it_is_free() -> None:
    terms = withdrawal_terms(replace(AT_WORK, has_partner=False))
    assert terms is not None
    assert (terms.may, terms.cost) == (May.CLOSE, FREE)


def test_a_closed_case_cannot_be_withdrawn() -> None:
    assert withdrawal_terms(replace(AT_WORK, lifecycle=Lifecycle.CLOSED)) is None


@given(
    state=st.sampled_from(OPEN),
    accepted=st.booleans(),
    has_partner=st.booleans(),
    period=st.sampled_from([*PeriodStatus, None]),
    phase=st.sampled_from([*Phase, None]),
    by_quote=st.booleans(),
    rate=st.none() | st.decimals(0, 50, places=2),
    fees=st.decimals(0, 500, places=2),
)
def test_ending_at_once_is_always_free_and_money_is_owed_only_inside_a_period(
    state: Lifecycle,
    accepted: bool,
    has_partner: bool,
    period: PeriodStatus | None,
    phase: Phase | None,
    by_quote: bool,
    rate: Decimal | None,
    fees: Decimal,
) -> None:
    principal = Money.parse("2000.00 EUR")
    facts = Facts(state, accepted, has_partner, period, phase, by_quote, principal, rate, Money(fees, "EUR"))
    terms = withdrawal_terms(facts)
    assert terms is not None
    assert terms.sentences
    if terms.may is May.CLOSE:
        assert terms.cost == FREE
    if terms.cost and terms.cost.amount:
        assert accepted
        assert period is PeriodStatus.ACTIVE
        assert rate is not None
        assert terms.cost == principal.percent(rate) + Money(fees, "EUR")
