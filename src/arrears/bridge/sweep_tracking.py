"""Queue what has come due in following cases elsewhere: notices, changes, subscriptions, payments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Connection, ConnectionState, Receipt

_Row = TypeVar("_Row", CollectorAccount, Connection)

#: How often to look for changes that we were not told of.
TRACK_EVERY = timedelta(minutes=15)

#: Often enough that a subscription which was switched off is noticed within a quarter of an hour.
WATCH_EVERY = timedelta(minutes=10)

PAYMENTS_EVERY = timedelta(days=1)

#: So much of each kind is queued at once: after a long sleep everything is due, and comes one after another.
_AT_ONCE = 20

#: Notices that were handled are kept for so long, to know them again.
_KEPT = timedelta(days=30)


def sweep_tracking() -> None:
    """Queue what is due and not queued yet, the longest due first. Safe for several processes at once."""
    now = adapters().clock.now()
    accounts = CollectorAccount.objects.filter(removed_at=None, state=ConnectionState.OK).exclude(creditor="")
    connections = Connection.objects.filter(state=ConnectionState.OK, asks_for_word=False).exclude(account="")
    told = accounts.filter(models.Exists(_unhandled()))
    _queue(queue.HANDLE_RECEIPTS, told.order_by("created_at"), queue.handle_receipts)
    _queue(queue.WATCH_FEED, _due(accounts, "hook_checked_at", now - WATCH_EVERY), queue.watch_feed)
    _queue(queue.TRACK_CASES, _due(accounts, "swept_at", now - TRACK_EVERY), queue.track_cases)
    due = _due(connections, "payments_looked_at", now - PAYMENTS_EVERY)
    _queue(queue.FIND_PAID_ELSEWHERE, due, queue.find_paid_elsewhere)
    Receipt.objects.filter(handled_at__lt=now - _KEPT).delete()


def _unhandled() -> models.QuerySet[Receipt]:
    return Receipt.objects.filter(account=models.OuterRef("pk"), handled_at=None)


def _due(rows: models.QuerySet[_Row], field: str, until: datetime) -> models.QuerySet[_Row]:
    never = models.Q(**{field: None})
    return rows.filter(never | models.Q(**{f"{field}__lte": until})).order_by(
        models.F(field).asc(nulls_first=True)
    )


def _queue(task: str, rows: models.QuerySet[_Row], put: Callable[[int], None]) -> None:
    """Those that have a job already are left out first, or a few that are stuck would keep out the rest."""
    jobs = ProcrastinateJob.objects.filter(task_name=task, status__in=["todo", "doing"])
    have = [int(lock.rpartition(":")[2]) for lock in jobs.values_list("lock", flat=True) if lock]
    for pk in rows.exclude(pk__in=have).values_list("pk", flat=True)[:_AT_ONCE]:
        put(pk)
