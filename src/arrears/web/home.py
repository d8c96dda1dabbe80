"""Home: what needs somebody, what is under way, and where things stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.list_cases import list_cases
from arrears.bridge.models import Connection, ConnectionState, ImportRun
from arrears.core.case import Lifecycle
from arrears.ports import Case, Remedy
from arrears.web.outcomes import summaries_of
from arrears.web.tenancy import for_members
from arrears.web.totals import CaseTotal, case_totals

_LATEST = 5


@require_safe
@for_members
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation_id
    connections = list(Connection.objects.filter(organisation=organisation))
    latest = list(ImportRun.objects.filter(organisation=organisation)[:_LATEST])
    found, problem = _cases(organisation)
    return render(
        request,
        "home.html",
        {
            "connections": connections,
            "attention": [one for one in connections if one.state == ConnectionState.NEEDS_ATTENTION],
            "runs": summaries_of(latest),
            "under_way": [one for one in summaries_of(latest) if one.active],
            "open_totals": _totals(found),
            "case_count": len(found),
            "open_count": sum(case.lifecycle is not Lifecycle.CLOSED for case in found),
            "unsigned_count": sum(case.lifecycle is Lifecycle.PENDING_SIGNING for case in found),
            "problem": problem,
        },
    )


def _cases(organisation: int) -> tuple[list[Case], str]:
    try:
        return list(list_cases(organisation)), ""
    except Remedy as reason:
        return [], str(reason)


def _totals(found: list[Case]) -> list[CaseTotal]:
    return case_totals([case for case in found if case.lifecycle is not Lifecycle.CLOSED])
