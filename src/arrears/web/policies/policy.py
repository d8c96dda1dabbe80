"""One escalation policy: what it does, each time it was evaluated, and why it took each invoice or not."""

from __future__ import annotations

from typing import Literal, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import EscalationPolicy, PolicyDecision, PolicyRun
from arrears.clock import london_date
from arrears.web.collector_names import shown_of
from arrears.web.exports import Column, export
from arrears.web.tenancy import for_members

_PAGE = 50
_COLUMNS = (Column("Invoice"), Column("Decision"), Column("Why"), Column("Codes"))

#: What the decisions of an evaluation are filtered by, with the words for it.
_WHICH = {"": "All", "taken": "Taken", "left": "Left"}


@require_safe
@for_members
def policy(request: HttpRequest, membership: Membership, policy_id: int) -> HttpResponse:
    mine = EscalationPolicy.objects.select_related("connection", "collector", "created_by")
    one = get_object_or_404(mine, pk=policy_id, organisation=membership.organisation_id)
    page = Paginator(one.evaluations.select_related("import_run"), _PAGE).get_page(request.GET.get("page"))
    context = {"policy": one, "collector": shown_of(one.collector), "page": page}
    return render(request, "policies/policy.html", context)


@require_safe
@for_members
def policy_evaluation(request: HttpRequest, membership: Membership, evaluation_id: int) -> HttpResponse:
    evaluation = _evaluation(membership, evaluation_id)
    which, code = _wanted(request)
    decisions = _decisions(evaluation, which, code)
    page = Paginator(decisions, _PAGE).get_page(request.GET.get("page"))
    context = {
        "evaluation": evaluation,
        "page": page,
        "which": which,
        "code": code,
        "choices": _WHICH,
        "codes": _codes(evaluation),
        "query": f"which={which}&code={code}&",
    }
    return render(request, "policies/policy_evaluation.html", context)


@require_safe
@for_members
def policy_export(
    request: HttpRequest, membership: Membership, evaluation_id: int, form: str
) -> HttpResponse:
    """The decisions that the page shows, as a file."""
    evaluation = _evaluation(membership, evaluation_id)
    if form not in ("csv", "xlsx"):
        raise Http404
    decisions = _decisions(evaluation, *_wanted(request))
    rows = (
        (one.invoice_number, "Taken" if one.taken else "Left", one.reason, ", ".join(one.codes))
        for one in decisions.iterator(2_000)
    )
    name = f"policy-{evaluation.policy_id}-{london_date(evaluation.slot).isoformat()}"
    return export(cast("Literal['csv', 'xlsx']", form), name, _COLUMNS, rows)


def _evaluation(membership: Membership, evaluation_id: int) -> PolicyRun:
    mine = PolicyRun.objects.select_related("policy__connection", "import_run")
    return get_object_or_404(mine, pk=evaluation_id, policy__organisation=membership.organisation_id)


def _wanted(request: HttpRequest) -> tuple[str, str]:
    """Which decisions the address asks for; what it does not know it ignores."""
    which, code = request.GET.get("which", ""), request.GET.get("code", "")
    known = code.isascii() and code.replace("_", "").isalnum()
    return which if which in _WHICH else "", code if known else ""


def _decisions(evaluation: PolicyRun, which: str, code: str) -> QuerySet[PolicyDecision]:
    decisions = evaluation.decisions.order_by("-taken", "pk")
    if which:
        decisions = decisions.filter(taken=which == "taken")
    return decisions.filter(codes__contains=[code]) if code else decisions


def _codes(evaluation: PolicyRun) -> dict[str, str]:
    """The reasons in this evaluation, with the words for them."""
    found = {
        code for codes in evaluation.decisions.values_list("codes", flat=True).distinct() for code in codes
    }
    return {code: WORDS.get(code, code.replace("_", " ").capitalize()) for code in sorted(found)}


#: Reasons why an invoice was left, in words short enough for a list to choose from.
WORDS = {
    "submitted": "Already submitted",
    "not_eligible": "Cannot become a case as it stands",
    "no_due_date": "No due date",
    "too_young": "Not overdue for long enough",
    "value_unknown": "Amount cannot be converted",
    "below_policy_minimum": "Below the least amount",
    "customer_excluded": "Customer excluded",
    "tags_unknown": "Marks of the customer not known",
    "tag_excluded": "Customer’s mark excluded",
    "too_few_reminders": "Too few reminders",
    "reminders_unknown": "Reminders not known",
    "has_warnings": "Has warnings",
    "ceiling": "Ceiling reached",
    "above_ceiling": "Above the ceiling by itself",
    "moved": "Deleted or renumbered meanwhile",
}
