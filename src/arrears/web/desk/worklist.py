"""The worklist: what an operator has to do, what others are late with, and how many cases stand where."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.core.case import Party
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.cases.count_cases import count_cases
from arrears.desk.talk.list_all_tasks import list_all_tasks
from arrears.web.desk.case_shown import task_line
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_operators

#: An operator's own tasks on one page: more are worked from the top all the same.
_MOST_OWN = 200
_PAGE = 50

PARTIES = {Party.PARTNER: "Partners", Party.CREDITOR: "Creditors"}


@require_safe
@for_operators
def worklist(request: HttpRequest, actor: Actor) -> HttpResponse:
    today = adapters().clock.today()
    party = next((one for one in PARTIES if one.value == request.GET.get("party")), None)
    kind = next((one for one in TaskKind if one.value == request.GET.get("kind")), None)
    mine = list_all_tasks(actor, party=Party.OPERATOR, kind=kind)
    theirs = list_all_tasks(actor, party=party, kind=kind, late_on=today).exclude(party=Party.OPERATOR.value)
    page = Paginator(theirs, _PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "groups": _groups([task_line(task, today) for task in mine[:_MOST_OWN]]),
        "own_count": mine.count(),
        "most_own": _MOST_OWN,
        "page": page,
        "late": [task_line(task, today) for task in page.object_list],
        "today": today,
        "party": party,
        "kind": kind,
        "parties": PARTIES,
        "kinds": TaskKind,
        "counts": count_cases(actor),
        "lifecycles": LIFECYCLES,
    }
    return render(request, "desk/worklist.html", context)


def _groups(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """One group a kind, the kind with the most urgent task first; within it the order stays."""
    order = list(dict.fromkeys(line["label"] for line in lines))
    by_kind = sorted(lines, key=lambda line: order.index(line["label"]))
    return [(label, list(group)) for label, group in groupby(by_kind, key=lambda line: line["label"])]
