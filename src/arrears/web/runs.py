"""Import runs: every press of the button, newest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import ImportRun
from arrears.web.outcomes import summaries_of
from arrears.web.tenancy import for_members

_PAGE = 50


@require_safe
@for_members
def runs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What waits for somebody comes first, then the newest."""
    mine = ImportRun.objects.filter(organisation=membership.organisation_id).select_related(
        "started_by", "collector"
    )
    waits = When(stage=ImportRun.Stage.AWAITING, then=0)
    mine = mine.order_by(Case(waits, default=1), "-pk")
    page = Paginator(mine, _PAGE).get_page(request.GET.get("page"))
    return render(request, "runs.html", {"page": page, "runs": summaries_of(list(page.object_list))})
