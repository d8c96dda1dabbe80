"""Home: what needs somebody, where things stand, and what is under way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.case_figures import CaseFigures, case_figures
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import Connection, ConnectionState, ImportRun
from arrears.ports import CaseSearch, Figures, Remedy
from arrears.web.collector_names import shown_of
from arrears.web.dashboard import dashboard_of
from arrears.web.needs_you import needs_of
from arrears.web.outcomes import summaries_of
from arrears.web.paid_elsewhere import waiting_for
from arrears.web.tenancy import for_members

_LATEST = 5


@require_safe
@for_members
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation_id
    connections = list(Connection.objects.filter(organisation=organisation))
    accounts = [(account, shown_of(account)) for account in accounts_of(organisation)]
    mine = ImportRun.objects.filter(organisation=organisation).select_related("collector")
    summaries = summaries_of(list(mine[:_LATEST]))
    found, problem = _figures(organisation)
    chosen = request.GET.get("currency", "")
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
            "needs": needs_of(membership),
            "runs": summaries,
            "under_way": [one for one in summaries if one.active],
            "dashboard": dashboard_of(found.all, chosen, adapters().clock.today()),
            "case_count": found.all.count,
            "unsigned_count": found.own.unsigned,
            "unsigned_elsewhere": found.elsewhere.unsigned,
            "problem": problem,
        },
    )


def _figures(organisation: int) -> tuple[CaseFigures, str]:
    try:
        return case_figures(organisation, CaseSearch()), ""
    except Remedy as reason:
        return CaseFigures(Figures(), Figures(), Figures()), str(reason)
