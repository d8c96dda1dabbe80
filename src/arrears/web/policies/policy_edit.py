"""Make or change an escalation policy, with what it comes to in plain words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from arrears.accounts.models import Membership
from arrears.bridge.models import Connection, EscalationPolicy
from arrears.bridge.save_policy import PolicyRefused, save_policy
from arrears.core.access import Permission
from arrears.core.escalation import summary_text
from arrears.web.policies.policy_fields import PolicyFields, begun_with, filled_from
from arrears.web.tenancy import members_who, require

_METHODS = ["GET", "HEAD", "POST"]
_NOT_YET = "Fill in the form, and the policy is told here in plain words."


@require_http_methods(_METHODS)
@members_who(Permission.POLICY)
def policy_new(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _edit(request, membership, None)


@require_http_methods(_METHODS)
@members_who(Permission.POLICY)
def policy_edit(request: HttpRequest, membership: Membership, policy_id: int) -> HttpResponse:
    mine = EscalationPolicy.objects.select_related("connection")
    policy = get_object_or_404(mine, pk=policy_id, organisation=membership.organisation_id)
    return _edit(request, membership, policy)


@require_POST
@members_who(Permission.POLICY)
def policy_summary(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the form says so far, in one sentence; the page asks for it as it is filled in."""
    form = PolicyFields(membership.organisation_id, request.POST)
    # The sentence does not need the name, which people give last.
    ready = form.is_valid() or set(form.errors) <= {"name"}
    said = _summary(form) if ready else _NOT_YET
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def _summary(form: PolicyFields) -> str:
    form.cleaned_data.setdefault("name", "")
    typed = form.policy_form
    company = typed.connection.company_name or "this company"
    return summary_text(typed.rule, company, typed.weekdays, typed.hour, submits=typed.submits)


def _edit(request: HttpRequest, membership: Membership, policy: EscalationPolicy | None) -> HttpResponse:
    if request.method != "POST":
        begun = filled_from(policy) if policy else begun_with(membership.organisation_id)
        form = PolicyFields(membership.organisation_id, initial=begun)
        return _page(request, membership, form, policy)
    form = PolicyFields(membership.organisation_id, request.POST)
    if form.is_valid() and _saved(request, membership, form, policy):
        return redirect("policies")
    return _page(request, membership, form, policy, status=422)


def _saved(
    request: HttpRequest, membership: Membership, form: PolicyFields, policy: EscalationPolicy | None
) -> bool:
    typed = form.policy_form
    if typed.submits or (policy is not None and policy.submits):
        require(membership, Permission.MANAGE)
    try:
        saved = save_policy(
            membership.organisation_id, typed, edited=policy.pk if policy else None, by=membership.user_id
        )
    except PolicyRefused as refused:
        for field, problem in refused.problems.items():
            form.add_error(field, problem)
        return False
    messages.success(request, f"“{saved.name}” is saved.")
    return True


def _page(
    request: HttpRequest,
    membership: Membership,
    form: PolicyFields,
    policy: EscalationPolicy | None,
    status: int = 200,
) -> HttpResponse:
    mine = Connection.objects.filter(organisation=membership.organisation_id)
    context = {
        "form": form,
        "policy": policy,
        "summary": policy.summary if policy else _NOT_YET,
        "connected": mine.exists(),
        "may_submit": membership.may(Permission.MANAGE),
        # Nobody may change a policy into one that they could not have made.
        "is_locked": policy is not None and policy.submits and not membership.may(Permission.MANAGE),
    }
    return render(request, "policies/policy_edit.html", context, status=status)
