"""Home: what needs somebody, what is under way, and where things stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.collectors import accounts_of
from arrears.bridge.list_cases import CaseAt, list_cases
from arrears.bridge.models import Connection, ConnectionState, ImportRun
from arrears.core.case import Lifecycle
from arrears.ports import Remedy
from arrears.web.collector_names import shown_of
from arrears.web.outcomes import summaries_of
from arrears.web.paid_elsewhere import waiting_for
from arrears.web.tenancy import for_members
from arrears.web.totals import CaseTotal, case_totals, unsigned

_LATEST = 5


@require_safe
@for_members
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation_id
    connections = list(Connection.objects.filter(organisation=organisation))
    accounts = [(account, shown_of(account)) for account in accounts_of(organisation)]
    mine = ImportRun.objects.filter(organisation=organisation).select_related("collector")
    latest = list(mine[:_LATEST])
    found, problem = _cases(organisation)
    return render(
        request,
        "home.html",
        {
            "connections": connections,
            "attention": [one for one in connections if one.state == ConnectionState.NEEDS_ATTENTION],
            "accounts": accounts,
            "collector_attention": [
                pair for pair in accounts if pair[0].state == ConnectionState.NEEDS_ATTENTION
            ],
            "paid": waiting_for(organisation),
            "runs": summaries_of(latest),
            "under_way": [one for one in summaries_of(latest) if one.active],
            "open_totals": _totals(found),
            "case_count": len(found),
            **unsigned(found),
            "problem": problem,
        },
    )


def _cases(organisation: int) -> tuple[list[CaseAt], str]:
    try:
        return list(list_cases(organisation)), ""
    except Remedy as reason:
        return [], str(reason)


def _totals(found: list[CaseAt]) -> list[CaseTotal]:
    """Of real cases: what is for testing is nobody's money."""
    real = [one.case for one in found if not one.case.test]
    return case_totals(case for case in real if case.lifecycle is not Lifecycle.CLOSED)
