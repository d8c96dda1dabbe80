"""The account: who one is, who is in the team, and what there is to do."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router

from arrears.core.task import TaskKind, TaskStatus
from arrears.desk.api import wire_account as wire
from arrears.desk.api import wire_work
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import ErrorAnswer, FieldErrors, ProblemDetails
from arrears.desk.api.labels import RESOLVED_BY_CHAT, TASK_LABELS
from arrears.desk.api.links import SigningAsked, signing_url
from arrears.desk.api.paging import Page
from arrears.desk.api.people import user_uuid
from arrears.desk.api.show_cases import profile
from arrears.desk.models import Task
from arrears.desk.talk.list_tasks import list_tasks

router = Router(by_alias=True)

_BY_CHAT = wire_work.TaskAction(method="POST", path="/cases/{caseId}/chats")

_Status = Annotated[str, Query(alias="status")]
_Types = Annotated[list[str], Query(alias="type")]


@router.get(
    "/me", response={200: wire.Me, 401: None}, operation_id="readMe", summary="Whose key this is", tags=["Me"]
)
def me(request: HttpRequest) -> wire.Me:
    return wire.Me(**profile(caller(request).creditor))


@router.get(
    "/users",
    response={200: wire.UserList, 400: ProblemDetails, 401: ProblemDetails},
    operation_id="listUsers",
    summary="Your team",
    tags=["Users"],
)
def users(
    request: HttpRequest,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> wire.UserList:
    creditor = caller(request).creditor
    team = creditor.members.filter(is_active=True).order_by("email")
    found, where = Page.of(page, page_size, default_size=50).cut(team)
    people = [
        wire.TeamMember(id=user_uuid(creditor, user), name=user.get_full_name() or None, email=user.email)
        for user in found
    ]
    return wire.UserList(page=where, users=people)


@router.get(
    "/tasks",
    response={200: wire_work.TaskPage, 400: ErrorAnswer},
    operation_id="listTasks",
    summary="What you have to do, the most urgent first",
    tags=["Tasks"],
)
def tasks(
    request: HttpRequest,
    status: _Status = "Open",
    types: _Types = [],  # noqa: B006 - never changed
    page: Annotated[int, Query(alias="Page")] = 1,
    page_size: Annotated[int, Query(alias="PageSize")] = 10,
) -> wire_work.TaskPage:
    who = caller(request)
    asked = Page.of(page, page_size)
    found = list_tasks(who.actor, status=_status(status), kinds=_kinds(types))
    rows, where = asked.cut(found)
    return wire_work.TaskPage(page=where, tasks=[_task(who, task) for task in rows])


@router.get(
    "/cases/{piece:id}/tasks",
    response={200: list[wire_work.TaskShown], 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="listCaseTasks",
    summary="What you have to do about one case",
    tags=["Cases"],
)
def case_tasks(
    request: HttpRequest,
    id: UUID,  # noqa: A002 - as in the contract
    status: _Status = "Open",
    types: _Types = [],  # noqa: B006
) -> list[wire_work.TaskShown]:
    who = caller(request)
    found = list_tasks(who.actor, status=_status(status), kinds=_kinds(types), case_id=id)
    return [_task(who, task) for task in found]


def _status(text: str) -> TaskStatus:
    for status in TaskStatus:
        if status.value.lower() == text.strip().lower():
            return status
    raise FieldErrors({"status": ["The status must be Open or Solved."]})


def _kinds(names: list[str]) -> list[TaskKind]:
    known = {kind.value.lower(): kind for kind in TaskKind}
    if any(name.lower() not in known for name in names):
        raise FieldErrors({"type": [f"There is no such type of task. Known are {', '.join(TASK_LABELS)}."]})
    return [known[name.lower()] for name in names]


def _task(who: Caller, task: Task) -> wire_work.TaskShown:
    label, description = TASK_LABELS.get(task.kind, (task.kind, ""))
    title = f"{label}: case {task.case.reference}" if task.case else label
    return wire_work.TaskShown(
        id=task.public_id,
        type=task.kind,
        type_label=label,
        title=title,
        description=description or None,
        status=(TaskStatus.SOLVED if task.solved_at else TaskStatus.OPEN).value,
        case_id=task.case.public_id if task.case else None,
        case_reference=(task.case.creditor_reference or None) if task.case else None,
        lead_id=_lead(task),
        deadline=task.due_on,
        date_created=task.opened_at,
        date_solved=task.solved_at,
        solution_url=_where(who, task),
        action=_BY_CHAT if task.kind in RESOLVED_BY_CHAT else None,
    )


def _lead(task: Task) -> UUID | None:
    return UUID(task.subject) if task.kind == TaskKind.SELECT_QUOTE and task.subject else None


def _where(who: Caller, task: Task) -> str:
    """The page where a person can do it."""
    if task.case is None:
        return signing_url(SigningAsked(who.creditor.pk))
    case_page = reverse("case", args=[task.case.creditor_reference or task.case.reference])
    return f"{settings.ARREARS_URL}{case_page}"
