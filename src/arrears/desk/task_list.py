"""Tasks open and solve themselves: after every change of a case, what is open is made what should be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from arrears.clock import london_date
from arrears.core.case import HIDDEN_FROM_PARTNERS, Lifecycle, Party
from arrears.core.complaint import SETTLED, ComplaintState
from arrears.core.payment import Recipient
from arrears.core.task import (
    CaseFacts,
    TaskKind,
    due_of_open,
    follow_up_by,
    reply_by,
    update_due,
    verify_by,
    wanted_tasks,
)
from arrears.desk import outbox
from arrears.desk.models import Assignment, Case, CaseEvent, EventKind, Partner, Payment, Task
from arrears.desk.unsettled import UNSETTLED

_QUOTES_WANTED = frozenset({Lifecycle.COLLECTING_QUOTES, Lifecycle.PENDING_QUOTE_SELECTION})
_ASKED = frozenset({Lifecycle.PENDING_CHECK, Lifecycle.MORE_INFO})


def reconcile_tasks(case: Case, *, now: datetime) -> None:
    """Open the tasks that are missing and solve those no longer wanted, in the change's transaction."""
    facts = _facts(case, london_date(now))
    wanted = {(task.party.value, task.kind.value, task.subject): task for task in wanted_tasks(facts)}
    of_account = Q(case=None, kind=TaskKind.SIGN_CONTRACT)
    open_now = Task.objects.filter(Q(case=case) | of_account, creditor_id=case.creditor_id, solved_at=None)
    mine = {(task.party, task.kind, task.subject): task for task in open_now if task.case_id}
    _settle(mine, {key: task.due for key, task in wanted.items()}, now)
    missing = [
        Task(
            creditor_id=case.creditor_id,
            case=case,
            party=task.party.value,
            kind=task.kind.value,
            subject=task.subject,
            due_on=task.due,
            opened_at=now,
        )
        for key, task in wanted.items()
        if key not in mine
    ]
    Task.objects.bulk_create(missing)
    _announce(case, missing, now)
    if _signing_may_differ(case, any(task.case_id is None for task in open_now)):
        _announce(case, reconcile_account_tasks(case.creditor_id, now=now), now)


def reconcile_account_tasks(creditor_id: int, *, now: datetime) -> list[Task]:
    """Open or solve the creditor's task to sign what its cases wait for. Returns what was opened."""
    task = {
        "creditor_id": creditor_id,
        "case": None,
        "party": Party.CREDITOR.value,
        "kind": TaskKind.SIGN_CONTRACT.value,
        "solved_at": None,
    }
    waiting = Case.objects.filter(
        creditor_id=creditor_id, lifecycle=Lifecycle.PENDING_SIGNING.value, is_test=False
    )
    if not waiting.exists():
        Task.objects.filter(**task).update(solved_at=now)
        return []
    found, is_new = Task.objects.get_or_create(**task, defaults={"opened_at": now})
    return [found] if is_new else []


def _signing_may_differ(case: Case, signing_is_asked: bool) -> bool:
    """Whether a case that waits for a signature, or no longer does, may change the account's task."""
    waits = case.lifecycle == Lifecycle.PENDING_SIGNING.value and not case.is_test
    return waits != signing_is_asked


def _settle(mine: dict[tuple[str, str, str], Task], due: dict[Any, date | None], now: datetime) -> None:
    for key, task in mine.items():
        if key not in due:
            task.solved_at = now
            task.save(update_fields=["solved_at"])
            continue
        due_on = due_of_open(TaskKind(task.kind), task.due_on, due[key])
        if task.due_on != due_on:
            task.due_on = due_on
            task.save(update_fields=["due_on"])


def _announce(case: Case, opened: Iterable[Task], now: datetime) -> None:
    """Subscriptions are the creditor's, so only its own tasks are told."""
    for task in opened:
        if task.party == Party.CREDITOR.value:
            told = {"taskId": str(task.public_id), "type": task.kind}
            outbox.announce(case, "task.created", now=now, data=told)


def _facts(case: Case, today: date) -> CaseFacts:
    """How the case stands. Looks only where something can be: a new case costs two or three short queries."""
    lifecycle = Lifecycle(case.lifecycle)
    facts: dict[str, Any] = {
        "lifecycle": lifecycle,
        "has_partner": case.partner_id is not None,
        "is_test": case.is_test,
        "info_due": case.info_due,
        "withdrawal_asked": case.withdrawal_asked_at is not None,
    }
    if case.accepted_at is not None:
        facts["answer_overdue"] = case.info_due is not None and case.info_due < today
        facts |= _complaints(case) | _payments(case)
    if case.is_test or lifecycle is Lifecycle.CLOSED:
        return CaseFacts(**facts)
    facts |= _replies(case)
    if lifecycle in _ASKED:
        facts |= _questions(case)
    elif lifecycle is Lifecycle.PENDING_VERIFICATION:
        facts |= _verification(case)
    elif lifecycle in _QUOTES_WANTED:
        facts |= _quotes(case)
    elif lifecycle is Lifecycle.ACTIVE:
        facts |= _update(case, today)
    elif lifecycle is Lifecycle.PAUSED:
        facts |= _pause(case)
    return CaseFacts(**facts)


def _complaints(case: Case) -> dict[str, Any]:
    """Those that somebody has to answer, and those that an operator has to take further."""
    awaiting = ComplaintState.AWAITING_RESPONSE.value
    is_open = case.complaints.exclude(state__in=[state.value for state in SETTLED]).order_by("number")
    rows = list(is_open.values_list("number", "state", "answer_due"))
    return {
        "complaints_to_answer": tuple((number, due) for number, state, due in rows if state == awaiting),
        "complaints_to_decide": tuple(number for number, state, _ in rows if state != awaiting),
    }


def _payments(case: Case) -> dict[str, Any]:
    """What is not passed on yet: by who received the money or, of a reversed payment, by the other side."""
    return {
        "payments_to_settle": tuple(
            (str(payment.public_id), _debtor_of(payment, case), payment.settle_by)
            for payment in case.payments.filter(UNSETTLED)
        )
    }


def _debtor_of(payment: Payment, case: Case) -> Party:
    """A partner that has the case no longer does not see its tasks: an operator has to remind it."""
    if (payment.recipient == Recipient.CREDITOR.value) != (payment.reversed_at is not None):
        return Party.CREDITOR
    return Party.PARTNER if payment.partner_id == case.partner_id else Party.OPERATOR


def _replies(case: Case) -> dict[str, Any]:
    """Whoever did not write last has to answer. The welcome at an acceptance asks for nothing."""
    last = case.messages.order_by("at", "pk").values_list("party", "at").last()
    if last is None or (last[0] == Party.PARTNER.value and last[1] == case.accepted_at):
        return {}
    due = reply_by(london_date(last[1]))
    if last[0] != Party.CREDITOR.value:
        return {"creditor_reply_by": due}
    reads = case.partner_id is not None and case.lifecycle not in HIDDEN_FROM_PARTNERS
    return {"partner_reply_by": due} if reads else {"operator_reply_by": due}


def _questions(case: Case) -> dict[str, Any]:
    """What the check still finds is an operator's to look at once no grace runs any more."""
    waiting = set(
        case.info_requests.filter(answered_at=None, settled_at=None).values_list("party", flat=True)
    )
    return {
        "info_asked_by_partner": Party.PARTNER.value in waiting,
        "check_failed": bool(waiting) and case.check_after is None,
    }


def _verification(case: Case) -> dict[str, Any]:
    """Counted from when the case was given to the partner, or came back to it with an answer."""
    entered = CaseEvent.objects.filter(
        case=OuterRef("case"), kind=EventKind.LIFECYCLE, data__to=Lifecycle.PENDING_VERIFICATION.value
    )
    back = Subquery(entered.order_by("-at", "-pk").values("at")[:1])
    waiting = case.assignments.filter(outcome=Assignment.Outcome.WAITING, partner=case.partner)
    since = waiting.order_by("given_at").values_list(Greatest("given_at", back), flat=True).last()
    return {"verify_by": verify_by(london_date(since or case.updated_at))}


def _quotes(case: Case) -> dict[str, Any]:
    invited = Exists(Partner.objects.filter(invitations=OuterRef("pk")))
    waiting = case.quote_requests.filter(decided_at=None)
    asked = waiting.values_list("public_id", "decide_by", invited).first()
    if asked is None:
        return {}
    return {"quote_request": str(asked[0]), "decide_quotes_by": asked[1], "invited_partner": asked[2]}


def _update(case: Case, today: date) -> dict[str, Any]:
    if case.accepted_at is None or case.partner_id is None:
        return {}
    last = case.updates.order_by("month").values_list("month", flat=True).last()
    return {"update_due": update_due(london_date(case.accepted_at), last, today)}


def _pause(case: Case) -> dict[str, Any]:
    paused = case.events.filter(kind=EventKind.LIFECYCLE, data__to=Lifecycle.PAUSED.value)
    at = paused.order_by("at", "pk").values_list("at", flat=True).last()
    return {"paused_follow_up": follow_up_by(london_date(at or case.updated_at))}
