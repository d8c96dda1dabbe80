"""The jobs that follow cases elsewhere: a worker does them, and no trouble makes them pile up or give up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from pytest_django import Settings

from arrears.bridge import queue
from arrears.bridge.models import Receipt, TrackedCase
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.bridge.worker import run_until_idle
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.tracking_world import Tracking, tracking_world

TASKS = [queue.HANDLE_RECEIPTS, queue.TRACK_CASES, queue.WATCH_FEED, queue.FIND_PAID_ELSEWHERE]


@pytest.fixture
def tracking(transactional_db: None, settings: Settings) -> Iterator[Tracking]:
    with tracking_world(settings) as tracking:
        yield tracking


def _nothing_waits() -> bool:
    jobs = ProcrastinateJob.objects.filter(queue_name=queue.SHARED, status__in=["todo", "doing"])
    return not jobs.exists()


def test_a_worker_subscribes_reads_everything_and_looks_into_notices(tracking: Tracking) -> None:
    tracking.elsewhere.opens("c1")
    sweep_tracking()
    run_until_idle([queue.SHARED], _nothing_waits)
    assert tracking.known("c1").id == "c1"

    tracking.elsewhere.opens("c2")
    tracking.receive(*tracking.elsewhere.tells("c2"))
    run_until_idle([queue.SHARED], _nothing_waits)

    assert tracking.known("c2").id == "c2"
    assert not Receipt.objects.filter(handled_at=None).exists()
    assert tracking.now().swept_at == tracking.clock.now()


def test_a_worker_finds_what_came_due_by_itself(tracking: Tracking) -> None:
    tracking.elsewhere.opens("c1")

    def known() -> bool:
        return TrackedCase.objects.exists()

    run_until_idle([queue.SHARED], known)

    assert tracking.known("c1").id == "c1"


def _wait(task: str, error: Exception, attempts: int) -> int:
    """Seconds until a job that has failed so many times runs again."""
    strategy: Any = app.tasks[task].retry_strategy
    job = Job(id=1, queue="imports", lock=None, queueing_lock=None, task_name=task, attempts=attempts)
    decision = strategy.get_retry_decision(exception=error, job=job)
    wait: timedelta = decision.retry_at - datetime.now(UTC)
    return round(wait.total_seconds())


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("attempts", [0, 5, 500])
@pytest.mark.parametrize(
    ("error", "least", "most"),
    [
        (TryAgainLater("Away."), 2, 240),
        (TryAgainLater("Slower.", timedelta(minutes=20)), 1200, 1200),
        (NeedsAttention("No.", code="refused", action=""), 900, 900),
        (ZeroDivisionError("a fault of ours"), 900, 900),
    ],
)
def test_no_trouble_ends_them_and_none_is_hurried(
    task: str, attempts: int, error: Exception, least: int, most: int
) -> None:
    assert least <= _wait(task, error, attempts) <= most


@pytest.mark.django_db
def test_a_job_names_its_account_and_nothing_else(settings: Settings) -> None:
    with tracking_world(settings) as tracking:
        sweep_tracking()

        for job in ProcrastinateJob.objects.all():
            assert job.args == {"account_id": tracking.account.pk}
            assert job.lock == job.queueing_lock == f"{job.task_name}:{tracking.account.pk}"
