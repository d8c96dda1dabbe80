"""Undo: close cases again that were opened by mistake, as long as that is free."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.models import Submission
from arrears.bridge.take_back import take_back
from arrears.bridge.take_back_run import take_back_run
from arrears.core.access import Permission
from arrears.ports import Remedy
from arrears.web.formats import counted
from arrears.web.free_cases import free_cases
from arrears.web.outcomes import summaries_of
from arrears.web.remedies import advice_of
from arrears.web.run import run_of
from arrears.web.tenancy import members_who


@require_POST
@members_who(Permission.ACT)
def take_back_row(request: HttpRequest, membership: Membership, run_id: int, row_id: int) -> HttpResponse:
    row = get_object_or_404(Submission, pk=row_id, run=run_of(membership, run_id))
    try:
        take_back(row)
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    else:
        messages.success(
            request,
            f"Case {row.case_reference} is closed again, free of charge. "
            f"Invoice {', '.join(row.invoice_numbers)} can be imported anew.",
        )
    if request.POST.get("next") == "case" and row.case_reference:
        return redirect("case", row.case_reference)
    return redirect("run", run_id)


@require_POST
@members_who(Permission.ACT)
def take_back_all(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    """A worker closes them; the page shows how far it has come."""
    run = run_of(membership, run_id)
    [summary] = summaries_of([run])
    wished = take_back_run(run, sorted(free_cases(summary)))
    if wished:
        messages.success(request, f"{counted(wished, 'case')} will be closed again, free of charge.")
    else:
        messages.warning(request, "None of these cases can be closed free of charge any more.")
    return redirect("run", run_id)
