"""The partner's cases: what there is to do, reading them, and everything a partner decides about one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.core.task import TaskKind, TaskStatus
from arrears.desk.actors import cases_of
from arrears.desk.api import partner_wire as wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once
from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.labels import STATUS_NAMES, statuses_of
from arrears.desk.api.paging import Page
from arrears.desk.api.partner_auth import PartnerCaller, partner_caller
from arrears.desk.api.partner_show import show_case, show_detail
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.read_case import read_case
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.models import Task
from arrears.desk.talk.list_tasks import list_tasks

router = Router(tags=["Cases"], by_alias=True)

_Detail = wire.PartnersCaseDetail


@router.get(
    "/tasks",
    response={200: wire.TaskList, **READING},
    operation_id="listTasks",
    summary="What you have to do, the most urgent first",
    tags=["Tasks"],
)
def tasks(
    request: HttpRequest,
    status: Annotated[TaskStatus, Query(alias="Status")] = TaskStatus.OPEN,
    kinds: Annotated[list[TaskKind], Query(alias="Types")] = [],  # noqa: B006 - never changed
    case_id: Annotated[UUID | None, Query(alias="CaseId")] = None,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> wire.TaskList:
    who, asked = partner_caller(request), Page.of(page, page_size)
    found, where = asked.cut(list_tasks(who.actor, status=status, kinds=kinds, case_id=case_id))
    return wire.TaskList(page=where, tasks=[_task(task) for task in found])


def _task(task: Task) -> wire.TaskShown:
    """`about` tells two tasks of one type apart: a complaint's number, or an id."""
    return wire.TaskShown(
        id=task.public_id,
        type=task.kind,
        case_id=task.case.public_id if task.case else None,
        case_reference=task.case.reference if task.case else None,
        about=task.subject or None,
        status=(TaskStatus.SOLVED if task.solved_at else TaskStatus.OPEN).value,
        deadline=task.due_on,
        date_created=task.opened_at,
        date_solved=task.solved_at,
    )


@router.get(
    "/cases",
    response={200: wire.PartnersCaseList, **READING},
    operation_id="listCases",
    summary="Your cases, those that changed last first",
)
def cases(
    request: HttpRequest,
    statuses: Annotated[list[str], Query(alias="Statuses")] = [],  # noqa: B006 - never changed
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> wire.PartnersCaseList:
    asked = Page.of(page, page_size)
    mine = cases_of(partner_caller(request).actor).select_related("creditor")
    if statuses:
        known, unknown = statuses_of(statuses)
        if unknown:
            raise FieldErrors(
                {"statuses": [f"There is no such status. Known are {', '.join(STATUS_NAMES)}."]}
            )
        mine = mine.filter(lifecycle__in=[lifecycle.value for lifecycle in known])
    found, where = asked.cut(mine.order_by("-updated_at", "-pk"))
    return wire.PartnersCaseList(page=where, cases=[show_case(case) for case in found])


@router.get(
    "/cases/{piece:case_id}",
    response={200: _Detail, **READING},
    operation_id="readCase",
    summary="Read a case with its timeline",
)
def read(request: HttpRequest, case_id: UUID) -> wire.PartnersCaseDetail:
    who = partner_caller(request)
    return show_detail(read_case(who.actor, case_id), who.today)


@router.post(
    "/cases/{piece:case_id}/accept",
    response={200: _Detail, **CHANGING},
    operation_id="acceptCase",
    summary="Take a case",
    openapi_extra=KEYED,
)
def accept(request: HttpRequest, case_id: UUID, asked: wire.AcceptAsked) -> HttpResponse:
    return _changed(
        request,
        case_id,
        "accept",
        lambda who: accept_case(
            who.actor,
            case_id,
            interest_fees=asked.interest_fees,
            reminder_fees=asked.reminder_fees,
            collection_fees=asked.collection_fees,
            welcome=asked.welcome,
            partner_reference=asked.partner_reference,
            now=who.now,
            today=who.today,
        ),
    )


@router.post(
    "/cases/{piece:case_id}/decline",
    response={200: wire.Declined, **CHANGING},
    operation_id="declineCase",
    summary="Turn a case down",
    openapi_extra=KEYED,
)
def decline(request: HttpRequest, case_id: UUID, asked: wire.ReasonAsked) -> HttpResponse:
    who = partner_caller(request)

    def work() -> wire.Declined:
        case = decline_case(who.actor, case_id, asked.reason, now=who.now, today=who.today)
        return wire.Declined(id=case.public_id, reference=case.reference)

    return done_once(request, who, "partner decline", work)


@router.post(
    "/cases/{piece:case_id}/questions",
    response={200: _Detail, **CHANGING},
    operation_id="askCreditor",
    summary="Ask the creditor what you need to know before you can go on",
    openapi_extra=KEYED,
)
def ask(request: HttpRequest, case_id: UUID, asked: wire.QuestionsAsked) -> HttpResponse:
    items = [(one.area, one.question) for one in asked.questions]
    return _changed(
        request,
        case_id,
        "questions",
        lambda who: ask_info(who.actor, case_id, items, now=who.now, today=who.today),
    )


@router.post(
    "/cases/{piece:case_id}/pause",
    response={200: _Detail, **CHANGING},
    operation_id="pauseCase",
    summary="Put a case on hold",
    openapi_extra=KEYED,
)
def pause(request: HttpRequest, case_id: UUID, asked: wire.ReasonAsked) -> HttpResponse:
    return _changed(
        request, case_id, "pause", lambda who: pause_case(who.actor, case_id, asked.reason, now=who.now)
    )


@router.post(
    "/cases/{piece:case_id}/resume",
    response={200: _Detail, **CHANGING},
    operation_id="resumeCase",
    summary="Work a paused case again",
    openapi_extra=KEYED,
)
def resume(request: HttpRequest, case_id: UUID, asked: wire.ReasonAsked) -> HttpResponse:
    return _changed(
        request, case_id, "resume", lambda who: resume_case(who.actor, case_id, asked.reason, now=who.now)
    )


@router.post(
    "/cases/{piece:case_id}/phase",
    response={200: _Detail, **CHANGING},
    operation_id="changePhase",
    summary="Begin a case's next phase",
    openapi_extra=KEYED,
)
def phase(request: HttpRequest, case_id: UUID, asked: wire.PhaseAsked) -> HttpResponse:
    return _changed(
        request,
        case_id,
        "phase",
        lambda who: change_phase(who.actor, case_id, asked.phase, asked.note, now=who.now),
    )


@router.post(
    "/cases/{piece:case_id}/close",
    response={200: _Detail, **CHANGING},
    operation_id="closeCase",
    summary="Close a case, with the reason",
    openapi_extra=KEYED,
)
def close(request: HttpRequest, case_id: UUID, asked: wire.CloseAsked) -> HttpResponse:
    return _changed(
        request,
        case_id,
        "close",
        lambda who: close_case(who.actor, case_id, asked.code, asked.reason, now=who.now),
    )


@router.post(
    "/cases/{piece:case_id}/withdrawal",
    response={200: _Detail, **CHANGING},
    operation_id="decideWithdrawal",
    summary="Agree to the creditor's withdrawal, or go on for a reason",
    openapi_extra=KEYED,
)
def withdrawal(request: HttpRequest, case_id: UUID, asked: wire.WithdrawalAsked) -> HttpResponse:
    return _changed(
        request,
        case_id,
        "withdrawal",
        lambda who: decide_withdrawal(
            who.actor, case_id, asked.agree, asked.reason, now=who.now, today=who.today
        ),
    )


@router.post(
    "/cases/{piece:case_id}/promises",
    response={200: _Detail, **CHANGING},
    operation_id="recordPromise",
    summary="Record a written promise to pay, or a signed payment agreement",
    openapi_extra=KEYED,
)
def promise(request: HttpRequest, case_id: UUID, asked: wire.PromiseAsked) -> HttpResponse:
    return _changed(
        request,
        case_id,
        "promise",
        lambda who: record_promise(
            who.actor,
            case_id,
            asked.kind,
            asked.event_date,
            asked.amount,
            asked.note,
            now=who.now,
            today=who.today,
        ),
    )


def _changed(
    request: HttpRequest, case_id: UUID, operation: str, verb: Callable[[PartnerCaller], object]
) -> HttpResponse:
    """Carry a verb out once and tell the case as it is then."""
    who = partner_caller(request)

    def work() -> wire.PartnersCaseDetail:
        verb(who)
        return show_detail(read_case(who.actor, case_id), who.today)

    return done_once(request, who, f"partner {operation}", work)
