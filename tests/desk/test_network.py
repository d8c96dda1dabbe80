"""The demo's network, noticing that it has changed, and choosing from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from pytest_django import DjangoAssertNumQueries

from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle
from arrears.core.claim import AgeBuckets
from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.core.debtor import DebtorType
from arrears.core.fx import UsdValue
from arrears.core.handover import Handover
from arrears.core.money import Money
from arrears.core.routing import Mechanism, Route
from arrears.desk.models import CoverageRule, Partner, PartnerKind, PartnerOverride
from arrears.desk.network import bidders, choose, explain, network
from arrears.desk.partners.seed_network import seed_network
from tests.builders import TODAY
from tests.desk.builders import a_case, a_partner, an_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded(db: None) -> None:
    seed_network(TODAY)


def route(jurisdiction: str, debtor_type: DebtorType = DebtorType.COMPANY, usd: int = 500) -> Route:
    return network().route(jurisdiction, debtor_type, "GBP", Decimal(usd))


@pytest.mark.parametrize("debtor_type", list(DebtorType))
@pytest.mark.parametrize("usd", [500, 1_000_000])
def test_every_jurisdiction_has_a_partner(debtor_type: DebtorType, usd: int) -> None:
    uncovered = [code for code in JURISDICTIONS if route(code, debtor_type, usd).partner is None]
    assert uncovered == []
    assert len({code[:2] for code in JURISDICTIONS}) >= 183


def test_every_partner_can_be_seen_to_be_made_up() -> None:
    partners = list(Partner.objects.all())
    assert all(partner.fictional and partner.name.endswith("(demo)") for partner in partners)
    assert {partner.kind for partner in partners} == {PartnerKind.AGENCY, PartnerKind.LAW_FIRM}
    assert {partner.country for partner in partners} == set(COUNTRIES)


def test_a_country_can_have_one_partner_for_companies_and_one_for_private_debts() -> None:
    company, private = route("DE"), route("DE", DebtorType.PRIVATE)
    assert company.partner != private.partner
    assert private.reason == "Covers Germany, private debts."


def test_large_claims_go_to_a_law_firm() -> None:
    small, large = route("US-CA", usd=74_999), route("US-CA", usd=75_000)
    assert small.partner != large.partner
    assert Partner.objects.get(pk=int(cast("str", large.partner))).kind == PartnerKind.LAW_FIRM


def test_seeding_again_adds_nothing_and_keeps_what_an_operator_changed() -> None:
    Partner.objects.filter(country="FR").update(active=False)
    CoverageRule.objects.filter(jurisdiction="IT").update(priority=7)
    rules = CoverageRule.objects.count()
    assert seed_network(TODAY) == 0
    assert CoverageRule.objects.count() == rules
    assert not Partner.objects.filter(country="FR", active=True).exists()
    assert CoverageRule.objects.filter(jurisdiction="IT", priority=7).exists()


def test_the_network_is_kept_while_nothing_changes() -> None:
    assert network() is network()


def test_a_partner_that_stops_is_noticed_at_once() -> None:
    before = route("IS")
    assert before.partner is not None
    Partner.objects.filter(pk=int(before.partner)).update(active=False)
    assert route("IS").partner is None


def test_a_changed_rule_is_noticed_at_once() -> None:
    assert route("IS").partner is not None
    CoverageRule.objects.filter(jurisdiction="IS").update(minimum_usd=10_000)
    assert route("IS").partner is None
    assert route("IS", usd=10_000).partner is not None


def test_a_removed_rule_is_noticed_at_once() -> None:
    assert route("IS").partner is not None
    CoverageRule.objects.filter(jurisdiction="IS").delete()
    assert route("IS").partner is None


def a_debt(country: str = "IS", **changes: Any) -> Handover:
    nothing = AgeBuckets(Decimal(0), Decimal(0), Decimal(0))
    debt = Handover(
        "Debtor Ltd", DebtorType.COMPANY, country, Money.parse("500 USD"), usd_value("500"), nothing
    )
    return replace(debt, **changes)


def usd_value(amount: str) -> UsdValue:
    return UsdValue(Decimal(amount), Decimal(1), "It is in US dollars.", date(2026, 11, 22))


def covering(name: str, *places: str, priority: int = 1, **changes: Any) -> Partner:
    partner = a_partner(name, **changes)
    for place in places:
        CoverageRule.objects.create(partner=partner, jurisdiction=place, priority=priority)
    return partner


def wants(creditor: Organisation, partner: Partner, place: str = "") -> None:
    PartnerOverride.objects.create(creditor=creditor, partner=partner, jurisdiction=place)


def test_the_order_is_explicit_then_the_creditors_choice_then_the_rules() -> None:
    creditor = an_organisation()
    by_rule, by_choice, asked = (
        covering("Ruler", "IS"),
        covering("Chosen", "IS", priority=900),
        covering("Asked", "IS", priority=900),
    )
    assert choose(a_debt(), creditor.pk).partner == str(by_rule.pk)
    wants(creditor, by_choice)
    chosen = choose(a_debt(), creditor.pk)
    assert (chosen.partner, chosen.mechanism) == (str(by_choice.pk), Mechanism.OVERRIDE)
    assert chosen.reason == "The creditor's choice for every country."
    explicit = choose(a_debt(), creditor.pk, explicit=asked)
    assert (explicit.partner, explicit.mechanism) == (str(asked.pk), Mechanism.EXPLICIT)


def test_somebody_elses_choice_changes_nothing() -> None:
    partner = covering("Chosen", "IS", priority=900)
    wants(an_organisation(), partner)
    assert choose(a_debt(), an_organisation("Other").pk).mechanism is Mechanism.RULE


def test_a_choice_for_the_state_beats_the_country_which_beats_everywhere() -> None:
    creditor, debt = an_organisation(), a_debt("US", state="California")
    for place in ("", "US", "US-CA"):
        partner = covering(f"For {place or 'all'}", "US-CA", priority=900)
        wants(creditor, partner, place)
        assert choose(debt, creditor.pk).partner == str(partner.pk)
    assert choose(debt, creditor.pk).reason == "The creditor's choice for California, United States."


def test_a_choice_that_cannot_take_the_case_falls_on_and_tells_why() -> None:
    creditor = an_organisation()
    wants(creditor, covering("Sleeper", "IS", active=False), "IS")
    wants(creditor, covering("Elsewhere", "FR"))
    ruler = covering("Ruler", "IS")
    found = choose(a_debt(), creditor.pk)
    assert (found.partner, found.mechanism) == (str(ruler.pk), Mechanism.RULE)
    assert found.passed_over == (
        "Sleeper, the creditor's choice for Iceland, takes no new cases at present.",
        "Elsewhere, the creditor's choice for every country, does not cover Iceland.",
    )


@pytest.mark.parametrize(
    ("changes", "places", "reason"),
    [
        ({"active": False}, ["IS"], "Asked takes no new cases at present."),
        ({}, ["FR"], "Asked does not cover Iceland."),
        ({"capacity": 0}, ["IS"], "Asked has as many open cases as it takes."),
    ],
)
def test_an_explicit_partner_that_cannot_take_the_case_is_not_replaced(
    changes: dict[str, Any], places: list[str], reason: str
) -> None:
    asked = covering("Asked", *places, **changes)
    found = choose(a_debt(), an_organisation().pk, explicit=asked)
    assert found == Route(None, "", reason, Mechanism.EXPLICIT)


def test_whoever_declined_is_not_asked_again() -> None:
    creditor = an_organisation()
    first, second = covering("A first", "IS", priority=1), covering("B second", "IS", priority=2)
    wants(creditor, first)
    found = choose(a_debt(), creditor.pk, not_these=[first.pk])
    assert found.partner == str(second.pk)
    assert "A first has declined this case." in found.passed_over
    assert choose(a_debt(), creditor.pk, explicit=first, not_these=[first.pk]).partner is None


def test_a_full_partner_is_passed_over_until_a_case_of_it_ends() -> None:
    creditor, full = an_organisation(), covering("Full", "IS", capacity=1)
    a_case(creditor=creditor, partner=full, is_test=True)
    assert choose(a_debt(), creditor.pk).partner == str(full.pk)
    case = a_case(creditor=creditor, partner=full)
    found = choose(a_debt(), creditor.pk)
    assert found.partner not in (None, str(full.pk))
    assert found.passed_over == ("Full has as many open cases as it takes.",)
    case.lifecycle = Lifecycle.CLOSED.value
    case.save()
    assert choose(a_debt(), creditor.pk).partner == str(full.pk)


def test_open_cases_are_counted_only_when_a_partner_has_a_capacity(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    creditor = an_organisation()
    network()
    with django_assert_num_queries(2):  # the stamp, the creditor's choices
        choose(a_debt(), creditor.pk)
    covering("Small", "IS", capacity=1)
    network()
    with django_assert_num_queries(3):
        choose(a_debt(), creditor.pk)


def test_without_an_exclusive_partner_the_case_goes_to_the_network() -> None:
    Partner.objects.update(exclusive=False)
    found = choose(a_debt(), an_organisation().pk)
    assert (found.partner, found.mechanism) == (None, Mechanism.NETWORK)
    assert found.reason == "Partners cover Iceland, but only for a price of their own."


def test_every_candidate_is_explained_in_the_order_of_asking() -> None:
    creditor = an_organisation()
    Partner.objects.update(active=False)
    wants(creditor, covering("Elsewhere", "FR"))
    covering("Bidder", "IS", priority=1, exclusive=False)
    covering("Full", "IS", priority=2, capacity=0)
    covering("Taker", "IS", priority=3)
    covering("Reserve", "IS", priority=4)
    told = [
        (step.partner_name, step.mechanism, step.taken, step.reason)
        for step in explain(a_debt(), creditor.pk)
    ]
    assert told == [
        (
            "Elsewhere",
            Mechanism.OVERRIDE,
            False,
            "Elsewhere, the creditor's choice for every country, does not cover Iceland.",
        ),
        ("Bidder", Mechanism.RULE, False, "Bidder is asked for quotes only."),
        ("Full", Mechanism.RULE, False, "Full has as many open cases as it takes."),
        ("Taker", Mechanism.RULE, True, "Covers Iceland."),
        ("Reserve", Mechanism.RULE, True, "Covers Iceland."),
    ]


def test_bidders_cover_the_place_or_else_are_in_the_country() -> None:
    Partner.objects.update(active=False)
    bidder, taker = covering("Bidder", "IS", exclusive=False), covering("Taker", "IS", priority=2)
    covering("Sleeper", "IS", active=False)
    neighbour = covering("Neighbour", "NO", country="IS")
    assert bidders(a_debt()) == [bidder, taker]
    CoverageRule.objects.filter(jurisdiction="IS").delete()
    assert bidders(a_debt()) == [neighbour]
