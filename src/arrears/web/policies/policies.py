"""All escalation policies of an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import EscalationPolicy
from arrears.web.tenancy import for_members


@require_safe
@for_members
def policies(request: HttpRequest, membership: Membership) -> HttpResponse:
    mine = EscalationPolicy.objects.filter(organisation=membership.organisation_id)
    return render(request, "policies/policies.html", {"policies": list(mine)})
