"""Invitations: a link that works once, for a week, for one address, and is kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pydantic import SecretStr
from pytest_django import Settings

from arrears.accounts.audit import Action
from arrears.accounts.invitation_mail import send_invitation
from arrears.accounts.invitations import (
    Issued,
    accept,
    accept_anew,
    find,
    invite,
    open_invitations,
    resend,
    revoke,
)
from arrears.accounts.models import AuditEntry, Invitation, Membership, Organisation, User
from arrears.core.access import Role
from arrears.ports import NeedsAttention, TryAgainLater
from tests.accounts.people import NOON, a_firm, a_member

WEEK = timedelta(days=7)
PASSWORD = SecretStr("a long enough sentence")


@pytest.fixture
def owner(db: None) -> Membership:
    return a_member(a_firm(), "olive@pennine.example")


def invited(owner: Membership, email: str = "fred@pennine.example", role: Role = Role.FINANCE) -> Issued:
    return invite(owner.organisation_id, email, role, owner.user, NOON)


def link(issued: Issued) -> str:
    return issued.token.get_secret_value()


def actions(firm: Organisation) -> list[str]:
    return list(AuditEntry.objects.filter(organisation=firm).order_by("pk").values_list("action", flat=True))


class TestInviting:
    def test_only_a_hash_of_the_token_is_kept(self, owner: Membership) -> None:
        issued = invited(owner)

        kept = " ".join(str(value) for value in Invitation.objects.values_list()[0])
        trail = " ".join(str(value) for row in AuditEntry.objects.values_list() for value in row)
        assert link(issued) not in kept + trail + repr(issued)
        assert len(link(issued)) >= 43

    def test_an_address_with_an_account_is_invited_like_one_without(self, owner: Membership) -> None:
        User.objects.create_user("known@elsewhere.example")

        known, unknown = invited(owner, "known@elsewhere.example"), invited(owner, "new@elsewhere.example")

        assert (known.invitation.role, known.invitation.expires_at) == (
            unknown.invitation.role,
            unknown.invitation.expires_at,
        )

    @pytest.mark.parametrize("email", ["olive@pennine.example", "OLIVE@Pennine.example "])
    def test_somebody_who_belongs_already_is_not_invited(self, owner: Membership, email: str) -> None:
        with pytest.raises(NeedsAttention, match="belongs to Pennine Fasteners already") as refused:
            invited(owner, email)
        assert refused.value.code == "is_member"

    def test_an_address_is_invited_once_at_a_time(self, owner: Membership) -> None:
        invited(owner)
        with pytest.raises(NeedsAttention, match="invited already") as refused:
            invited(owner, "Fred@Pennine.example")
        assert refused.value.code == "is_invited"

    def test_there_is_an_end_to_open_invitations(self, owner: Membership) -> None:
        for number in range(100):
            invited(owner, f"p{number}@pennine.example")
        with pytest.raises(NeedsAttention, match="100 invitations are open") as refused:
            invited(owner)
        assert refused.value.code == "too_many"

    def test_the_trail_tells_of_everything(self, owner: Membership) -> None:
        issued = invited(owner)
        again = resend(owner.organisation_id, issued.invitation.pk, NOON)
        assert again is not None
        accept_anew(link(again), PASSWORD, NOON)
        revoke(owner.organisation_id, invited(owner, "gone@pennine.example").invitation.pk, NOON)

        expected = [Action.INVITED, Action.INVITED, Action.JOINED, Action.INVITED, Action.INVITATION_REVOKED]
        assert actions(owner.organisation) == [action.value for action in expected]
        joined = AuditEntry.objects.get(action=Action.JOINED)
        assert (joined.who, joined.user_id) == (
            "fred@pennine.example",
            User.objects.get(email="fred@pennine.example").pk,
        )


class TestTheLink:
    def test_finds_its_invitation(self, owner: Membership) -> None:
        issued = invited(owner)
        assert find(link(issued), NOON) == issued.invitation

    @pytest.mark.parametrize("text", ["", "nothing", "x" * 10_000, "\0", "\ud800"])
    def test_other_texts_find_nothing(self, owner: Membership, text: str) -> None:
        invited(owner)
        assert find(text, NOON) is None

    def test_works_for_a_week(self, owner: Membership) -> None:
        issued = invited(owner)
        assert find(link(issued), NOON + WEEK - timedelta(seconds=1)) is not None
        assert find(link(issued), NOON + WEEK) is None
        assert accept_anew(link(issued), PASSWORD, NOON + WEEK) is None
        assert not User.objects.filter(email="fred@pennine.example").exists()

    def test_is_dead_once_another_was_sent(self, owner: Membership) -> None:
        issued = invited(owner)
        again = resend(owner.organisation_id, issued.invitation.pk, NOON + WEEK)

        assert again is not None
        assert find(link(issued), NOON) is None
        assert find(link(again), NOON + WEEK) == issued.invitation

    def test_is_dead_once_revoked_and_the_address_can_be_invited_anew(self, owner: Membership) -> None:
        issued = invited(owner)
        assert revoke(owner.organisation_id, issued.invitation.pk, NOON) is not None

        assert find(link(issued), NOON) is None
        assert revoke(owner.organisation_id, issued.invitation.pk, NOON) is None
        assert resend(owner.organisation_id, issued.invitation.pk, NOON) is None
        assert find(link(invited(owner)), NOON) is not None

    def test_of_another_organisation_cannot_be_touched(self, owner: Membership) -> None:
        issued, other = invited(owner), a_firm("Elsewhere")

        assert revoke(other.pk, issued.invitation.pk, NOON) is None
        assert resend(other.pk, issued.invitation.pk, NOON) is None
        assert find(link(issued), NOON) is not None


class TestAccepting:
    def test_lets_the_invited_account_in_whatever_its_capitals(self, owner: Membership) -> None:
        user = User.objects.create_user("Fred@pennine.example")

        membership = accept(link(invited(owner)), user, NOON)

        assert membership is not None
        assert (membership.user, membership.role) == (user, "finance")
        assert membership.organisation == owner.organisation

    def test_works_once(self, owner: Membership) -> None:
        issued, user = invited(owner), User.objects.create_user("fred@pennine.example")
        assert accept(link(issued), user, NOON) is not None
        Membership.objects.filter(user=user).delete()

        assert accept(link(issued), user, NOON) is None
        assert find(link(issued), NOON) is None
        assert not Membership.objects.filter(user=user).exists()
        assert not open_invitations(owner.organisation_id).exists()

    def test_is_for_nobody_else(self, owner: Membership) -> None:
        issued, mallory = invited(owner), User.objects.create_user("mallory@pennine.example")

        with pytest.raises(NeedsAttention) as refused:
            accept(link(issued), mallory, NOON)

        assert refused.value.code == "other_address"
        assert not Membership.objects.filter(user=mallory).exists()
        assert find(link(issued), NOON) is not None

    def test_makes_an_account_with_exactly_the_address(self, owner: Membership) -> None:
        membership = accept_anew(link(invited(owner, role=Role.VIEWER)), PASSWORD, NOON)

        assert membership is not None
        assert (membership.user.email, membership.role) == ("fred@pennine.example", "viewer")
        assert membership.user.check_password(PASSWORD.get_secret_value())
        assert not membership.user.is_staff

    def test_never_gives_an_account_that_is_there_another_password(self, owner: Membership) -> None:
        issued, user = invited(owner), User.objects.create_user("FRED@pennine.example", "their own sentence")

        with pytest.raises(NeedsAttention) as refused:
            accept_anew(link(issued), PASSWORD, NOON)

        assert refused.value.code == "has_account"
        user.refresh_from_db()
        assert user.check_password("their own sentence")

    def test_somebody_who_belongs_by_now_keeps_their_role(self, owner: Membership) -> None:
        issued = invited(owner, role=Role.VIEWER)
        member = a_member(owner.organisation, "fred@pennine.example", Role.APPROVER)

        membership = accept(link(issued), member.user, NOON)

        assert membership is not None
        assert membership.role == "approver"


class RefusingBackend(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError


class TestTheEmail:
    def test_carries_the_link_to_where_this_installation_is(
        self, owner: Membership, settings: Settings
    ) -> None:
        settings.ARREARS_URL = "https://arrears.pennine.example"
        issued = invited(owner)
        send_invitation(issued)

        sent = mail.outbox[0]
        assert sent.to == ["fred@pennine.example"]
        assert sent.subject == "Join Pennine Fasteners on Arrears"
        assert f"https://arrears.pennine.example/invitations/{link(issued)}/" in sent.body
        assert "until 29 November 2026" in sent.body
        assert "olive@pennine.example" in sent.body

    def test_survives_a_name_with_line_breaks(self, owner: Membership) -> None:
        Organisation.objects.update(name="Pennine\nBcc: all@pennine.example")
        send_invitation(invited(owner))
        assert mail.outbox[0].subject == "Join Pennine Bcc: all@pennine.example on Arrears"
        assert mail.outbox[0].recipients() == ["fred@pennine.example"]

    def test_says_so_when_no_server_takes_it(self, owner: Membership, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "tests.accounts.test_invitations.RefusingBackend"
        with pytest.raises(TryAgainLater, match="could not be sent"):
            send_invitation(invited(owner))
