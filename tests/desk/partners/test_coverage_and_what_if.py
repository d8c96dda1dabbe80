"""Where the network takes cases; and that the answer to "who would get it" is what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.country import COUNTRIES, JURISDICTIONS, US_STATES
from arrears.core.debtor import DebtorType
from arrears.core.fx import ECB, usd_value
from arrears.core.money import Money
from arrears.desk.actors import NotThere, Refused
from arrears.desk.cases.open_case import open_case
from arrears.desk.models import Assignment, Case, CoverageRule, Partner, PartnerOverride
from arrears.desk.network import choose
from arrears.desk.opening import Options
from arrears.desk.partners.coverage import coverage
from arrears.desk.partners.read_scorecard import read_scorecard
from arrears.desk.partners.seed_network import seed_network
from arrears.desk.partners.what_if import what_if
from tests.desk.builders import (
    NOON,
    OPERATOR,
    a_case,
    a_handover,
    a_partner,
    an_organisation,
    creditor_of,
    partner_of,
    sign_everything,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def covering(name: str, *places: str, priority: int = 100, **changes: object) -> Partner:
    partner = a_partner(name, **changes)
    for place in places:
        CoverageRule.objects.create(partner=partner, jurisdiction=place, priority=priority)
    return partner


def test_the_demo_network_covers_every_country_and_every_state() -> None:
    seed_network(TODAY)
    found = coverage(OPERATOR)

    assert {place.jurisdiction for place in found.places} == set(JURISDICTIONS)
    assert {place.jurisdiction.split("-")[0] for place in found.places} == set(COUNTRIES)
    assert {f"US-{state}" for state in US_STATES} <= {place.jurisdiction for place in found.places}
    assert found.countries == len(COUNTRIES) >= 183
    assert found.jurisdictions == len(JURISDICTIONS)
    assert found.gaps == ()


def test_a_gap_is_where_nobody_takes_some_debtor_without_a_quote() -> None:
    covering("Both", "FR")
    covering("Quotes", "DE", exclusive=False)
    covering("Asleep", "AT", active=False)
    both = covering("Halves")
    for place, kind in (("ES", "company"), ("IT", "private"), ("NL", "company"), ("NL", "private")):
        CoverageRule.objects.create(partner=both, jurisdiction=place, debtor_type=kind)
    found = coverage(OPERATOR)
    gaps = {place.jurisdiction: place.gap for place in found.places}

    assert [gaps[code] for code in ("FR", "DE", "AT", "ES", "IT", "NL", "PT")] == [
        "",
        "everything",
        "everything",
        "private persons",
        "companies",
        "",
        "everything",
    ]
    assert (found.countries, found.jurisdictions) == (4, 4)
    assert [one.name for place in found.places if place.jurisdiction == "DE" for one in place.quotes] == [
        "Quotes"
    ]
    covering("West", "US-CA", "US-NV")
    assert (coverage(OPERATOR).countries, coverage(OPERATOR).jurisdictions) == (5, 6)


@pytest.mark.parametrize("amount", ["600", "3000", "90000"])
@pytest.mark.parametrize("kind", [DebtorType.COMPANY, DebtorType.PRIVATE])
@pytest.mark.parametrize(("country", "state"), [("ES", ""), ("US", "Nevada"), ("JP", "")])
def test_the_answer_is_what_opening_such_a_case_leads_to(
    amount: str, kind: DebtorType, country: str, state: str
) -> None:
    place = "US-NV" if state else country
    covering("First", place, priority=1, capacity=0)
    large = covering("Large")
    CoverageRule.objects.create(partner=large, jurisdiction=place, minimum_usd=Decimal(50_000), priority=2)
    people = covering("People")
    CoverageRule.objects.create(partner=people, jurisdiction=place, debtor_type="private", priority=3)
    covering("Rest", place, priority=4)
    wanted = covering("Wanted", "JP", priority=5)
    creditor = an_organisation()
    PartnerOverride.objects.create(creditor=creditor, jurisdiction="JP", partner=wanted)
    sign_everything(creditor)
    principal = Money(Decimal(amount), "EUR")

    told = what_if(
        OPERATOR,
        principal,
        kind,
        country,
        state,
        due=date(2025, 8, 1),
        creditor_id=creditor.public_id,
        today=TODAY,
    )
    debt = replace(
        a_handover(),
        debtor_type=kind,
        country=country,
        state=state,
        principal=principal,
        usd=usd_value(principal, ECB),
        due=date(2025, 8, 1),
        issued=date(2025, 7, 1),
    )
    assert told.route == choose(debt, creditor.pk)
    first = next(step for step in told.steps if step.taken)
    assert (first.partner, first.partner_name) == (told.route.partner, told.route.partner_name)

    opened = open_case(creditor, debt, Options(reference="R-1"), today=TODAY, now=NOON)
    if opened.case is None:  # the debt lacks something that only a real one has
        pytest.fail(str(opened.problems))
    assert str(opened.case.partner_id) == told.route.partner
    assert opened.case.routing_reason == told.route.reason
    assert Case.objects.count() == 1


def test_asking_writes_nothing_and_says_when_nobody_takes_it() -> None:
    told = what_if(OPERATOR, Money.parse("3000 EUR"), DebtorType.COMPANY, "ES", today=TODAY)
    assert (told.route.partner, told.price, told.steps) == (None, None, ())
    assert told.route.reason == "No partner covers Spain."
    assert not Case.objects.exists()


def test_a_question_that_makes_no_sense_is_refused() -> None:
    for amount, country, state in (("0 EUR", "ES", ""), ("5 EUR", "XX", ""), ("5 USD", "US", "Spain")):
        with pytest.raises(Refused):
            what_if(OPERATOR, Money.parse(amount), DebtorType.COMPANY, country, state, today=TODAY)
    with pytest.raises(NotThere):
        what_if(OPERATOR, Money.parse("5 EUR"), DebtorType.COMPANY, "ES", creditor_id=uuid4(), today=TODAY)


def given_to(case: Case, partner: Partner, outcome: str, days: int) -> None:
    at = datetime(2026, 8, 1, tzinfo=UTC)
    Assignment.objects.create(
        case=case, partner=partner, given_at=at, outcome=outcome, decided_at=at + timedelta(days=days)
    )


def test_a_scorecard_counts_what_the_partner_did_and_not_what_others_did_after_it() -> None:
    partner, other = a_partner("Oak"), a_partner("Elm")
    closed = {"close_code": CloseCode.PAID.value, "principal_usd": Decimal(650)}
    mine = a_case(Lifecycle.CLOSED, partner=partner, **closed)
    theirs = a_case(Lifecycle.CLOSED, partner=other, **closed)
    given_to(mine, partner, "accepted", 2)
    given_to(theirs, partner, "declined", 4)
    given_to(theirs, other, "accepted", 1)
    given_to(a_case(Lifecycle.CLOSED, partner=partner, is_test=True, **closed), partner, "accepted", 9)

    card = read_scorecard(OPERATOR, partner.public_id, today=TODAY)

    assert (card.given, card.declined, card.finished) == (2, 1, 1)
    assert card.median_answer == timedelta(days=2)
    assert card.median_days == 18  # 2 to 20 November
    assert (card.success_rate, card.collection_rate) == (Decimal(1), Decimal(0))
    assert read_scorecard(partner_of(mine), partner.public_id, today=TODAY) == card
    with pytest.raises(NotThere):
        read_scorecard(partner_of(mine), other.public_id, today=TODAY)
    with pytest.raises(Refused):
        read_scorecard(creditor_of(mine), partner.public_id, today=TODAY)
