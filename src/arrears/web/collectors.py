"""What can be done with a collector on the integrations page: prefer it, and ask it how we stand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.check_collector import check_collector
from arrears.bridge.choose_collector import choose_collector
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import CollectorAccount
from arrears.core.access import Permission
from arrears.ports import Remedy
from arrears.web.collector_names import collector_asked_for, shown_of
from arrears.web.remedies import advice_of
from arrears.web.tenancy import members_who


def account_of(membership: Membership, account_id: int) -> CollectorAccount:
    """The organisation's account with this number; another's is as absent as none."""
    return get_object_or_404(accounts_of(membership.organisation_id), pk=account_id)


@require_POST
@members_who(Permission.CONNECT)
def prefer_collector(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Send new cases to the collector that the form names."""
    account = collector_asked_for(membership.organisation_id, request.POST.get("collector", "desk"))
    choose_collector(membership.organisation_id, account)
    messages.success(request, f"New cases go to {shown_of(account).choice} from now on.")
    return redirect("integrations")


@require_POST
@members_who(Permission.CONNECT)
def check_account(request: HttpRequest, membership: Membership, account_id: int) -> HttpResponse:
    """Ask the collector how we stand, and show everything that it says."""
    account = account_of(membership, account_id)
    try:
        standing = check_collector(account)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
        return redirect("integrations")
    account.refresh_from_db()
    context = {"account": account, "collector": shown_of(account), "standing": standing}
    return render(request, "collector_standing.html", context)
