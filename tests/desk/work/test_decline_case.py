"""Declining a case: the next partner, then the network, then the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from arrears.core.case import Lifecycle
from arrears.core.routing import Mechanism
from arrears.desk.actors import NotThere, Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.models import Assignment, Case, CoverageRule, Partner, QuoteRequest
from tests.desk.builders import NOON, OPERATOR, a_partner, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, row, told

pytestmark = pytest.mark.django_db


def covering(*names: str) -> list[Partner]:
    """Partners who take cases in Britain, in this order."""
    partners = [a_partner(name) for name in names]
    for priority, partner in enumerate(partners):
        CoverageRule.objects.create(partner=partner, jurisdiction="GB", priority=priority)
    return partners


def a_given_case(partner: Partner, **changes: Any) -> Case:
    known = {"principal_usd": Decimal(2600)} | changes
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION, partner=partner, **known)
    Assignment.objects.create(case=case, partner=partner, given_at=case.opened_at)
    return case


def test_the_next_partner_is_asked_and_the_first_is_not_again() -> None:
    first, second = covering("First Agency", "Second Agency")
    case = a_given_case(first)
    decline_case(partner_of(case), case.public_id, "Too old.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.partner) == (Lifecycle.PENDING_VERIFICATION, second)
    assert told(case)[0] == "Declined by First Agency: Too old."
    declined, waiting = Assignment.objects.filter(case=case).order_by("pk")
    assert (declined.outcome, declined.reason) == (Assignment.Outcome.DECLINED, "Too old.")
    assert (waiting.partner, waiting.outcome) == (second, Assignment.Outcome.WAITING)
    decline_case(partner_of(now), case.public_id, "Full.", now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.COLLECTING_QUOTES


def test_who_has_declined_does_not_see_the_case_any_more() -> None:
    first, _ = covering("First Agency", "Second Agency")
    case = a_given_case(first)
    partner = partner_of(case)
    decline_case(partner, case.public_id, "Too old.", now=NOON, today=TODAY)
    with pytest.raises(NotThere):
        decline_case(partner, case.public_id, "Too old.", now=NOON, today=TODAY)


def test_without_another_partner_the_network_is_asked() -> None:
    case = a_given_case(*covering("Only Agency"))
    decline_case(partner_of(case), case.public_id, "Too old.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.partner) == (Lifecycle.COLLECTING_QUOTES, None)
    assert now.mechanism == Mechanism.NETWORK
    assert QuoteRequest.objects.filter(case=case, decided_at=None).count() == 1


@pytest.mark.parametrize("by_operator", [False, True])
def test_a_case_without_a_price_is_not_accepted_but_declined_to_the_network(by_operator: bool) -> None:
    """No partner who would be next can accept it either, so none is asked."""
    first, _ = covering("First Agency", "Second Agency")
    case = a_given_case(first, rate=None, disputed=True)
    actor = OPERATOR if by_operator else partner_of(case)
    with pytest.raises(Refused, match="no rate for this debt") as refused:
        accept_case(actor, case.public_id, now=NOON, today=TODAY)
    assert "Decline it, so that the network is asked for quotes" in refused.value.action
    assert row(case).accepted_at is None
    decline_case(actor, case.public_id, "No price.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.partner, now.rate) == (Lifecycle.COLLECTING_QUOTES, None, None)
    assert [request.invited.get().name for request in now.quote_requests.all()] == ["Second Agency"]


def test_an_operator_may_decline_for_the_partner_but_the_creditor_may_not() -> None:
    case = a_given_case(*covering("Only Agency"))
    with pytest.raises(Refused):
        decline_case(creditor_of(case), case.public_id, "No.", now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.PENDING_VERIFICATION
    decline_case(OPERATOR, case.public_id, "They have rung us.", now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.COLLECTING_QUOTES


def test_a_reason_is_needed() -> None:
    case = a_given_case(*covering("Only Agency"))
    with pytest.raises(Refused, match="reason"):
        decline_case(partner_of(case), case.public_id, " \0 ", now=NOON, today=TODAY)


@pytest.mark.parametrize("state", [Lifecycle.ACTIVE, Lifecycle.COLLECTING_QUOTES, Lifecycle.CLOSED])
def test_only_a_case_that_waits_for_its_partner_is_declined(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused, match="can be declined"):
        decline_case(partner_of(case), case.public_id, "Too old.", now=NOON, today=TODAY)
    assert not Assignment.objects.exists()
