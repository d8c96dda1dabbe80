"""Vetting, suspending and activating partners, and letting their people in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from arrears.accounts.models import Membership, OrganisationKind, User
from arrears.core.case import Party
from arrears.core.vetting import VettingItem
from arrears.desk.actors import Actor, NotThere, Refused, cases_of
from arrears.desk.models import Case, Partner, VettingCheck
from arrears.desk.office.add_operator import add_operator
from arrears.desk.partners.activate_partner import activate_partner
from arrears.desk.partners.choose_partner import choose_partner
from arrears.desk.partners.give_access import give_access
from arrears.desk.partners.list_partners import PartnerState, Wanted, list_partners
from arrears.desk.partners.read_partner import read_partner
from arrears.desk.partners.suspend_partner import suspend_partner
from arrears.desk.partners.sweep_partners import sweep_partners
from arrears.desk.partners.vet_partner import vet_partner
from tests.desk.builders import NOON, OPERATOR, a_case, a_partner, an_organisation, creditor_of, partner_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
NEXT_YEAR = date(2027, 11, 22)


def vet(partner: Partner, *items: VettingItem, until: date = NEXT_YEAR, passed: bool = True) -> None:
    for item in items or tuple(VettingItem):
        vet_partner(
            OPERATOR, partner.public_id, item, passed=passed, evidence="Seen.", expires_on=until, today=TODAY
        )


def activate(partner: Partner, today: date = TODAY) -> None:
    activate_partner(OPERATOR, partner.public_id, today=today)


def is_active(partner: Partner) -> bool:
    return Partner.objects.get(pk=partner.pk).active


def test_a_partner_that_is_not_vetted_cannot_be_activated_and_each_gap_is_named() -> None:
    partner = a_partner("Oak", active=False)
    vet(partner, *[item for item in VettingItem if item is not VettingItem.INSURANCE])
    with pytest.raises(Refused, match=r"Oak is not vetted: professional indemnity insurance \(missing\)\."):
        activate(partner)
    vet(partner, VettingItem.INSURANCE, passed=False)
    with pytest.raises(Refused, match=r"\(failed\)"):
        activate(partner)
    vet(partner, VettingItem.INSURANCE)
    activate(partner)
    assert is_active(partner)
    with pytest.raises(Refused, match=r"\(expired\)"):
        activate(partner, NEXT_YEAR + timedelta(days=1))


def test_the_sweep_suspends_on_the_day_after_the_first_check_lapses() -> None:
    lapsing, sound, idle = a_partner("Lapsing"), a_partner("Sound"), a_partner("Idle", active=False)
    for partner in (lapsing, sound):
        vet(partner)
    vet(lapsing, VettingItem.LICENCE, until=date(2026, 12, 1))

    assert sweep_partners(today=date(2026, 12, 1)) == 0
    assert sweep_partners(today=date(2026, 12, 2)) == 1
    assert sweep_partners(today=date(2026, 12, 2)) == 0

    assert [is_active(one) for one in (lapsing, sound, idle)] == [False, True, False]
    why = Partner.objects.get(pk=lapsing.pk).suspended_because
    assert why == "Licence to collect or to practise: expired."


def test_a_failed_check_takes_an_active_partner_off_new_cases_at_once() -> None:
    partner = a_partner()
    vet(partner)
    vet(partner, VettingItem.OWNERS, passed=False)
    assert not is_active(partner)
    assert Partner.objects.get().suspended_because == "Failed: Owners and sanctions lists."


def test_earlier_checks_stay_on_record() -> None:
    partner = a_partner()
    vet(partner, VettingItem.OWNERS)
    vet(partner, VettingItem.OWNERS, passed=False)
    found = read_partner(OPERATOR, partner.public_id, today=TODAY)
    assert [check.passed for check in found.checks] == [False, True]
    assert {check.checked_by for check in found.checks} == {OPERATOR.name}


@pytest.mark.parametrize(
    ("evidence", "until"), [(" \0", NEXT_YEAR), ("x" * 5001, NEXT_YEAR), ("Seen.", TODAY)]
)
def test_a_check_without_evidence_or_future_is_refused(evidence: str, until: date) -> None:
    partner = a_partner()
    with pytest.raises(Refused):
        vet_partner(
            OPERATOR,
            partner.public_id,
            VettingItem.OWNERS,
            passed=True,
            evidence=evidence,
            expires_on=until,
            today=TODAY,
        )
    assert not VettingCheck.objects.exists()


def test_suspending_needs_a_reason_and_leaves_open_cases() -> None:
    case = a_case()
    assert case.partner
    with pytest.raises(Refused):
        suspend_partner(OPERATOR, case.partner.public_id, " ")
    suspend_partner(OPERATOR, case.partner.public_id, "Does not answer.")
    before = case.lifecycle
    case.refresh_from_db()
    assert not case.partner.active
    assert case.lifecycle == before
    assert read_partner(OPERATOR, case.partner.public_id, today=TODAY).open_cases == 1


def test_the_list_tells_states_apart_and_counts_open_cases() -> None:
    case = a_case()
    assert case.partner
    vet(case.partner)
    suspended, raw = a_partner("Suspended", active=False), a_partner("Raw", active=False)
    vet(suspended)
    states = {line.partner.pk: line.state for line in list_partners(OPERATOR, Wanted(), today=TODAY)}
    assert states == {
        case.partner.pk: PartnerState.ACTIVE,
        suspended.pk: PartnerState.SUSPENDED,
        raw.pk: PartnerState.NOT_VETTED,
    }
    (line,) = list_partners(OPERATOR, Wanted(state=PartnerState.ACTIVE), today=TODAY)
    assert line.open_cases == 1


def test_access_gives_a_login_that_sees_its_own_partner_and_nothing_else() -> None:
    mine, theirs = a_case(), a_case()
    assert mine.partner
    password = give_access(OPERATOR, mine.partner.public_id, " Pat@Oak.example ", now=NOON)
    assert password is not None
    user = User.objects.get(email="pat@oak.example")
    assert user.check_password(password.get_secret_value())
    member = Membership.objects.get(user=user)
    assert member.organisation.partner == mine.partner
    actor = Actor(Party.PARTNER, "Pat", partner=member.organisation.partner.pk)
    assert list(cases_of(actor)) == [mine]
    assert theirs not in cases_of(actor)
    assert not Membership.objects.filter(user=user, organisation__kind=OrganisationKind.CREDITOR).exists()

    assert give_access(OPERATOR, mine.partner.public_id, "pat@oak.example", now=NOON) is None
    assert Membership.objects.filter(user=user).count() == 1


def test_one_login_does_not_act_for_two_partners() -> None:
    first, second = a_partner(), a_partner()
    give_access(OPERATOR, first.public_id, "pat@oak.example", now=NOON)
    with pytest.raises(Refused, match="acts for another partner already"):
        give_access(OPERATOR, second.public_id, "pat@oak.example", now=NOON)
    assert Partner.objects.get(pk=second.pk).organisation is None


@pytest.mark.parametrize(
    "email", ["", "pat", "pat@", "pat@oak.example\nbcc: x@y.example", "x" * 300 + "@a.example"]
)
def test_what_is_no_address_makes_no_login(email: str) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"):
        give_access(OPERATOR, a_partner().public_id, email, now=NOON)
    with pytest.raises(Refused, match="is not an e-mail address"):
        add_operator(OPERATOR, email, now=NOON)
    assert not User.objects.exists()


@pytest.mark.parametrize("who", [creditor_of, partner_of])
def test_nobody_but_an_operator_does_any_of_this(who: Callable[[Case], Actor]) -> None:
    case = a_case()
    assert case.partner
    known, now = case.partner.public_id, NOON
    actor = who(case)
    calls: list[Callable[[], object]] = [
        lambda: activate_partner(actor, known, today=TODAY),
        lambda: suspend_partner(actor, known, "No."),
        lambda: give_access(actor, known, "pat@oak.example", now=now),
        lambda: read_partner(actor, known, today=TODAY),
        lambda: list_partners(actor, Wanted(), today=TODAY),
        lambda: add_operator(actor, "pat@oak.example", now=now),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code == "not_allowed"


def test_a_partner_that_is_not_there_is_not_found() -> None:
    for call in (
        lambda: activate_partner(OPERATOR, uuid4(), today=TODAY),
        lambda: suspend_partner(OPERATOR, "nonsense", "No."),
        lambda: read_partner(OPERATOR, uuid4(), today=TODAY),
    ):
        with pytest.raises(NotThere):
            call()


def test_a_creditor_chooses_for_itself_only() -> None:
    case, other = a_case(), an_organisation("Other")
    assert case.partner
    choose_partner(creditor_of(case), case.creditor_id, "GB", case.partner.public_id)
    with pytest.raises(Refused):
        choose_partner(creditor_of(case), other.pk, "GB", case.partner.public_id)
    with pytest.raises(Refused):
        choose_partner(OPERATOR, other.pk, "XX", case.partner.public_id)
    assert case.partner.overrides.count() == 1
    choose_partner(OPERATOR, case.creditor_id, "GB", None)
    assert case.partner.overrides.count() == 0
