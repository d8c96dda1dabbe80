"""The jobs. Their arguments are ids; everything else is read when they run, so any job may run again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.end_evaluation import end_evaluation
from arrears.bridge.evaluate_policy import evaluate_policy
from arrears.bridge.find_paid_elsewhere import find_paid_elsewhere
from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.ledger import end_early
from arrears.bridge.models import Connection, ImportRun, PolicyRun
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.submit import submit
from arrears.bridge.track_cases import track_cases
from arrears.bridge.watch_feed import watch_feed
from arrears.ports import NeedsAttention, TryAgainLater

#: At the longest wait between two attempts this is a day.
_ATTEMPTS_AT_THE_OTHER_SIDE = 360
_ATTEMPTS_AFTER_OUR_OWN_ERRORS = 5
_LONGEST_WAIT_SECONDS = 240
_UNTIL_SOMEBODY_ACTED_SECONDS = 900


class _Patience(BaseRetryStrategy):
    """Soon again at first, then every four minutes: an import goes on soon after the other side is back."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if self.is_spent(exception, job):
            return None
        return RetryDecision(retry_in={"seconds": _wait(exception, job)})

    def is_spent(self, exception: BaseException, job: Job) -> bool:
        theirs = isinstance(exception, TryAgainLater)
        return job.attempts >= (_ATTEMPTS_AT_THE_OTHER_SIDE if theirs else _ATTEMPTS_AFTER_OUR_OWN_ERRORS)


class _Perseverance(BaseRetryStrategy):
    """For what is never finished: soon again when the other side is away, else in a quarter of an hour.

    While a job waits no other of its kind is queued, so nothing piles up behind a fault that lasts.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        away = isinstance(exception, TryAgainLater)
        wait = _wait(exception, job) if away else _UNTIL_SOMEBODY_ACTED_SECONDS
        return RetryDecision(retry_in={"seconds": wait})


def _wait(exception: BaseException, job: Job) -> int:
    """Seconds: longer each time, and not before the other side wants to be asked again."""
    wait = min(2 ** min(job.attempts + 1, 10), _LONGEST_WAIT_SECONDS)
    told = exception.after if isinstance(exception, TryAgainLater) else None
    return max(int(wait), int(told.total_seconds()) if told else 0)


_PATIENCE = _Patience()
_PERSEVERANCE = _Perseverance()


@app.task(name="prepare_import", queue=queue.SHARED, retry=_PATIENCE, pass_context=True)
def prepare_import_job(context: JobContext, run_id: int) -> None:
    with _ending_visibly(context, run_id):
        prepare_import(run_id)


@app.task(name="submit_chunk", queue=queue.SHARED, retry=_PATIENCE, pass_context=True)
def submit_chunk_job(context: JobContext, run_id: int, first: int, last: int) -> None:
    with _ending_visibly(context, run_id):
        submit(run_id, first, last, context.should_abort)


@app.task(name=queue.HANDLE_RECEIPTS, queue=queue.SHARED, retry=_PERSEVERANCE)
def handle_receipts_job(account_id: int) -> None:
    handle_receipts(account_id)


@app.task(name=queue.TRACK_CASES, queue=queue.SHARED, retry=_PERSEVERANCE)
def track_cases_job(account_id: int) -> None:
    track_cases(account_id)


@app.task(name=queue.WATCH_FEED, queue=queue.SHARED, retry=_PERSEVERANCE)
def watch_feed_job(account_id: int) -> None:
    watch_feed(account_id)


@app.task(name=queue.FIND_PAID_ELSEWHERE, queue=queue.SHARED, retry=_PERSEVERANCE)
def find_paid_elsewhere_job(connection_id: int) -> None:
    rows = Connection.objects.filter(pk=connection_id)
    connection = rows.first()
    if connection is None:
        return
    # What needs a person is noted on the connection; the next look is tomorrow's.
    with suppress(NeedsAttention):
        find_paid_elsewhere(connection)
    rows.update(payments_looked_at=adapters().clock.now())


@app.task(name=queue.EVALUATE_POLICY, queue=queue.SHARED, retry=_PATIENCE, pass_context=True)
def evaluate_policy_job(context: JobContext, policy_id: int, slot: str) -> None:
    moment = datetime.fromisoformat(slot)
    try:
        evaluate_policy(policy_id, moment)
    except Exception as error:
        if _PATIENCE.is_spent(error, context.job):
            for evaluation in PolicyRun.objects.filter(policy=policy_id, slot=moment):
                end_evaluation(evaluation.pk, _problem(error))
        raise


@contextmanager
def _ending_visibly(context: JobContext, run_id: int) -> Iterator[None]:
    """When a job is given up, its run stops and says why; nobody waits for it for ever."""
    try:
        yield
    except Exception as error:
        if _PATIENCE.is_spent(error, context.job):
            end_early(run_id, ImportRun.Stage.FAILED, adapters().clock.now(), _problem(error))
        raise


def _problem(error: Exception) -> str:
    if isinstance(error, TryAgainLater):
        return str(error)
    return "Something unexpected went wrong; the worker’s log tells what."
