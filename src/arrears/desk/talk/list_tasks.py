"""List tasks."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, QuerySet

from arrears.core.case import Party
from arrears.core.task import TaskKind, TaskStatus
from arrears.desk.actors import Actor, case_for, cases_of
from arrears.desk.models import Task


def list_tasks(
    actor: Actor,
    *,
    status: TaskStatus | None = TaskStatus.OPEN,
    kinds: Collection[TaskKind] = (),
    case_id: UUID | str | None = None,
) -> QuerySet[Task]:
    """What the actor's side has to do, or has done, the most urgent first. The order is total, for paging.

    With a case only that case's: what is about the whole account is not among them. Raises NotThere.
    """
    tasks = _tasks_of(actor).select_related("case")
    if case_id is not None:
        tasks = tasks.filter(case=case_for(actor, case_id))
    if status is not None:
        tasks = tasks.filter(solved_at__isnull=status is TaskStatus.OPEN)
    if kinds:
        tasks = tasks.filter(kind__in=[kind.value for kind in kinds])
    return tasks.order_by(F("due_on").asc(nulls_last=True), "opened_at", "pk")


def _tasks_of(actor: Actor) -> QuerySet[Task]:
    tasks = Task.objects.filter(party=actor.party.value)
    if actor.party is Party.CREDITOR:
        return tasks.filter(creditor_id=actor.organisation)
    if actor.party is Party.PARTNER:
        return tasks.filter(case__in=cases_of(actor))
    return tasks
