"""What a partner has to do: new cases first, then what else has a deadline, quotes, and money to remit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from arrears.core.case import Party
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.models import Case, Task
from arrears.desk.money.list_unsettled import list_unsettled
from arrears.desk.quotes.list_invitations import list_invitations
from arrears.desk.talk.list_tasks import list_tasks
from arrears.web.case_pieces import payment_lines
from arrears.web.portal.addresses import case_url
from arrears.web.portal.quotes import invitations
from arrears.web.tenancy import for_partners

#: As many of each kind as one looks through; the lists behind them have all.
_MOST = 25

_OTHER_KINDS = [kind for kind in TaskKind if kind not in (TaskKind.VERIFY_CASE, TaskKind.SETTLE_PAYMENT)]
#: Where a task is done, when that is a page of its own.
_ACTS = {TaskKind.MONTHLY_UPDATE: "update", TaskKind.DECIDE_WITHDRAWAL: "withdrawal"}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do on a case, and where it is done."""

    label: str
    case: Case
    due: date | None
    late: bool
    url: str


@require_safe
@for_partners
def portal_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    clock = adapters().clock
    today = clock.today()
    new = list_tasks(actor, kinds=[TaskKind.VERIFY_CASE])
    others = list_tasks(actor, kinds=_OTHER_KINDS)
    quotes = list_invitations(actor, waiting=True, now=clock.now())
    unsettled = list_unsettled(actor, owed_by=Party.PARTNER)
    context = {
        "new": [_to_do(task, today) for task in new[:_MOST]],
        "new_count": new.count(),
        "others": [_to_do(task, today) for task in others[:_MOST]],
        "others_count": others.count(),
        "quotes": invitations(actor, list(quotes[:_MOST])),
        "quotes_count": quotes.count(),
        "remit": payment_lines(unsettled[:_MOST]),
        "remit_count": unsettled.count(),
        "today": today,
    }
    return render(request, "portal/home.html", context)


def _to_do(task: Task, today: date) -> ToDo:
    assert task.case is not None  # noqa: S101 # a partner's tasks are all about cases
    kind = TaskKind(task.kind)
    return ToDo(
        kind.label, task.case, task.due_on, bool(task.due_on and task.due_on < today), _where(task, kind)
    )


def _where(task: Task, kind: TaskKind) -> str:
    case = task.case
    assert case is not None  # noqa: S101 # see above
    if kind is TaskKind.ANSWER_COMPLAINT:
        return reverse("portal_case_act_on", args=[case.reference, "respond", task.subject])
    name = _ACTS.get(kind)
    return reverse("portal_case_act", args=[case.reference, name]) if name else case_url(case)
