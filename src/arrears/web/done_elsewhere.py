"""Where a person comes back to after signing at a collector: thanks, and what happens next."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import ImportRun
from arrears.core.submission import State
from arrears.web.collector_names import shown_of
from arrears.web.tenancy import for_members

_MOST = 20


@require_safe
@for_members
def done_elsewhere(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the address says about the outcome is not believed: the collector is asked when rows are tried."""
    waiting = ImportRun.objects.filter(
        organisation=membership.organisation_id,
        collector__isnull=False,
        submissions__state=State.NEEDS_ACTION,
    )
    runs = waiting.select_related("collector").annotate(waiting=Count("submissions"))[:_MOST]
    context = {"runs": [(run, shown_of(run.collector)) for run in runs]}
    return render(request, "done_elsewhere.html", context)
