"""Money that reached the creditor and that the collector does not know of: say so, or let it be."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.dismiss_paid import dismiss_paid
from arrears.bridge.models import CollectorAccount, PaidElsewhere
from arrears.bridge.report_paid import report_paid
from arrears.core.access import Permission
from arrears.core.money import Money
from arrears.core.paid_elsewhere import draft
from arrears.ports import Case, OutcomeUnknown, Remedy
from arrears.web.collector_names import CollectorShown, shown_of
from arrears.web.posted import message_text, text_problem
from arrears.web.remedies import advice_of
from arrears.web.tenancy import members_who

#: The most that the home page shows at once; the rest follows as these are answered.
_MOST = 20


@dataclass(frozen=True, slots=True)
class PaidShown:
    """One sum to be reported, with the message that would report it."""

    row: PaidElsewhere
    amount: Money
    numbers: tuple[str, ...]
    reference: str
    collector: CollectorShown
    draft: str


def waiting_for(organisation: int) -> list[PaidShown]:
    """What has not been answered yet, the most urgent first."""
    return [_shown(row) for row in _waiting(organisation).order_by("report_by", "pk")[:_MOST]]


def paid_on(organisation: int, account: CollectorAccount | None, case: Case) -> list[PaidShown]:
    """What has not been answered yet about one case."""
    rows = _waiting(organisation).filter(submission__run__collector=account, submission__case_id=case.id)
    return [_shown(row) for row in rows]


def _waiting(organisation: int) -> models.QuerySet[PaidElsewhere]:
    mine = PaidElsewhere.objects.filter(submission__organisation_id=organisation)
    waiting = mine.filter(reported_at=None, dismissed_at=None)
    return waiting.select_related("submission__run__collector")


def _shown(row: PaidElsewhere) -> PaidShown:
    amount = Money(row.amount, row.currency).rounded()
    submission = row.submission
    numbers = tuple(submission.invoice_numbers)
    return PaidShown(
        row=row,
        amount=amount,
        numbers=numbers,
        reference=submission.case_reference,
        collector=shown_of(submission.run.collector),
        draft=draft(amount, numbers, row.paid_on),
    )


@require_POST
@members_who(Permission.ACT)
def report_paid_now(request: HttpRequest, membership: Membership, row_id: int) -> HttpResponse:
    row = _row_of(membership, row_id)
    text = message_text(request)
    if problem := text_problem(text):
        messages.error(request, problem)
        return _back(request, row)
    try:
        sent = report_paid(row, text)
    except OutcomeUnknown as reason:
        messages.warning(request, str(reason))
    except Remedy as reason:
        messages.error(request, f"The message was not sent. {advice_of(reason)}")
    else:
        if sent:
            messages.success(request, "The collector has been told about the money paid to you.")
        else:
            messages.warning(request, "This has been answered already, or is on its way at this moment.")
    return _back(request, row)


@require_POST
@members_who(Permission.ACT)
def dismiss_paid_now(request: HttpRequest, membership: Membership, row_id: int) -> HttpResponse:
    row = _row_of(membership, row_id)
    if dismiss_paid(row):
        messages.success(request, "Dismissed. You are asked again only if more comes in.")
    else:
        messages.warning(request, "This has been answered already.")
    return _back(request, row)


def _row_of(membership: Membership, row_id: int) -> PaidElsewhere:
    """Answered ones too: pressing a button twice is no mistake."""
    rows = PaidElsewhere.objects.select_related("submission__run__collector")
    return get_object_or_404(rows, pk=row_id, submission__organisation_id=membership.organisation_id)


def _back(request: HttpRequest, row: PaidElsewhere) -> HttpResponse:
    """To the case when it was sent from there, else home: never to an address that a form names."""
    if request.POST.get("next") == "case" and row.submission.case_reference:
        return redirect("case", row.submission.case_reference)
    return redirect("home")
