"""List what everybody has to do."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from arrears.core.case import Party
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Task
from arrears.desk.roles import only


def list_all_tasks(
    actor: Actor,
    *,
    party: Party | None = None,
    kind: TaskKind | None = None,
    late_on: date | None = None,
    case_id: UUID | str | None = None,
) -> QuerySet[Task]:
    """The open tasks of all sides, or of one, for an operator; the most urgent first, in a total order.

    With `late_on` only those that were due before that day. Raises Refused and NotThere.
    """
    only(actor, Party.OPERATOR)
    tasks = Task.objects.filter(solved_at=None).select_related("case__partner", "creditor")
    if case_id is not None:
        tasks = tasks.filter(case=case_for(actor, case_id))
    if party is not None:
        tasks = tasks.filter(party=party.value)
    if kind is not None:
        tasks = tasks.filter(kind=kind.value)
    if late_on is not None:
        tasks = tasks.filter(due_on__lt=late_on)
    return tasks.order_by(F("due_on").asc(nulls_last=True), "opened_at", "pk")
