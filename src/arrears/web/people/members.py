"""Settings: who belongs to the organisation, what each of them may do, and letting somebody go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.accounts.invitations import open_invitations
from arrears.accounts.members import change_role, members_of, remove_member
from arrears.accounts.models import Invitation, Membership
from arrears.bridge.adapters import adapters
from arrears.core.access import PURPOSES, Permission, Role, may
from arrears.ports import NeedsAttention
from arrears.web.tenancy import members_who


@require_safe
@members_who(Permission.MANAGE)
def members(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation_id
    accepted = Invitation.objects.filter(organisation=organisation).exclude(accepted_at=None)
    context = {
        "members": members_of(organisation),
        "joined": dict(accepted.order_by("accepted_at").values_list("email", "accepted_at")),
        "roles": PURPOSES,
        "me": membership.pk,
        "invited": open_invitations(organisation).count(),
    }
    return render(request, "people/members.html", context)


@require_POST
@members_who(Permission.MANAGE)
def member_role(request: HttpRequest, membership: Membership, membership_id: int) -> HttpResponse:
    whose, wanted = _found(membership, membership_id), request.POST.get("role", "")
    if wanted not in PURPOSES:
        messages.error(request, "Choose a role from the list.")
        return redirect("setting_members")
    try:
        change_role(membership.organisation_id, whose.pk, Role(wanted), adapters().clock.now())
    except NeedsAttention as problem:
        messages.error(request, problem.in_full)
    else:
        messages.success(request, f"{whose.user.email} is {wanted} now, from this moment.")
    # Somebody who has just given away the owner's role may not see the list any more.
    mine = whose.pk == membership.pk and not may(Role(wanted), Permission.MANAGE)
    return redirect("settings" if mine else "setting_members")


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def member_remove(request: HttpRequest, membership: Membership, membership_id: int) -> HttpResponse:
    whose = _found(membership, membership_id)
    if request.method != "POST":
        keys = membership.organisation.api_keys.filter(created_by=whose.user.email, revoked_at=None)
        context = {"whose": whose, "is_me": whose.pk == membership.pk, "keys": keys.count()}
        return render(request, "people/member_remove.html", context)
    try:
        remove_member(membership.organisation_id, whose.pk, adapters().clock.now())
    except NeedsAttention as problem:
        messages.error(request, problem.in_full)
        return redirect("setting_members")
    messages.success(
        request, f"{whose.user.email} does not belong to {membership.organisation.name} any more."
    )
    return redirect("home" if whose.pk == membership.pk else "setting_members")


def _found(membership: Membership, membership_id: int) -> Membership:
    return get_object_or_404(members_of(membership.organisation_id), pk=membership_id)
