"""One case as its partner works it: what has to be done, the debtor, the money, and everything said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.core.case import Lifecycle
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor, NotThere
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.download import download
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case
from arrears.desk.money.list_payments import list_payments
from arrears.desk.periods import period_of
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.list_tasks import list_tasks
from arrears.desk.talk.mark_seen import mark_seen
from arrears.desk.talk.read_document import read_document
from arrears.web.act_forms import METHODS
from arrears.web.case_pieces import payment_lines
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.portal.act import offered
from arrears.web.talk_acts import readable
from arrears.web.tenancy import for_partners

_EVENTS = 50


@require_safe
@for_partners
def portal_case(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    try:
        case = read_case_named(actor, reference)
    except NotThere:
        raise Http404 from None
    answer = render(request, "portal/case.html", _context(request, actor, case))
    if request.method == "GET":
        mark_seen(actor, case.public_id, now=adapters().clock.now())
    return answer


@require_safe
@for_partners
def portal_case_document(
    _request: HttpRequest, actor: Actor, reference: str, document_id: UUID
) -> HttpResponse:
    try:
        document = read_document(actor, document_id, reference=reference, now=adapters().clock.now())
    except NotThere:
        raise Http404 from None
    return download(document.name, document.media_type, bytes(document.content))


def _context(request: HttpRequest, actor: Actor, case: Case) -> dict[str, Any]:
    today = adapters().clock.today()
    tasks = list(list_tasks(actor, case_id=case.public_id))
    events = Paginator(case.events.order_by("-at", "-pk"), _EVENTS)
    return {
        "case": case,
        "look": LIFECYCLES[Lifecycle(case.lifecycle)],
        "offered": offered(case),
        "tasks": [(TaskKind(task.kind).label, task.due_on) for task in tasks],
        "today": today,
        "left": left_to_pay(case),
        "period": period_of(case, today),
        "payments": payment_lines(list_payments(actor, case.public_id, reversed_too=True)),
        "methods": METHODS,
        "messages_shown": list(list_messages(actor, case.public_id)),
        "documents": list(list_documents(actor, case.public_id)),
        "questions": list(case.info_requests.all()),
        "updates": list(case.updates.all()),
        "complaints": list(list_complaints(actor, case.public_id)),
        "quote_requests": list(list_quote_requests(actor, case_id=case.public_id)),
        "readable": readable(case),
        "page": events.get_page(request.GET.get("page")),
    }
