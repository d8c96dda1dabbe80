"""Bulk import: everything unpaid, read live and shown row by row while KashFlow is still answering."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.models import Connection
from arrears.core.access import Permission
from arrears.web.collector_names import choices_of, collector_asked_for, shown_of
from arrears.web.confirm_import import MOST_INVOICES
from arrears.web.preview_stream import preview_lines
from arrears.web.required_actions import MOST_SEALS
from arrears.web.saved_views import views_of
from arrears.web.tenancy import members_who


@require_safe
@members_who(Permission.READ)
def import_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page around the table. It holds nothing about invoices: those arrive in `import_rows`."""
    mine = Connection.objects.filter(organisation=membership.organisation_id)
    connections = list(mine)
    wanted = request.GET.get("connection", "")
    chosen = get_object_or_404(mine, pk=wanted) if wanted.isdecimal() else next(iter(connections), None)
    account = collector_asked_for(membership.organisation_id, request.GET.get("collector", ""))
    response = render(
        request,
        "import_preview.html",
        {
            "connections": connections,
            "connection": chosen,
            "collectors": choices_of(membership.organisation_id),
            "collector": shown_of(account),
            "account": account,
            "views": views_of(membership, "import"),
            "most": MOST_INVOICES,
            "most_required": MOST_SEALS,
        },
    )
    # Going back from the next step should find the table and the ticks as they were.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@members_who(Permission.READ)
def import_rows(request: HttpRequest, membership: Membership, connection_id: int) -> StreamingHttpResponse:
    """One JSON object a line: rows, progress, and at the end how it went."""
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    account = collector_asked_for(membership.organisation_id, request.POST.get("collector", ""))
    word = request.POST.get("memorable_word", "").strip()
    return StreamingHttpResponse(
        preview_lines(
            connection,
            account,
            SecretStr(word) if word else None,
            may_import=membership.may(Permission.IMPORT),
        ),
        content_type="application/x-ndjson",
        headers={"X-Accel-Buffering": "no"},
    )
