"""Take up what has come due and has no job: lost answers to look up, and whatever a crash left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import UNDER_WAY, UNSENT, end_early, finish_if_done, rest_unsent, unfinished
from arrears.bridge.models import ImportRun, Submission

#: A job of a process that was told the memorable word is picked up at once, or its process is gone.
_ABANDONED_AFTER = timedelta(minutes=5)

_WORD_IS_GONE = (
    "KashFlow’s memorable word is not stored, and the process that was told it has ended. "
    "Start the import again and enter the word."
)


def sweep() -> int:
    """Queue due submissions that no job is waiting to carry out. Returns how many were queued.

    A run whose jobs only a process that is gone could do is stopped, and says so. What waits for a person's
    word is left alone; only what was sent before is settled.
    """
    now = adapters().clock.now()
    return sum(_take_up(run, now) for run in _unfinished_runs() if not _is_being_done(run, now))


def _unfinished_runs() -> models.QuerySet[ImportRun]:
    rows = unfinished(Submission.objects.filter(run=models.OuterRef("pk")))
    waits = models.Q(stage=ImportRun.Stage.AWAITING)
    to_settle = models.Exists(rows) & ~waits | models.Exists(rows.exclude(state__in=UNSENT))
    runs = ImportRun.objects.select_related("connection")
    return runs.filter(models.Q(stage__in=UNDER_WAY) | to_settle)


def _take_up(run: ImportRun, now: datetime) -> int:
    if run.stage == ImportRun.Stage.PREPARING:
        queue.prepare(run)
        return 0
    rest_unsent(run.pk, now)
    rows = unfinished(run.submissions.all()).exclude(due_at__gt=now)
    if run.stage == ImportRun.Stage.AWAITING:
        rows = rows.exclude(state__in=UNSENT)
    due = list(rows.values_list("pk", flat=True))
    queue.submit(run, due)
    if not due:
        finish_if_done(run.pk, now)
    return len(due)


def _is_being_done(run: ImportRun, now: datetime) -> bool:
    """Whether a job of the run is running or waiting for its turn."""
    jobs = list(
        ProcrastinateJob.objects.filter(
            task_name__in=queue.TASKS, status__in=["todo", "doing"], args__run_id=run.pk
        )
    )
    if not jobs or not _is_abandoned(run, jobs, now):
        return bool(jobs)
    queue.withdraw(jobs)
    end_early(run.pk, ImportRun.Stage.FAILED, now, _WORD_IS_GONE)
    run.refresh_from_db()
    return False


def _is_abandoned(run: ImportRun, jobs: list[ProcrastinateJob], now: datetime) -> bool:
    """Whether all jobs of the run wait for a process that was told the memorable word and is gone."""
    if any(job.status == "doing" or job.queue_name == queue.SHARED for job in jobs):
        return False
    if ProcrastinateJob.objects.filter(lock=queue.lock_of(run), status="doing").exists():
        return False  # the process is alive, and busy with another import of the connection
    moments = [run.started_at, *(job.scheduled_at for job in jobs if job.scheduled_at)]
    rows = run.submissions.aggregate(
        changed=models.Max("changed_at"), due=models.Max("due_at", filter=models.Q(due_at__lte=now))
    )
    moments += [moment for moment in rows.values() if moment]
    return max(moments) + _ABANDONED_AFTER < now
