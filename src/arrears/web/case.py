"""One case: the facts, the money, who works it and why, what has happened; more when our desk works it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import AuditEntry, Membership
from arrears.accounts.read_audit import audit_of
from arrears.bridge.models import Submission
from arrears.bridge.read_case import read_case
from arrears.core.access import Permission
from arrears.core.quote import Compared, QuoteState, price_text
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor, NotThere
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.models import Case, Quote, QuoteRequest
from arrears.desk.money.list_payments import list_payments
from arrears.desk.periods import period_of
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.quotes.list_quotes import list_quotes
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.list_tasks import list_tasks
from arrears.desk.talk.mark_seen import mark_seen
from arrears.ports import Remedy
from arrears.web.case_actions import ACTS, offered
from arrears.web.case_pieces import payment_lines
from arrears.web.collector_case import collector_case
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.paid_elsewhere import paid_on
from arrears.web.talk_acts import readable
from arrears.web.tenancy import creditor_actor, for_members

#: So many lines of the audit trail are shown with a case; the trail itself has all.
_TRAIL = 10


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """One offer beside the others."""

    quote: Quote
    price: str
    compared: Compared

    @property
    def acceptable(self) -> bool:
        return self.quote.state == QuoteState.OFFERED


@require_safe
@for_members
def case(request: HttpRequest, membership: Membership, reference: str) -> HttpResponse:
    if not reference.isprintable():  # no database holds such a name
        raise Http404
    try:
        found = read_case(membership.organisation_id, reference)
    except Remedy as reason:
        return render(
            request, "case_unreadable.html", {"reference": reference, "problem": str(reason)}, status=503
        )
    actor = creditor_actor(membership)
    if found and found.account:
        return collector_case(request, membership, found)
    at_desk = _at_desk(actor, found.case.reference if found else reference)
    # A case that was opened otherwise than by an import is known to the desk alone.
    stated = found.case if found else (at_desk.as_stated() if at_desk else None)
    if stated is None:
        raise Http404
    submission = (
        Submission.objects.filter(
            organisation=membership.organisation_id,
            run__collector=None,
            reference=stated.creditor_reference,
        )
        .select_related("run")
        .last()
    )
    context = {
        "case": stated,
        "look": LIFECYCLES[stated.lifecycle],
        "paid": paid_on(membership.organisation_id, None, stated),
        "submission": submission,
        "desk": _desk_side(actor, at_desk) if at_desk else None,
        "trail": _trail(membership, stated.reference),
    }
    answer = render(request, "case.html", context)
    if at_desk and request.method == "GET":
        mark_seen(actor, at_desk.public_id, now=adapters().clock.now())
    return answer


def _trail(membership: Membership, reference: str) -> list[AuditEntry]:
    """What people of the organisation did with the case, for those who may read the audit trail."""
    if not membership.may(Permission.AUDIT):
        return []
    return audit_of(membership.organisation_id, f"case {reference}", _TRAIL)


def _at_desk(actor: Actor, reference: str) -> Case | None:
    """The case at our own desk; None where another collector has it."""
    try:
        return read_case_named(actor, reference)
    except NotThere:
        return None


def _desk_side(actor: Actor, case: Case) -> dict[str, Any]:
    """What only our own desk can tell, and what can be done there."""
    today = adapters().clock.today()
    request = list_quote_requests(actor, case_id=case.public_id).first()
    return {
        "case": case,
        "today": today,
        "offered": offered(case),
        "tasks": [
            (TaskKind(task.kind).label, task.due_on) for task in list_tasks(actor, case_id=case.public_id)
        ],
        "may_answer": ACTS["answer"].when(case),
        "questions": list(case.info_requests.filter(answered_at=None, settled_at=None)),
        "messages": list(list_messages(actor, case.public_id)),
        "events": list(case.events.all()),
        "documents": list(list_documents(actor, case.public_id)),
        "payments": payment_lines(list_payments(actor, case.public_id, reversed_too=True)),
        "updates": list(case.updates.all()),
        "complaints": list(list_complaints(actor, case.public_id)),
        "period": period_of(case, today),
        "readable": readable(case),
        "request": request,
        "quotes": _quotes(actor, request) if request else [],
    }


def _quotes(actor: Actor, request: QuoteRequest) -> list[QuoteShown]:
    """The offers for a request, the cheapest first."""
    known = {str(quote.public_id): quote for quote in list_quotes(actor, request.public_id)}
    return [
        QuoteShown(known[one.key], price_text(one.offer), one)
        for one in compare_quotes(actor, request.public_id)
        if one.key in known
    ]
