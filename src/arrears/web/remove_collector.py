"""Remove an account with a collector, or its test cases: say what is deleted and what stays, then do it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from arrears.accounts.models import Membership
from arrears.bridge.models import CollectorAccount, ImportRun
from arrears.bridge.remove_collector import remove_collector
from arrears.bridge.remove_test_cases import remove_test_cases
from arrears.core.access import Permission
from arrears.ports import Remedy
from arrears.web.collector_names import shown_of
from arrears.web.collectors import account_of
from arrears.web.remedies import advice_of
from arrears.web.tenancy import members_who


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def remove_collector_page(request: HttpRequest, membership: Membership, account_id: int) -> HttpResponse:
    account = account_of(membership, account_id)
    if request.method != "POST":
        return render(request, "remove_collector.html", _context(account))
    try:
        remove_collector(account)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    else:
        name = shown_of(account).choice
        messages.success(request, f"{name} is removed, and its stored key is deleted.")
    return redirect("integrations")


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def remove_test_cases_page(request: HttpRequest, membership: Membership, account_id: int) -> HttpResponse:
    account = account_of(membership, account_id)
    if not account.test:
        raise Http404
    if request.method != "POST":
        return render(request, "remove_test_cases.html", _context(account))
    try:
        remove_test_cases(account)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    else:
        messages.success(request, f"The test cases at {shown_of(account).name} are removed.")
    return redirect("integrations")


def _context(account: CollectorAccount) -> dict[str, object]:
    under_way = [ImportRun.Stage.PREPARING, ImportRun.Stage.SUBMITTING]
    return {
        "account": account,
        "collector": shown_of(account),
        "active": account.import_runs.filter(stage__in=under_way).first(),
        "case_count": account.tracked_cases.count(),
    }
