"""What has happened on a creditor's cases at the desk, for e-mails to the creditor."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from arrears.core.case import Lifecycle, Party
from arrears.core.digest import News
from arrears.core.money import Money
from arrears.core.notice import NoticeKind
from arrears.core.task import TaskKind
from arrears.core.wording import money_text
from arrears.desk.models import Case, CaseEvent, EventKind, Task


class DeskNews:
    """ports.CaseNews for one creditor's cases at our own desk. What it did itself is no news to it."""

    def __init__(self, organisation: int) -> None:
        self._organisation = organisation

    def between(self, since: datetime, until: datetime) -> list[News]:
        changed = Case.objects.filter(
            creditor_id=self._organisation, is_test=False, updated_at__gt=since
        )  # every line of a timeline changes its case, and the index finds those
        events = CaseEvent.objects.filter(case__in=changed, at__gt=since, at__lte=until)
        theirs = events.exclude(party=Party.CREDITOR.value).select_related("case")
        told = [news for event in theirs.order_by("at", "pk") if (news := _news_of(event))]
        return sorted([*told, *self._tasks(since, until)], key=lambda one: one.at)

    def _tasks(self, since: datetime, until: datetime) -> list[News]:
        mine = Task.objects.filter(
            creditor_id=self._organisation,
            party=Party.CREDITOR.value,
            solved_at=None,
            opened_at__gt=since,
            opened_at__lte=until,
        ).exclude(kind=TaskKind.REPLY_TO_CHAT)  # the message itself is told
        return [_task(task) for task in mine.select_related("case").order_by("opened_at", "pk")]


def _news_of(event: CaseEvent) -> News | None:
    """What a line of a timeline is to the creditor; None when it is nothing that an e-mail tells."""
    case = event.case
    if event.kind == EventKind.PAYMENT and "amount" in event.data:
        amount = money_text(Money(Decimal(event.data["amount"]), case.currency))
        return _about(case, NoticeKind.PAYMENT, event.at, f"{amount} was paid on case {case.reference}.")
    if event.kind == EventKind.MESSAGE:
        return _about(case, NoticeKind.MESSAGE, event.at, f"A message came in on case {case.reference}.")
    if event.kind == EventKind.LIFECYCLE and event.data.get("to") == Lifecycle.CLOSED:
        return _about(case, NoticeKind.CASE_CLOSED, event.at, f"Case {case.reference} was closed.")
    return None


def _task(task: Task) -> News:
    label = TaskKind(task.kind).label
    if task.case is None:
        return News(NoticeKind.TASK, task.opened_at, f"{label}.", "/agreements/")
    return _about(task.case, NoticeKind.TASK, task.opened_at, f"{label}: case {task.case.reference}.")


def _about(case: Case, kind: NoticeKind, at: datetime, text: str) -> News:
    return News(kind, at, text, f"/cases/{case.reference}/")
