"""Who belongs to an organisation: changing what somebody may do, and letting somebody go.

An organisation always keeps an owner, and, while imports above a limit need approval, two who may give it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from arrears.accounts.audit import Action, note
from arrears.accounts.models import Invitation, Membership, Organisation, SavedView
from arrears.core.access import Permission, Role, roles_with
from arrears.ports import NeedsAttention

#: Who starts an import may not approve it, so one approver alone would not do.
LEAST_APPROVERS = 2


def members_of(organisation_id: int) -> QuerySet[Membership]:
    """Everybody who belongs to an organisation, by address."""
    mine = Membership.objects.select_related("organisation", "user").filter(organisation_id=organisation_id)
    return mine.order_by("user__email", "pk")


def approvers_of(organisation_id: int) -> QuerySet[Membership]:
    """Those of them who may approve imports and can still sign in."""
    roles = [role.value for role in roles_with(Permission.APPROVE)]
    return members_of(organisation_id).filter(role__in=roles, user__is_active=True)


def change_role(organisation_id: int, membership_id: int, role: Role, now: datetime) -> Membership:
    """Give a member another role, which counts from their next request on.

    Raises NeedsAttention: `gone` for nobody's membership, `last_owner`, or `last_approvers`.
    """
    with transaction.atomic():
        member = _locked(organisation_id, membership_id)
        before = Role(member.role)
        if before is role:
            return member
        _keep_what_is_needed(member, role)
        _call_back_invitations(member, now)
        member.role = role.value
        member.save(update_fields=["role"])
        text = f"{member.user.email} is {role.value} now, and was {before.value}."
        changed = {"email": member.user.email, "before": before.value, "after": role.value}
        note(organisation_id, Action.ROLE_CHANGED, text, now, **changed)
    return member


def remove_member(organisation_id: int, membership_id: int, now: datetime) -> Membership:
    """Let somebody go: from their next request on they see nothing here. Their account stays theirs.

    Raises NeedsAttention: `gone` for nobody's membership, `last_owner`, or `last_approvers`.
    """
    with transaction.atomic():
        member = _locked(organisation_id, membership_id)
        _keep_what_is_needed(member, None)
        _call_back_invitations(member, now)
        SavedView.objects.filter(organisation_id=organisation_id, user=member.user_id).delete()
        Membership.objects.filter(pk=member.pk).delete()
        text = f"Removed {member.user.email}, who was {member.role}."
        note(organisation_id, Action.MEMBER_REMOVED, text, now, email=member.user.email, role=member.role)
    return member


def _locked(organisation_id: int, membership_id: int) -> Membership:
    """The membership, with its organisation locked: two owners cannot demote each other at once."""
    Organisation.objects.select_for_update().get(pk=organisation_id)
    member = members_of(organisation_id).filter(pk=membership_id).first()
    if member is None:
        raise NeedsAttention(
            "This person does not belong to the organisation any more.",
            code="gone",
            action="Look at the list of people again.",
        )
    return member


def _call_back_invitations(member: Membership, now: datetime) -> None:
    """A link sent by somebody who then loses the right to send it lets nobody in, least of all themselves."""
    sent = Invitation.objects.filter(organisation=member.organisation_id, invited_by=member.user_id)
    sent.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)


def _keep_what_is_needed(member: Membership, role: Role | None) -> None:
    """Refuse what would leave nobody to run the organisation. `role` is None for somebody who goes."""
    others = members_of(member.organisation_id).exclude(pk=member.pk)
    owners = others.filter(role=Role.OWNER.value, user__is_active=True)
    if member.role == Role.OWNER.value and role is not Role.OWNER and not owners.exists():
        raise NeedsAttention(
            f"{member.user.email} is the only owner of {member.organisation.name}.",
            code="last_owner",
            action="Make somebody else an owner first.",
        )
    approved = role is not None and role in roles_with(Permission.APPROVE)
    if approved or not member.may(Permission.APPROVE) or member.organisation.approval_limit is None:
        return
    if approvers_of(member.organisation_id).exclude(pk=member.pk).count() < LEAST_APPROVERS:
        raise NeedsAttention(
            f"Imports above your limit need two people who may approve, and {member.user.email} is one of "
            "the last two.",
            code="last_approvers",
            action="Make somebody else an approver first, or clear the approval limit.",
        )
