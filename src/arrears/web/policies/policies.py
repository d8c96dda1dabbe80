"""All escalation policies of an organisation: what each does, when next, and what it did last."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import Connection, EscalationPolicy, PolicyRun
from arrears.web.collector_names import CollectorShown, shown_of
from arrears.web.tenancy import for_members


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """A policy with its latest evaluation, None before the first."""

    policy: EscalationPolicy
    last: PolicyRun | None

    @property
    def collector(self) -> CollectorShown:
        return shown_of(self.policy.collector)


@require_safe
@for_members
def policies(request: HttpRequest, membership: Membership) -> HttpResponse:
    mine = EscalationPolicy.objects.filter(organisation=membership.organisation_id)
    latest = PolicyRun.objects.filter(policy__in=mine).order_by("policy_id", "-pk").distinct("policy_id")
    last = {run.policy_id: run for run in latest.select_related("import_run")}
    shown = [PolicyShown(one, last.get(one.pk)) for one in mine.select_related("connection", "collector")]
    context = {
        "policies": shown,
        "running": sum(one.policy.paused_at is None for one in shown),
        "connected": Connection.objects.filter(organisation=membership.organisation_id).exists(),
    }
    return render(request, "policies/policies.html", context)
