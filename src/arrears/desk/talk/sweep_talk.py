"""Do what only the calendar brings: updates and reviews become due, and those who are late are reminded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from arrears.core.case import Lifecycle
from arrears.core.task import REMIND_EVERY_DAYS, TaskKind, month_of, reported_if_accepted_before
from arrears.core.wording import date_text
from arrears.desk.actors import DESK
from arrears.desk.models import Case, CaseEvent, EventKind, StatusUpdate, Task
from arrears.desk.moves import write_down
from arrears.desk.task_list import reconcile_account_tasks, reconcile_tasks

_BATCH = 50


def sweep_talk(*, now: datetime, today: date) -> int:
    """Open what is due by now, remind of what is overdue, put right the tasks of accounts. Says how much.

    One batch of each, every case in its own transaction; the next sweep goes on. A case that somebody holds
    is left for it.
    """
    opened = _open_updates(now, today) + _open_reviews(now, today)
    return opened + _remind(now, today) + _settle_accounts(now)


def _open_updates(now: datetime, today: date) -> int:
    month = month_of(today)
    asked = Task.objects.filter(case=OuterRef("pk"), kind=TaskKind.MONTHLY_UPDATE.value, solved_at=None)
    told = StatusUpdate.objects.filter(case=OuterRef("pk"), month__gte=month)
    due = Case.objects.filter(
        ~Exists(asked),
        ~Exists(told),
        lifecycle=Lifecycle.ACTIVE.value,
        is_test=False,
        partner__isnull=False,
        accepted_at__date__lt=reported_if_accepted_before(month),
    )
    return _open_tasks(due, now)


def _open_reviews(now: datetime, today: date) -> int:
    """A question of a partner at work that stays unanswered is an operator's to look at."""
    asked = Task.objects.filter(case=OuterRef("pk"), kind=TaskKind.REVIEW_CASE.value, solved_at=None)
    due = Case.objects.filter(
        ~Exists(asked),
        lifecycle=Lifecycle.MORE_INFO.value,
        is_test=False,
        info_due__lt=today,
        accepted_at__isnull=False,
    )
    return _open_tasks(due, now)


def _open_tasks(due: QuerySet[Case], now: datetime) -> int:
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            case = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if case is not None:
                reconcile_tasks(case, now=now)
                done += 1
    return done


def _remind(now: datetime, today: date) -> int:
    """The reminder is a line in the timeline, which is also how the next sweep knows of it."""
    reminded = CaseEvent.objects.annotate(task=KT("data__task")).filter(
        case=OuterRef("case"),
        task=Cast(OuterRef("public_id"), CharField()),
        at__gt=now - timedelta(days=REMIND_EVERY_DAYS),
    )
    late = Task.objects.filter(~Exists(reminded), solved_at=None, due_on__lt=today, case__isnull=False)
    done = 0
    for pk in list(late.order_by("due_on", "pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            case = Case.objects.select_for_update(skip_locked=True).filter(tasks=pk).first()
            task = late.filter(pk=pk).first() if case else None
            if case is not None and task is not None:
                _write_reminder(task, case, now)
                done += 1
    return done


def _write_reminder(task: Task, case: Case, now: datetime) -> None:
    label = TaskKind(task.kind).label
    due = f", which was due on {date_text(task.due_on)}" if task.due_on else ""
    text = f"The {task.party} was reminded: {label[0].lower()}{label[1:]}{due}."
    write_down(case, EventKind.NOTE, DESK, text, now=now, data={"task": str(task.public_id)})


def _settle_accounts(now: datetime) -> int:
    """Two cases that stop waiting at the same moment each take the other to be waiting still."""
    waits = Case.objects.filter(
        creditor=OuterRef("creditor"), lifecycle=Lifecycle.PENDING_SIGNING.value, is_test=False
    )
    left = Task.objects.filter(
        ~Exists(waits), Q(case=None), kind=TaskKind.SIGN_CONTRACT.value, solved_at=None
    )
    creditors = list(left.order_by("creditor_id").values_list("creditor_id", flat=True)[:_BATCH])
    for creditor in creditors:
        with transaction.atomic():
            reconcile_account_tasks(creditor, now=now)
    return len(creditors)
