"""Integrations: where invoices come from and where cases go, how each stands and what helps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import Connection
from arrears.bridge.try_again import try_again
from arrears.core.access import Permission
from arrears.ports import Remedy
from arrears.web.collector_names import shown_of
from arrears.web.remedies import advice_of
from arrears.web.tenancy import for_members, members_who


@require_safe
@for_members
def integrations(request: HttpRequest, membership: Membership) -> HttpResponse:
    connections = Connection.objects.filter(organisation=membership.organisation_id)
    accounts = [(account, shown_of(account)) for account in accounts_of(membership.organisation_id)]
    return render(
        request,
        "integrations.html",
        {
            "connections": list(connections),
            "accounts": accounts,
            "desk_is_default": not any(account.is_default for account, _ in accounts),
        },
    )


@require_POST
@members_who(Permission.CONNECT)
def try_again_now(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    word = request.POST.get("memorable_word", "").strip()
    if connection.asks_for_word and not word:
        messages.error(
            request, "This connection asks for the memorable word each time. Enter it to try again."
        )
        return redirect("integrations")
    try:
        connected = try_again(connection, SecretStr(word) if word else None)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    else:
        messages.success(request, f"{connected.company_name} is connected again.")
    return redirect("integrations")
