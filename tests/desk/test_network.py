"""The demo's network, and noticing that it has changed."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.core.debtor import DebtorType
from arrears.core.routing import Route
from arrears.desk.models import CoverageRule, Partner, PartnerKind
from arrears.desk.network import network
from arrears.desk.seed_network import seed_network

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded(db: None) -> None:
    seed_network()


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
    assert seed_network() == 0
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
