"""Invitations: ask somebody to join by e-mail, ask again, take it back, and let them in by their link.

The link's token leaves this module once, for the e-mail, and only its hash is kept. Nobody but the mailbox's
owner learns it: with it an account could be taken in another person's name.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from pydantic import SecretStr

from arrears.accounts.audit import Action, acting, acting_as, note
from arrears.accounts.models import Invitation, Membership, Organisation, User
from arrears.core.access import Role
from arrears.ports import NeedsAttention

#: How long a link works.
DAYS = 7

_RANDOM_BYTES = 32
#: Anything longer was never a token of ours.
_LONGEST_TOKEN = 100
#: More open invitations than this are somebody's mistake, or somebody else's mail bomb.
_MOST_OPEN = 100


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation and the token of its link, which is for the e-mail alone."""

    invitation: Invitation
    token: SecretStr


def plain_address(email: str) -> str:
    """An address as it is compared: capitals make no difference."""
    return email.strip().lower()


def open_invitations(organisation_id: int) -> QuerySet[Invitation]:
    """Those neither accepted nor revoked, the newest first. Some may have expired: they can be sent again."""
    return Invitation.objects.select_related("organisation", "invited_by").filter(
        organisation_id=organisation_id, accepted_at=None, revoked_at=None
    )


def invite(organisation_id: int, email: str, role: Role, by: User, now: datetime) -> Issued:
    """Ask the owner of an address to join. The e-mail is the caller's to send, after this has returned.

    Whether the address has an account makes no difference. Raises NeedsAttention for somebody who belongs
    already (`is_member`) or is invited already (`is_invited`), and for too many (`too_many`).
    """
    address, token = plain_address(email), secrets.token_urlsafe(_RANDOM_BYTES)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        _refuse_known(organisation, address)
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=address,
            role=role.value,
            token_hash=_hash(token),
            invited_by=by,
            created_at=now,
            expires_at=now + timedelta(days=DAYS),
        )
        text = f"Invited {address} as {role.value}."
        note(organisation_id, Action.INVITED, text, now, email=address, role=role.value)
    return Issued(invitation, SecretStr(token))


def resend(organisation_id: int, invitation_id: int, now: datetime) -> Issued | None:
    """A new link for an open invitation; the old one is dead. None when there is no such invitation."""
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    with transaction.atomic():
        invitation = _open(organisation_id, invitation_id)
        if invitation is None:
            return None
        invitation.token_hash = _hash(token)
        invitation.expires_at = now + timedelta(days=DAYS)
        invitation.save(update_fields=["token_hash", "expires_at"])
        text = f"Invited {invitation.email} again, with a new link."
        note(organisation_id, Action.INVITED, text, now, email=invitation.email, role=invitation.role)
    return Issued(invitation, SecretStr(token))


def revoke(organisation_id: int, invitation_id: int, now: datetime) -> Invitation | None:
    """Make an open invitation's link useless. None when there is no such invitation."""
    with transaction.atomic():
        invitation = _open(organisation_id, invitation_id)
        if invitation is None:
            return None
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        text = f"Revoked the invitation of {invitation.email}."
        note(organisation_id, Action.INVITATION_REVOKED, text, now, email=invitation.email)
    return invitation


def find(token: str, now: datetime) -> Invitation | None:
    """The invitation behind a link that works. Unknown, expired, used and revoked ones are all None."""
    return _working(token, now).first()


def account_of(invitation: Invitation) -> User | None:
    """The account of the invited address, if it has one."""
    return User.objects.filter(email__iexact=invitation.email).order_by("pk").first()


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether an invitation is for this user's address."""
    return plain_address(user.email) == invitation.email


def accept(token: str, user: User, now: datetime) -> Membership | None:
    """Let the invited user in; somebody who belongs already keeps their role. None for a dead link.

    Raises NeedsAttention (`other_address`) for anybody else.
    """
    with transaction.atomic():
        invitation = _working(token, now).select_for_update(of=("self",)).first()
        if invitation is None:
            return None
        if not is_for(invitation, user):
            raise NeedsAttention(
                "This invitation is for another address than yours.",
                code="other_address",
                action="Sign out, then open the link again.",
            )
        return _let_in(invitation, user, now)


def accept_anew(token: str, password: SecretStr, now: datetime) -> Membership | None:
    """Make the account of exactly the invited address and let it in. None for a dead link.

    The password is taken as it is: its rules are the caller's. Raises NeedsAttention (`has_account`) when
    somebody has an account with that address: they have to sign in.
    """
    with transaction.atomic():
        invitation = _working(token, now).select_for_update(of=("self",)).first()
        if invitation is None:
            return None
        if account_of(invitation) is not None:
            raise NeedsAttention(
                "There is an account with this address by now.",
                code="has_account",
                action="Sign in, then open the link again.",
            )
        user = User.objects.create_user(invitation.email, password.get_secret_value())
        return _let_in(invitation, user, now)


def _let_in(invitation: Invitation, user: User, now: datetime) -> Membership:
    membership, _ = Membership.objects.get_or_create(
        organisation_id=invitation.organisation_id, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    with acting_as(replace(acting(), name=user.email, user=user.pk)):
        text = f"{user.email} joined as {membership.role}."
        note(invitation.organisation_id, Action.JOINED, text, now, email=user.email, role=membership.role)
    return membership


def _refuse_known(organisation: Organisation, address: str) -> None:
    if organisation.memberships.filter(user__email__iexact=address).exists():
        raise NeedsAttention(
            f"{address} belongs to {organisation.name} already.",
            code="is_member",
            action="Change the person's role in the list of people.",
        )
    waiting = open_invitations(organisation.pk)
    if waiting.filter(email=address).exists():
        raise NeedsAttention(
            f"{address} is invited already.",
            code="is_invited",
            action="Send the invitation again, or revoke it first to change the role.",
        )
    if waiting.count() >= _MOST_OPEN:
        raise NeedsAttention(
            f"{_MOST_OPEN} invitations are open already.",
            code="too_many",
            action="Revoke those that nobody will use.",
        )


def _open(organisation_id: int, invitation_id: int) -> Invitation | None:
    found = open_invitations(organisation_id).filter(pk=invitation_id)
    return found.select_for_update(of=("self",)).first()


def _working(token: str, now: datetime) -> QuerySet[Invitation]:
    invitations = Invitation.objects.select_related("organisation", "invited_by")
    if len(token) > _LONGEST_TOKEN:
        return invitations.none()
    return invitations.filter(token_hash=_hash(token), expires_at__gt=now, accepted_at=None, revoked_at=None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
