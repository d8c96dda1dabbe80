"""Bulk import: everything unpaid, read live and shown row by row while KashFlow is still answering."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.models import Connection
from arrears.web.confirm_import import MOST_INVOICES
from arrears.web.preview_stream import preview_lines
from arrears.web.tenancy import for_members


@require_safe
@for_members
def import_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page around the table. It holds nothing about invoices: those arrive in `import_rows`."""
    mine = Connection.objects.filter(organisation=membership.organisation_id)
    connections = list(mine)
    wanted = request.GET.get("connection", "")
    chosen = get_object_or_404(mine, pk=wanted) if wanted.isdecimal() else next(iter(connections), None)
    response = render(
        request,
        "import_preview.html",
        {"connections": connections, "connection": chosen, "most": MOST_INVOICES},
    )
    # Going back from the next step should find the table and the ticks as they were.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@for_members
def import_rows(request: HttpRequest, membership: Membership, connection_id: int) -> StreamingHttpResponse:
    """One JSON object a line: rows as HTML, progress, and at the end how it went."""
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    word = request.POST.get("memorable_word", "").strip()
    return StreamingHttpResponse(
        preview_lines(connection, SecretStr(word) if word else None),
        content_type="application/x-ndjson",
        headers={"X-Accel-Buffering": "no"},
    )
