"""Pause, resume and remove escalation policies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from arrears.accounts.models import Membership
from arrears.bridge.models import EscalationPolicy
from arrears.bridge.pause_all_policies import pause_all_policies
from arrears.bridge.pause_policy import pause_policy
from arrears.bridge.remove_policy import remove_policy
from arrears.bridge.resume_policy import resume_policy
from arrears.core.access import Permission
from arrears.web.formats import counted
from arrears.web.tenancy import members_who, require


@require_POST
@members_who(Permission.POLICY)
def policies_pause(request: HttpRequest, membership: Membership) -> HttpResponse:
    paused = pause_all_policies(membership.organisation_id)
    if paused:
        are = "is" if paused == 1 else "are"
        messages.success(
            request, f"{counted(paused, 'policy', 'policies')} {are} paused. Nothing runs by itself."
        )
    else:
        messages.info(request, "Every policy is paused already.")
    return redirect("policies")


@require_POST
@members_who(Permission.POLICY)
def policy_pause(request: HttpRequest, membership: Membership, policy_id: int) -> HttpResponse:
    policy = _mine(membership, policy_id)
    pause_policy(policy)
    messages.success(request, f"“{policy.name}” is paused. Nothing is prepared until somebody resumes it.")
    return redirect("policies")


@require_POST
@members_who(Permission.POLICY)
def policy_resume(request: HttpRequest, membership: Membership, policy_id: int) -> HttpResponse:
    """Who may not make a policy that submits by itself may not set one going either."""
    policy = _mine(membership, policy_id)
    if policy.submits:
        require(membership, Permission.MANAGE)
    resume_policy(policy)
    messages.success(request, f"“{policy.name}” goes on at its next time.")
    return redirect("policies")


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.POLICY)
def policy_remove(request: HttpRequest, membership: Membership, policy_id: int) -> HttpResponse:
    policy = _mine(membership, policy_id)
    if request.method == "POST":
        remove_policy(policy)
        messages.success(request, f"“{policy.name}” is removed, with its log.")
        return redirect("policies")
    return render(request, "policies/policy_remove.html", {"policy": policy})


def _mine(membership: Membership, policy_id: int) -> EscalationPolicy:
    mine = EscalationPolicy.objects.select_related("connection")
    return get_object_or_404(mine, pk=policy_id, organisation=membership.organisation_id)
