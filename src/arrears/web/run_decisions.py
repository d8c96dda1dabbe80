"""Decide about an import that waits: let it go ahead, or decline it with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.approve_import import approve_import
from arrears.bridge.decline_import import decline_import
from arrears.bridge.models import ImportRun
from arrears.bridge.worker import work_in_background
from arrears.core.access import Permission
from arrears.ports import NeedsAttention
from arrears.web.formats import counted
from arrears.web.remedies import advice_of
from arrears.web.run import run_of
from arrears.web.tenancy import for_members, require


@require_POST
@for_members
def approve_run(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    """Where KashFlow's memorable word is not kept, this process has to be told it: it does the import."""
    run = _decided_by(membership, run_id)
    asks = run.connection is not None and run.connection.asks_for_word
    word = request.POST.get("memorable_word", "").strip()
    if asks and not word:
        messages.error(request, "Enter KashFlow’s memorable word: it is not stored, and the import needs it.")
        return redirect("run", run_id)
    try:
        approve_import(run, membership.user_id)
    except NeedsAttention as reason:
        messages.error(request, advice_of(reason))
        return redirect("run", run_id)
    if asks and run.connection is not None:
        adapters().books(run.connection, SecretStr(word))
        work_in_background(run)
    messages.success(request, "Approved. The cases are being opened.")
    return redirect("run", run_id)


@require_POST
@for_members
def decline_run(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    run = _decided_by(membership, run_id)
    try:
        dropped = decline_import(run, membership.user_id, request.POST.get("reason", ""))
    except NeedsAttention as reason:
        messages.error(request, advice_of(reason))
    else:
        messages.success(request, f"Declined. {counted(dropped, 'case')} will not be opened.")
    return redirect("run", run_id)


def _decided_by(membership: Membership, run_id: int) -> ImportRun:
    """The run, for somebody who may decide about it. Raises PermissionDenied for anybody else."""
    run = run_of(membership, run_id)
    require(membership, Permission.APPROVE if run.needs_second_person else Permission.IMPORT)
    return run
