"""Disconnect: say what is deleted and what stays, then do it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from arrears.accounts.models import Membership
from arrears.bridge.disconnect import disconnect
from arrears.bridge.ledger import OPEN
from arrears.bridge.models import Connection
from arrears.core.access import Permission
from arrears.web.tenancy import members_who


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def disconnect_page(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    if request.method == "POST":
        name = connection.company_name or connection.username
        disconnect(connection)
        messages.success(request, f"{name} is disconnected, and its stored login is deleted.")
        return redirect("integrations")
    active = connection.import_runs.filter(stage__in=OPEN)
    context = {
        "connection": connection,
        "active": active.first(),
        "policies": [policy.name for policy in connection.policies.all()],
        "run_count": connection.import_runs.count(),
    }
    return render(request, "disconnect.html", context)
