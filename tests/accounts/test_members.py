"""Members: roles change and people go, but somebody is always left to run the organisation."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from arrears.accounts.audit import Action
from arrears.accounts.change_settings import change_details, set_approval_limit
from arrears.accounts.invitations import find, invite
from arrears.accounts.members import change_role, members_of, remove_member
from arrears.accounts.models import AuditEntry, Membership, Organisation, SavedView
from arrears.core.access import Role
from arrears.ports import NeedsAttention
from tests.accounts.people import NOON, a_firm, a_member


@pytest.fixture
def firm(db: None) -> Organisation:
    return a_firm()


def role_of(member: Membership) -> str:
    return Membership.objects.get(pk=member.pk).role


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_any_can_be_given(self, firm: Organisation, role: Role) -> None:
        a_member(firm, "olive@pennine.example")
        fred = a_member(firm, "fred@pennine.example", Role.FINANCE)

        change_role(firm.pk, fred.pk, role, NOON)

        assert role_of(fred) == role.value
        assert AuditEntry.objects.count() == (role is not Role.FINANCE)

    def test_a_change_is_in_the_trail(self, firm: Organisation) -> None:
        a_member(firm, "olive@pennine.example")
        change_role(firm.pk, a_member(firm, "fred@pennine.example", Role.VIEWER).pk, Role.OWNER, NOON)

        entry = last_entry()
        assert entry.action == Action.ROLE_CHANGED
        assert entry.text == "fred@pennine.example is owner now, and was viewer."

    def test_the_last_owner_stays_owner(self, firm: Organisation) -> None:
        olive = a_member(firm, "olive@pennine.example")
        a_member(firm, "fred@pennine.example", Role.FINANCE)

        with pytest.raises(NeedsAttention, match="is the only owner of") as refused:
            change_role(firm.pk, olive.pk, Role.VIEWER, NOON)

        assert (refused.value.code, role_of(olive)) == ("last_owner", "owner")
        assert refused.value.action == "Make somebody else an owner first."

    def test_an_owner_who_cannot_sign_in_does_not_count(self, firm: Organisation) -> None:
        olive, oscar = a_member(firm, "olive@pennine.example"), a_member(firm, "oscar@pennine.example")
        oscar.user.is_active = False
        oscar.user.save()

        with pytest.raises(NeedsAttention) as refused:
            remove_member(firm.pk, olive.pk, NOON)
        assert refused.value.code == "last_owner"

    def test_of_two_owners_one_can_be_demoted(self, firm: Organisation) -> None:
        olive, oscar = a_member(firm, "olive@pennine.example"), a_member(firm, "oscar@pennine.example")
        change_role(firm.pk, olive.pk, Role.VIEWER, NOON)

        assert role_of(olive) == "viewer"
        with pytest.raises(NeedsAttention):
            change_role(firm.pk, oscar.pk, Role.VIEWER, NOON)

    def test_of_another_organisation_are_out_of_reach(self, firm: Organisation) -> None:
        a_member(firm, "olive@pennine.example")
        elsewhere = a_firm("Elsewhere")
        a_member(elsewhere, "owner@elsewhere.example")
        theirs = a_member(elsewhere, "second@elsewhere.example", Role.VIEWER)

        acts: list[Callable[[], Membership]] = [
            lambda: change_role(firm.pk, theirs.pk, Role.OWNER, NOON),
            lambda: remove_member(firm.pk, theirs.pk, NOON),
        ]
        for act in acts:
            with pytest.raises(NeedsAttention) as refused:
                act()
            assert refused.value.code == "gone"
        assert role_of(theirs) == "viewer"


class TestRemoving:
    def test_lets_somebody_go_and_leaves_their_account(self, firm: Organisation) -> None:
        a_member(firm, "olive@pennine.example")
        fred = a_member(firm, "fred@pennine.example", Role.FINANCE)
        mine = a_member(a_firm("Elsewhere"), "fred@pennine.example")
        for organisation in (firm, mine.organisation):
            SavedView.objects.create(
                organisation=organisation, user=fred.user, page="cases", name="Mine", query="a=b"
            )

        remove_member(firm.pk, fred.pk, NOON)

        assert [one.user.email for one in members_of(firm.pk)] == ["olive@pennine.example"]
        assert Membership.objects.filter(pk=mine.pk).exists()
        assert [view.organisation for view in SavedView.objects.all()] == [mine.organisation]
        assert last_entry().action == Action.MEMBER_REMOVED
        assert "fred@pennine.example" in last_entry().text

    def test_the_last_owner_cannot_go(self, firm: Organisation) -> None:
        olive = a_member(firm, "olive@pennine.example")
        a_member(firm, "anna@pennine.example", Role.APPROVER)
        with pytest.raises(NeedsAttention) as refused:
            remove_member(firm.pk, olive.pk, NOON)
        assert refused.value.code == "last_owner"


class TestTheApprovalLimit:
    def test_needs_two_who_may_approve(self, firm: Organisation) -> None:
        a_member(firm, "olive@pennine.example")
        a_member(firm, "fred@pennine.example", Role.FINANCE)
        a_member(firm, "vera@pennine.example", Role.VIEWER)

        with pytest.raises(NeedsAttention, match="two people who may approve") as refused:
            set_approval_limit(firm.pk, Decimal(5000), "GBP", NOON)
        assert refused.value.code == "approvers"

        a_member(firm, "anna@pennine.example", Role.APPROVER)
        set_approval_limit(firm.pk, Decimal("5000.005"), "EUR", NOON)
        firm.refresh_from_db()
        assert (firm.approval_limit, firm.limit_currency) == (Decimal("5000.01"), "EUR")
        assert last_entry().text == "Imports of more than EUR 5,000.01 need approval."

    def test_can_be_cleared_by_an_owner_alone(self, firm: Organisation) -> None:
        a_member(firm, "olive@pennine.example")
        Organisation.objects.update(approval_limit=Decimal(100))

        set_approval_limit(firm.pk, None, "GBP", NOON)

        firm.refresh_from_db()
        assert firm.approval_limit is None
        assert last_entry().text == "Imports of any size need no approval."

    @pytest.mark.parametrize(
        ("limit", "currency", "code"),
        [("0", "GBP", "amount"), ("-5", "GBP", "amount"), ("5", "XXX", "currency")],
    )
    def test_has_to_make_sense(self, firm: Organisation, limit: str, currency: str, code: str) -> None:
        a_member(firm, "olive@pennine.example")
        a_member(firm, "anna@pennine.example", Role.APPROVER)
        with pytest.raises(NeedsAttention) as refused:
            set_approval_limit(firm.pk, Decimal(limit), currency, NOON)
        assert refused.value.code == code

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.VIEWER])
    def test_keeps_its_last_two_approvers(self, firm: Organisation, role: Role) -> None:
        a_member(firm, "olive@pennine.example")
        anna = a_member(firm, "anna@pennine.example", Role.APPROVER)
        set_approval_limit(firm.pk, Decimal(5000), "GBP", NOON)

        acts: list[Callable[[], Membership]] = [
            lambda: change_role(firm.pk, anna.pk, role, NOON),
            lambda: remove_member(firm.pk, anna.pk, NOON),
        ]
        for act in acts:
            with pytest.raises(NeedsAttention, match="one of the last two") as refused:
                act()
            assert refused.value.code == "last_approvers"
        change_role(firm.pk, anna.pk, Role.OWNER, NOON)
        set_approval_limit(firm.pk, None, "GBP", NOON)
        remove_member(firm.pk, anna.pk, NOON)

    def test_that_stays_as_it_is_is_not_noted(self, firm: Organisation) -> None:
        set_approval_limit(firm.pk, None, "GBP", NOON)
        change_details(firm.pk, {"name": firm.name, "city": ""}, NOON)
        assert not AuditEntry.objects.exists()


def test_a_change_of_details_names_what_changed(firm: Organisation) -> None:
    change_details(firm.pk, {"name": "Pennine Bolts", "city": "Leeds", "zip": ""}, NOON)

    firm.refresh_from_db()
    assert (firm.name, firm.city) == ("Pennine Bolts", "Leeds")
    assert last_entry().action == Action.SETTINGS_CHANGED
    assert last_entry().text == "Changed the organisation's name and town."


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_the_links_of_somebody_who_loses_the_right_to_invite_let_nobody_in(how: str) -> None:
    firm = a_firm()
    a_member(firm, "owner@pennine.example")
    leaving = a_member(firm, "leaving@pennine.example")
    issued = invite(firm.pk, "second.mailbox@example.com", Role.OWNER, leaving.user, NOON)

    if how == "removed":
        remove_member(firm.pk, leaving.pk, NOON)
    else:
        change_role(firm.pk, leaving.pk, Role.VIEWER, NOON)

    assert find(issued.token.get_secret_value(), NOON) is None
