"""Integrations: where invoices come from and where cases go, how each stands and what helps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import Connection, ConnectionState, LoginAttempt
from arrears.bridge.try_again import try_again
from arrears.core.access import Permission, roles_with
from arrears.ports import Remedy
from arrears.web.collector_names import shown_of
from arrears.web.remedies import advice_of
from arrears.web.tenancy import for_members, members_who


@require_safe
@for_members
def integrations(request: HttpRequest, membership: Membership) -> HttpResponse:
    connections = Connection.objects.filter(organisation=membership.organisation_id)
    for_whom = " or ".join(role.value for role in roles_with(Permission.CONNECT))
    accounts = [(account, shown_of(account)) for account in accounts_of(membership.organisation_id)]
    return render(
        request,
        "integrations.html",
        {
            "connections": [(connection, _last_attempt(connection)) for connection in connections],
            "for_whom": for_whom,
            "accounts": accounts,
            "desk_is_default": not any(account.is_default for account, _ in accounts),
        },
    )


def _last_attempt(connection: Connection) -> LoginAttempt | None:
    """The last time anybody tried to sign in to the books with what is stored."""
    return connection.login_attempts.order_by("-started_at", "-pk").first()


@require_POST
@members_who(Permission.CONNECT)
def try_again_now(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    """Sign in to the books afresh: to test what works, or because the cause of trouble is gone."""
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    worked = connection.state == ConnectionState.OK
    word = request.POST.get("memorable_word", "").strip()
    if connection.asks_for_word and not word:
        messages.error(request, "This connection asks for the memorable word each time. Enter it as well.")
        return redirect("integrations")
    try:
        connected = try_again(connection, SecretStr(word) if word else None)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    else:
        name = connected.company_name
        tested = f"KashFlow was signed in to and answered as {name}. The connection works."
        messages.success(request, tested if worked else f"{name} is connected again.")
    return redirect("integrations")
