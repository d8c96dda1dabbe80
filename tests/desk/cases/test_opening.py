"""Opening a case: what stands in its way, and where it begins."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle
from arrears.core.claim import AgeBuckets
from arrears.core.routing import Mechanism
from arrears.desk.cases.open_case import open_case
from arrears.desk.cases.preview_case import preview_case
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import (
    Assignment,
    Case,
    CoverageRule,
    Delivery,
    Disclosure,
    Division,
    Partner,
    Signature,
    SigningRequest,
    Task,
    Webhook,
)
from arrears.desk.opening import ObstacleCode, Options
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import Answer
from tests.builders import TODAY
from tests.desk.builders import NOON, a_handover, an_organisation
from tests.desk.cases.conftest import Opens, ask

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def unsigned(db: None) -> Organisation:
    """A creditor who has signed nothing."""
    seed_network(TODAY)
    seed_agreements()
    return an_organisation("Newcomer Ltd")


def codes(creditor: Organisation, **options: Any) -> list[ObstacleCode]:
    return [problem.code for problem in ask(creditor, **options).problems]


# --- Where a case begins -----------------------------------------------------------------------------------


def test_a_signed_and_sound_case_is_given_to_its_partner_at_once(opens: Opens) -> None:
    case = opens()
    partner = case.partner
    assert partner is not None
    assert (case.lifecycle, case.check_after) == (Lifecycle.PENDING_VERIFICATION, None)
    assert Assignment.objects.get(case=case).partner == partner
    assert Disclosure.objects.get(case=case).to == partner.name
    assert Task.objects.get(case=case).kind == "VerifyCase"


def test_what_decides_is_frozen_with_the_case(opens: Opens) -> None:
    aged = AgeBuckets(Decimal(400), Decimal(300), Decimal(200))
    case = opens(a_handover("2000 GBP", "2600", aged=aged, description="Bolts."))
    case.refresh_from_db()
    assert (case.principal_usd, case.mechanism) == (Decimal(2600), Mechanism.RULE)
    assert (case.over_6_months, case.over_12_months, case.over_24_months) == (400, 300, 200)
    assert (case.price_source, case.price_name) == (
        "Standard agreement",
        "Standard price list of 25 March 2026",
    )
    assert case.uplift == Decimal("1.9")  # (100 × 8 + 200 × 15) / 2000


def test_subscribers_are_told_of_a_new_case_first(creditor: Organisation, opens: Opens) -> None:
    Webhook.objects.create(
        organisation=creditor,
        url="https://x.example",
        events=["case.created", "case.updated"],
        created_at=NOON,
        updated_at=NOON,
    )
    opens()
    assert list(Delivery.objects.order_by("pk").values_list("event", flat=True)) == [
        "case.created",
        "case.updated",
    ]


def test_a_case_that_nobody_takes_goes_to_the_network(opens: Opens) -> None:
    CoverageRule.objects.filter(jurisdiction="GB").delete()
    case = opens()
    assert (case.lifecycle, case.partner) == (Lifecycle.COLLECTING_QUOTES, None)
    assert case.quote_requests.get().scenario == "Network"
    assert not Disclosure.objects.exists()


def test_without_a_reference_every_request_opens_a_case(opens: Opens) -> None:
    assert opens().pk != opens().pk


def test_skipping_the_check_lets_pass_what_it_would_find(opens: Opens) -> None:
    handover = a_handover(street="")
    assert opens(handover).lifecycle == Lifecycle.PENDING_CHECK
    assert opens(handover, skip_check=True).lifecycle == Lifecycle.PENDING_VERIFICATION


def test_a_test_case_is_priced_and_checked_but_given_to_nobody(opens: Opens) -> None:
    case = opens(is_test=True)
    assert (case.lifecycle, case.partner) == (Lifecycle.PENDING_VERIFICATION, None)
    assert case.rate is not None
    CoverageRule.objects.filter(jurisdiction="GB").delete()
    assert opens(is_test=True).lifecycle == Lifecycle.PENDING_VERIFICATION
    assert opens(a_handover(street=""), is_test=True).lifecycle == Lifecycle.PENDING_CHECK
    assert not Assignment.objects.exists()
    assert not Disclosure.objects.exists()
    assert not Task.objects.exists()


# --- Signatures --------------------------------------------------------------------------------------------


def test_without_signatures_nothing_is_opened_and_the_way_to_sign_is_told(unsigned: Organisation) -> None:
    opening = ask(unsigned, reference="AR-1")
    assert opening.answer is Answer.MUST_ACT
    assert [problem.code for problem in opening.problems] == [
        ObstacleCode.MISSING_CONTRACT,
        ObstacleCode.MISSING_POWER_OF_ATTORNEY,
    ]
    assert {problem.solution_url.count("/sign/") for problem in opening.problems} == {1}
    assert not Case.objects.exists()


def test_a_case_may_wait_for_signatures_and_is_seen_by_nobody_meanwhile(unsigned: Organisation) -> None:
    case = ask(unsigned, allow_pending=True).case
    assert case is not None
    assert case.lifecycle == Lifecycle.PENDING_SIGNING
    assert case.partner is not None
    assert not Disclosure.objects.exists()
    assert not Assignment.objects.exists()
    assert not SigningRequest.objects.exists()


def test_a_signature_that_was_taken_back_is_missing(creditor: Organisation) -> None:
    Signature.objects.filter(partner=None).update(invalidated_at=NOON, invalidated_because="AdminInvalidated")
    assert codes(creditor) == [ObstacleCode.MISSING_CONTRACT]


def test_a_preview_foretells_what_is_missing_and_writes_nothing(unsigned: Organisation) -> None:
    assessment = preview_case(unsigned, a_handover(), today=TODAY)
    assert [one.code for one in assessment.obstacles] == codes(unsigned)
    assert assessment.price is not None
    SigningRequest.objects.all().delete()
    preview_case(unsigned, a_handover(), today=TODAY)
    assert not SigningRequest.objects.exists()


# --- What stands in the way --------------------------------------------------------------------------------


def test_a_blocked_creditor_opens_nothing(creditor: Organisation) -> None:
    creditor.blocked_because = "The business review is not answered"
    opening = ask(creditor, allow_pending=True)
    assert (opening.answer, codes(creditor)) == (Answer.MUST_ACT, [ObstacleCode.BLOCKED])
    assert "business review" in opening.problems[0].message


def test_a_partner_can_be_required(creditor: Organisation) -> None:
    assert codes(creditor, require_partner=True) == []
    CoverageRule.objects.filter(jurisdiction="GB").delete()
    opening = ask(creditor, require_partner=True)
    assert opening.answer is Answer.MUST_ACT
    assert [problem.code for problem in opening.problems] == [ObstacleCode.NO_PARTNER]


def test_a_taken_reference_is_a_duplicate_even_for_who_must_act(creditor: Organisation, opens: Opens) -> None:
    case = opens(reference="AR-1")
    creditor.blocked_because = "Unpaid bills"
    opening = ask(creditor, reference="AR-1")
    assert (opening.answer, opening.case) == (Answer.DUPLICATE, case)
    assert [problem.code for problem in opening.problems] == [ObstacleCode.DUPLICATE]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"debtor_name": ""}, "debtor_name"),
        ({"country": ""}, "country"),
        ({"country": "ZZ"}, "country"),
        ({"country": "US", "state": ""}, "state"),
        ({"amount": "0 GBP"}, "principal"),
        ({"amount": "1.001 GBP"}, "principal"),
        ({"amount": "1e15 GBP"}, "principal"),
        ({"amount": "5 ABC"}, "currency"),
        ({"issued": TOMORROW, "due": None}, "issued"),
        ({"due": TOMORROW}, "due"),
        ({"issued": TODAY, "due": TODAY - timedelta(days=1)}, "due"),
        ({"description": "x" * 4001}, "description"),
        ({"comments": "x" * 4001}, "comments"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    creditor: Organisation, changes: dict[str, Any], field: str
) -> None:
    usd = None if changes.get("amount") else "650"
    opening = ask(creditor, a_handover(usd=usd, **changes))
    assert opening.answer is Answer.REFUSED
    assert [problem.field for problem in opening.problems] == [field]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"reference": "x" * 51}, "reference"),
        ({"key": "a\0b"}, "key"),
        ({"tag": "x" * 101}, "tag"),
        ({"division": uuid4()}, "division"),
        ({"assigned_email": "nobody@acme.example"}, "assigned_email"),
        ({"explicit_partner": uuid4()}, "explicit_partner"),
    ],
)
def test_an_option_that_cannot_be_is_refused_by_field(
    creditor: Organisation, options: dict[str, Any], field: str
) -> None:
    opening = ask(creditor, **options)
    assert (opening.answer, [problem.field for problem in opening.problems]) == (Answer.REFUSED, [field])


def test_another_creditors_division_is_not_there(creditor: Organisation) -> None:
    theirs = Division.objects.create(
        creditor=an_organisation("Other"), name="North", city="Oslo", country="NO", created_at=NOON
    )
    assert ask(creditor, division=theirs.public_id).answer is Answer.REFUSED


def test_the_partner_asked_for_gets_the_case_if_it_covers_the_place(
    creditor: Organisation, opens: Opens
) -> None:
    by_rule = opens().partner
    assert by_rule is not None
    other = CoverageRule.objects.filter(jurisdiction="GB").exclude(partner=by_rule).first()
    wished = other.partner if other else _second_partner("GB")
    case = opens(explicit_partner=wished.public_id)
    assert (case.partner, case.mechanism) == (wished, Mechanism.EXPLICIT)
    stranger = Partner.objects.get(country="IS")
    assert _refusal(creditor, stranger.public_id) == "explicit_partner"
    Partner.objects.filter(pk=wished.pk).update(active=False)
    assert _refusal(creditor, wished.public_id) == "explicit_partner"


def _refusal(creditor: Organisation, partner: UUID) -> str:
    opening = open_case(creditor, a_handover(), Options(explicit_partner=partner), today=TODAY, now=NOON)
    assert opening.answer is Answer.REFUSED
    return opening.problems[0].field


def _second_partner(country: str) -> Partner:
    partner = Partner.objects.filter(country="FR").first()
    assert partner is not None
    CoverageRule.objects.create(partner=partner, jurisdiction=country, priority=500)
    return partner
