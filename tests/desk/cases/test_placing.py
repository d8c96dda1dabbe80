"""Where a case goes that its partner has declined."""

from __future__ import annotations

import pytest

from arrears.core.case import Lifecycle
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.models import Assignment, Case, CoverageRule, Disclosure, Partner, Signature
from tests.builders import TODAY
from tests.desk.builders import NOON, partner_of
from tests.desk.cases.conftest import Opens


def decline(case: Case) -> Case:
    return decline_case(partner_of(case), case.public_id, "We act for the debtor.", now=NOON, today=TODAY)


@pytest.fixture
def second(opens: Opens) -> Partner:
    """A partner who comes after the others in the United Kingdom."""
    CoverageRule.objects.filter(jurisdiction="GB").exclude(priority=100).delete()
    partner = Partner.objects.get(country="IS")
    CoverageRule.objects.create(partner=partner, jurisdiction="GB", priority=900)
    return partner


def leave_only(case: Case, second: Partner) -> None:
    CoverageRule.objects.filter(jurisdiction="GB").exclude(partner__in=[case.partner_id, second.pk]).delete()


def test_a_declined_case_goes_to_the_next_partner(opens: Opens, second: Partner) -> None:
    case = opens()
    leave_only(case, second)
    rate, first = case.rate, case.partner
    case = decline(case)
    assert (case.lifecycle, case.partner) == (Lifecycle.PENDING_VERIFICATION, second)
    assert case.rate == rate
    outcomes = Assignment.objects.filter(case=case).order_by("pk").values_list("partner_id", "outcome")
    assert first is not None
    assert list(outcomes) == [(first.pk, "declined"), (second.pk, "waiting")]
    assert Disclosure.objects.filter(case=case, to=second.name).exists()


def test_who_has_declined_is_not_asked_again(opens: Opens, second: Partner) -> None:
    case = opens()
    leave_only(case, second)
    case = decline(decline(case))
    assert (case.lifecycle, case.partner, case.rate) == (Lifecycle.COLLECTING_QUOTES, None, None)
    assert case.quote_requests.count() == 1


def test_a_partner_without_power_of_attorney_is_passed_over(opens: Opens, second: Partner) -> None:
    case = opens()
    leave_only(case, second)
    Signature.objects.filter(partner=second).delete()
    assert decline(case).lifecycle == Lifecycle.COLLECTING_QUOTES
