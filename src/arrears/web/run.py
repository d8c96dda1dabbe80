"""One import run: how far it has come, and what became of every row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from arrears.accounts.models import Membership
from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.models import ImportRun, Submission
from arrears.bridge.retry_import import retry_import
from arrears.bridge.settle_review import Decision, settle_review
from arrears.bridge.worker import work_in_background
from arrears.core.access import Permission
from arrears.core.case import Lifecycle
from arrears.core.money import Money, read_amount
from arrears.core.submission import State
from arrears.desk.models import Case
from arrears.ports import Remedy
from arrears.web.approvers import approvers
from arrears.web.formats import counted
from arrears.web.free_cases import free_cases
from arrears.web.outcomes import OUTCOMES, Summary, outcome_of, summaries_of
from arrears.web.remedies import advice_of
from arrears.web.tenancy import for_members, members_who

_PAGE = 100


def run_of(membership: Membership, run_id: int) -> ImportRun:
    mine = ImportRun.objects.select_related(
        "started_by", "asked_by", "approved_by", "connection", "collector"
    )
    return get_object_or_404(mine, pk=run_id, organisation=membership.organisation_id)


def _decision(membership: Membership, run: ImportRun) -> dict[str, Any]:
    """Who may let a waiting run go ahead, and what it comes to."""
    needed = Permission.APPROVE if run.needs_second_person else Permission.IMPORT
    is_own = run.needs_second_person and run.asked_by_id == membership.user_id
    return {
        "may_decide": membership.may(needed) and not is_own,
        "is_own": is_own,
        "approvers": approvers(membership, needed),
        "totals": [
            (cases, Money(amount, currency))
            for currency, cases, text in run.totals
            if (amount := read_amount(text)) is not None
        ],
    }


def _context(request: HttpRequest, membership: Membership, summary: Summary) -> dict[str, Any]:
    chosen = next((one for one in OUTCOMES if one.key == request.GET.get("show")), None)
    rows = Submission.objects.filter(run=summary.run)
    if chosen:
        rows = rows.filter(state__in=chosen.states)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    waiting = _decision(membership, summary.run) if summary.awaits else {}
    free = free_cases(summary) if membership.may(Permission.ACT) else set()
    return {
        **waiting,
        "free": free,
        "summary": summary,
        "run": summary.run,
        "outcomes": [one for one in OUTCOMES if summary.counts.get(one.key)],
        "chosen": chosen,
        "page": page,
        "rows": [(row, outcome_of(row)) for row in page.object_list],
        "collector": summary.collector,
        "unsigned_count": 0 if summary.active or summary.collector.is_elsewhere else _waiting(summary.run),
        "must_act_count": Submission.objects.filter(run=summary.run, state=State.NEEDS_ACTION).count(),
    }


def _waiting(run: ImportRun) -> int:
    """How many of the creditor's cases wait for its signature."""
    mine = Case.objects.filter(creditor_id=run.organisation_id, is_test=False)
    return mine.filter(lifecycle=Lifecycle.PENDING_SIGNING.value).count()


@require_safe
@for_members
def run(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    [summary] = summaries_of([run_of(membership, run_id)])
    return render(request, "run.html", _context(request, membership, summary))


@require_safe
@for_members
def run_progress(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    """The part of the page that changes. Asked for every second until it answers 286."""
    [summary] = summaries_of([run_of(membership, run_id)])
    page = render(request, "parts/run_progress.html", _context(request, membership, summary))
    return page if summary.active else HttpResponseStopPolling(page.content)


@require_POST
@members_who(Permission.IMPORT)
def cancel_run(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    dropped = cancel_import(run_of(membership, run_id))
    messages.success(request, f"Cancelled. {counted(dropped, 'case')} will not be opened.")
    return redirect("run", run_id)


@require_POST
@members_who(Permission.IMPORT)
def settle_row(request: HttpRequest, membership: Membership, run_id: int, row_id: int) -> HttpResponse:
    """Carry out somebody's decision on a row that only a person can settle."""
    row = get_object_or_404(Submission, pk=row_id, run=run_of(membership, run_id))
    try:
        settle_review(row, Decision(request.POST.get("decision", "")), membership.user_id)
    except ValueError:
        raise SuspiciousOperation("There is no such decision.") from None
    except Remedy as reason:
        messages.error(request, advice_of(reason))
    return redirect("run", run_id)


@require_POST
@members_who(Permission.IMPORT)
def retry_run(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    stopped = run_of(membership, run_id)
    again = retry_import(stopped, membership.user_id)
    if stopped.stage == ImportRun.Stage.AWAITING:
        messages.warning(request, f"Waiting for approval. {stopped.waits_because}")
        return redirect("run", run_id)
    if stopped.connection is not None and stopped.connection.asks_for_word:
        work_in_background(stopped)
    messages.success(request, f"Trying again: {counted(again, 'row')}." if again else "Trying again.")
    return redirect("run", run_id)
