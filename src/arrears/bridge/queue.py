"""Handing work to the job engine: ids only, one job of a connection at a time wherever it runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue

from arrears.bridge.models import Connection, ImportRun

#: Submissions in one job: small enough to take over quickly, large enough not to be all overhead.
CHUNK = 100

SHARED = "imports"

#: The tasks that work on runs.
TASKS = ("prepare_import", "submit_chunk")

#: The tasks that follow cases at collectors elsewhere; each is about one account.
HANDLE_RECEIPTS, TRACK_CASES, WATCH_FEED = "handle_receipts", "track_cases", "watch_feed"

#: The task that looks in one connection's books for payments on cases.
FIND_PAID_ELSEWHERE = "find_paid_elsewhere"

#: The task that evaluates an escalation policy for the moment at which it was due.
EVALUATE_POLICY = "evaluate_policy"


def name_of(connection: Connection | None) -> str:
    """The queue of a connection's jobs.

    Where the memorable word is asked for each time only the process that was told it can do the work, so
    those jobs go to a queue that workers at large do not read.
    """
    return f"held-{connection.pk}" if connection is not None and connection.asks_for_word else SHARED


def lock_of(run: ImportRun) -> str:
    """Jobs with one lock run one at a time, on whatever machine: here those of one connection."""
    return f"connection:{run.connection_id}"


def prepare(run: ImportRun) -> None:
    """Queue the reading of every eligible invoice for a run."""
    task = app.configure_task("prepare_import", queue=name_of(run.connection), lock=lock_of(run))
    task.defer(run_id=run.pk)


def submit(run: ImportRun, submission_ids: Sequence[int]) -> None:
    """Queue submissions of a run, in chunks of consecutive ids."""
    ordered = sorted(submission_ids)
    chunks = [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
    if not chunks:
        return
    task = app.configure_task("submit_chunk", queue=_queue_of(run), lock=lock_of(run))
    task.batch_defer(*(_arguments(run, chunk) for chunk in chunks))


def _queue_of(run: ImportRun) -> str:
    """What a run that has ended still has to settle is asked of the collector: no memorable word needed."""
    return name_of(run.connection) if run.stage == ImportRun.Stage.SUBMITTING else SHARED


def withdraw(jobs: Sequence[ProcrastinateJob]) -> None:
    """Take back jobs that nobody has begun. Left alone they would hold up the connection's later ones."""
    for job in jobs:
        app.job_manager.cancel_job_by_id(job.id, delete_job=True)


def _arguments(run: ImportRun, chunk: Sequence[int]) -> dict[str, JSONValue]:
    return {"run_id": run.pk, "first": chunk[0], "last": chunk[-1]}


def handle_receipts(account_id: int) -> None:
    """Queue the look into what a collector has told us; before other work, because somebody waits for it."""
    _once(HANDLE_RECEIPTS, account_id, priority=1, account_id=account_id)


def track_cases(account_id: int) -> None:
    """Queue the look for changes at a collector."""
    _once(TRACK_CASES, account_id, account_id=account_id)


def watch_feed(account_id: int) -> None:
    """Queue the look after our subscription at a collector."""
    _once(WATCH_FEED, account_id, account_id=account_id)


def find_paid_elsewhere(connection_id: int) -> None:
    """Queue the look for payments in a connection's books."""
    _once(FIND_PAID_ELSEWHERE, connection_id, connection_id=connection_id)


def evaluate_policy(policy_id: int, connection_id: int, slot: datetime) -> None:
    """Queue the evaluation of a policy, unless it is waiting already; a connection's run one at a time."""
    job = app.configure_task(
        EVALUATE_POLICY,
        queue=SHARED,
        lock=f"policies:{connection_id}",
        queueing_lock=f"{EVALUATE_POLICY}:{policy_id}",
    )
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        job.defer(policy_id=policy_id, slot=slot.isoformat())


def _once(task: str, record: int, priority: int = 0, **arguments: JSONValue) -> None:
    """Queue a task about a record, unless one is waiting already; they run one at a time."""
    kind = f"{task}:{record}"
    job = app.configure_task(task, queue=SHARED, lock=kind, queueing_lock=kind, priority=priority)
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        job.defer(**arguments)
