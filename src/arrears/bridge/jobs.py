"""The jobs. Their arguments are ids; everything else is read when they run, so any job may run again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import end_early
from arrears.bridge.models import ImportRun
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.submit import submit
from arrears.ports import TryAgainLater

#: At the longest wait between two attempts this is a day.
_ATTEMPTS_AT_THE_OTHER_SIDE = 360
_ATTEMPTS_AFTER_OUR_OWN_ERRORS = 5
_LONGEST_WAIT_SECONDS = 240


class _Patience(BaseRetryStrategy):
    """Soon again at first, then every four minutes: an import goes on soon after the other side is back."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if self.is_spent(exception, job):
            return None
        wait = min(2 ** (job.attempts + 1), _LONGEST_WAIT_SECONDS)
        told = exception.after if isinstance(exception, TryAgainLater) else None
        return RetryDecision(retry_in={"seconds": max(wait, int(told.total_seconds()) if told else 0)})

    def is_spent(self, exception: BaseException, job: Job) -> bool:
        theirs = isinstance(exception, TryAgainLater)
        return job.attempts >= (_ATTEMPTS_AT_THE_OTHER_SIDE if theirs else _ATTEMPTS_AFTER_OUR_OWN_ERRORS)


_PATIENCE = _Patience()


@app.task(name="prepare_import", queue=queue.SHARED, retry=_PATIENCE, pass_context=True)
def prepare_import_job(context: JobContext, run_id: int) -> None:
    with _ending_visibly(context, run_id):
        prepare_import(run_id)


@app.task(name="submit_chunk", queue=queue.SHARED, retry=_PATIENCE, pass_context=True)
def submit_chunk_job(context: JobContext, run_id: int, first: int, last: int) -> None:
    with _ending_visibly(context, run_id):
        submit(run_id, first, last, context.should_abort)


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
