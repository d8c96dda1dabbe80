"""How many calls may be made, counted for every process at once: no window at the other side is exceeded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.db.models import Sum
from pytest_django import Settings

from arrears.bridge.call_budget import DatabaseCallBudget, subject_of
from arrears.bridge.models import CallSlice
from tests.fakes import FakeClock

SUBJECT = subject_of("far.example", "c-1", "")
AT_MOST_LATE = timedelta(seconds=10)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(transactional_db: None, settings: Settings) -> FakeClock:
    settings.ARREARS_DEBITURA_PER_MINUTE = 20
    settings.ARREARS_DEBITURA_PER_HOUR = 60
    settings.ARREARS_DEBITURA_PER_DAY = 150
    return FakeClock()


def most_in_any(window: timedelta, moments: Sequence[datetime]) -> int:
    """The largest number of moments that any window of this length holds."""
    ordered, most, first = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def counted() -> int:
    return CallSlice.objects.aggregate(sum=Sum("calls"))["sum"] or 0


@pytest.mark.parametrize("seed", range(6))
def test_no_window_is_exceeded_however_late_the_granted_calls_arrive(clock: FakeClock, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same story every time
    processes = [DatabaseCallBudget(SUBJECT, clock) for _ in range(3)]
    arrived: list[datetime] = []

    while len(arrived) < 400:
        wait = chance.choice(processes).take()
        if wait:
            clock.advance(wait * chance.choice([0.3, 1, 1.5]))
            continue
        arrived.append(clock.now() + AT_MOST_LATE * chance.choice([0, chance.random(), 0.999]))
        clock.advance(timedelta(seconds=chance.choice([0] * 12 + [1, 9.9, 25])))

    assert most_in_any(MINUTE, arrived) <= 20
    assert most_in_any(HOUR, arrived) <= 60
    assert most_in_any(DAY, arrived) <= 150


@pytest.mark.parametrize("window", [MINUTE, HOUR, DAY])
def test_a_late_burst_and_an_early_one_after_it_share_no_window(
    clock: FakeClock, settings: Settings, window: timedelta
) -> None:
    settings.ARREARS_DEBITURA_PER_MINUTE = 20 if window == MINUTE else 1000
    settings.ARREARS_DEBITURA_PER_HOUR = 20 if window == HOUR else 1000
    settings.ARREARS_DEBITURA_PER_DAY = 20 if window == DAY else 1000
    clock.advance(timedelta(seconds=9.9))  # the end of a slice
    budget = DatabaseCallBudget(SUBJECT, clock)

    late = []
    while not (wait := budget.take()):
        late.append(clock.now() + AT_MOST_LATE)
    clock.advance(wait)
    early = []
    while not budget.take():
        early.append(clock.now())

    assert len(late) == len(early) == 20
    assert most_in_any(window, [*late, *early]) == 20


def test_the_counting_would_notice_a_window_that_is_exceeded() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    late_then_early = [start + AT_MOST_LATE] * 20 + [start + MINUTE] * 20

    assert most_in_any(MINUTE, late_then_early) == 40
    assert most_in_any(MINUTE, [start, start + MINUTE]) == 1


def test_eight_workers_at_once_are_granted_no_more_than_one_would_be(
    clock: FakeClock, settings: Settings
) -> None:
    settings.ARREARS_DEBITURA_PER_MINUTE = settings.ARREARS_DEBITURA_PER_HOUR = 100

    def work(_: int) -> int:
        try:
            mine = DatabaseCallBudget(SUBJECT, clock)
            return sum(not mine.take() for _ in range(40))
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(work, range(8)))

    assert counted() == 100
    assert 100 - 8 * 4 <= granted <= 100  # each may have taken a few that it had no use for


def test_threads_of_one_process_share_its_budget(clock: FakeClock) -> None:
    budget = DatabaseCallBudget(SUBJECT, clock)

    def work(_: int) -> int:
        try:
            return sum(not budget.take() for _ in range(10))
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(work, range(8)))

    assert granted == counted() == 20


def test_after_the_told_wait_a_call_is_granted(clock: FakeClock) -> None:
    budget = DatabaseCallBudget(SUBJECT, clock)
    waits = 0
    for _ in range(100):
        wait = budget.take()
        if wait:
            waits += 1
            clock.advance(wait)
            assert not budget.take()

    assert waits


def test_a_busy_process_asks_the_database_less_often(clock: FakeClock, settings: Settings) -> None:
    settings.ARREARS_DEBITURA_PER_MINUTE = settings.ARREARS_DEBITURA_PER_HOUR = 1000
    settings.ARREARS_DEBITURA_PER_DAY = 1000
    budget, asked = DatabaseCallBudget(SUBJECT, clock), 0

    def count(execute: object, sql: str, *rest: object) -> object:
        nonlocal asked
        asked += "pg_advisory_xact_lock" in sql
        return execute(sql, *rest)  # type: ignore[operator]

    with database.execute_wrapper(count):
        for _ in range(51):
            budget.take()

    assert asked == 11


def test_calls_taken_ahead_are_lost_with_the_slice(clock: FakeClock) -> None:
    budget = DatabaseCallBudget(SUBJECT, clock)
    budget.take()
    budget.take()
    assert counted() == 6

    clock.advance(timedelta(seconds=10))
    budget.take()

    assert counted() == 7


def test_a_clock_that_is_put_back_grants_nothing_more(clock: FakeClock) -> None:
    budget = DatabaseCallBudget(SUBJECT, clock)
    while not budget.take():
        pass
    clock.advance(-MINUTE)

    assert budget.take()
    assert DatabaseCallBudget(SUBJECT, clock).take()


def test_one_creditor_is_counted_together_and_apart_from_others(clock: FakeClock) -> None:
    assert subject_of("far.example", "c-1", "key-1") == subject_of("far.example", "c-1", "key-2")
    others = {
        subject_of(host, creditor, key)
        for host, creditor, key in [
            ("far.example", "c-1", ""),
            ("far.example", "c-2", ""),
            ("near.example", "c-1", ""),
            ("far.example", "", "key-1"),
            ("far.example", "", "key-2"),
        ]
    }
    assert len(others) == 5
    mine = DatabaseCallBudget(SUBJECT, clock)
    while not mine.take():
        pass

    assert DatabaseCallBudget(SUBJECT, clock).take()
    assert not DatabaseCallBudget(subject_of("far.example", "c-2", ""), clock).take()


def test_slices_that_count_nowhere_any_more_are_forgotten(clock: FakeClock) -> None:
    DatabaseCallBudget(subject_of("far.example", "gone", ""), clock).take()
    clock.advance(2 * DAY)

    DatabaseCallBudget(SUBJECT, clock).take()

    assert CallSlice.objects.get().subject == SUBJECT
