"""Requests and answers that get lost, and processes that die: never a second case, never a lost one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection as database

from arrears.bridge.ledger import move, take
from arrears.bridge.models import Submission
from arrears.bridge.submit import submit
from arrears.core.submission import QUIET_PERIOD, Event, State
from arrears.ports import TryAgainLater
from tests.bridge.conftest import World
from tests.fakes import Killed

MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize("fault", ["lose request", "lose answer"])
def test_a_lost_outcome_is_left_alone_for_the_quiet_period_then_looked_up(world: World, fault: str) -> None:
    world.books.add("1")
    line = world.unreliable(fault)
    run = world.start("1")

    assert world.work(run)["1"].state == State.AMBIGUOUS
    world.clock.advance(QUIET_PERIOD - MOMENT)
    looked, opened = line.finds, line.opens
    assert world.work(run)["1"].state == State.AMBIGUOUS
    assert (line.finds, line.opens) == (looked, opened)
    world.clock.advance(2 * MOMENT)

    assert world.work(run)["1"].state == State.CREATED
    assert len(world.cases()) == 1
    assert line.opens == (2 if fault == "lose request" else 1)


def test_the_same_key_is_used_when_a_lost_request_is_sent_again(world: World) -> None:
    world.books.add("1")
    world.unreliable("lose request")
    run = world.start("1")
    before = world.work(run)["1"].key
    world.clock.advance(QUIET_PERIOD)

    assert world.work(run)["1"].key == before


def test_an_invoice_paid_while_the_outcome_was_unknown_is_not_sent_again(world: World) -> None:
    world.books.add("1")
    world.unreliable("lose request")
    run = world.start("1")
    world.work(run)
    world.books.pay("1")
    world.clock.advance(QUIET_PERIOD)

    assert world.work(run)["1"].state == State.FLAGGED
    assert world.cases() == []


def test_a_refused_connection_is_tried_again_soon_and_not_looked_up(world: World) -> None:
    world.books.add("1")
    world.unreliable("refuse connection")
    run = world.start("1")

    assert world.work(run)["1"].state == State.INTENT
    world.clock.advance(timedelta(minutes=1))
    assert world.work(run)["1"].state == State.CREATED


@pytest.mark.parametrize("moment", ["die before", "die after"])
def test_a_process_killed_around_sending_leaves_one_case_in_the_end(world: World, moment: str) -> None:
    world.books.add("1")
    world.unreliable(moment)
    run = world.start("1")
    with pytest.raises(Killed):
        world.work(run)
    assert world.rows(run)["1"].state == State.SENDING

    assert world.take_up(run)["1"].state == State.AMBIGUOUS
    world.clock.advance(QUIET_PERIOD)

    assert world.take_up(run)["1"].state == State.CREATED
    assert len(world.cases()) == 1


def test_looking_up_goes_on_by_the_schedule_and_ends_with_a_person(world: World) -> None:
    world.books.add("1")
    line = world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    line.find_fails = 100

    for _ in range(20):
        world.clock.advance(timedelta(days=1))
        row = world.work(run)["1"]

    assert row.state == State.REVIEW
    assert line.opens == 1


def test_a_different_case_under_our_reference_is_for_a_person_to_decide(world: World) -> None:
    world.books.add("1", "500 GBP")
    run = world.start("1")
    world.work(run)
    Submission.objects.all().delete()  # an old backup was restored: the ledger has forgotten the case
    world.books.remove("1")
    world.books.add("1", "700 GBP")

    row = world.work(world.start("1"))["1"]

    assert row.state == State.REVIEW
    assert len(world.cases()) == 1


def test_after_an_old_backup_is_restored_the_existing_case_is_found_and_adopted(world: World) -> None:
    world.books.add("1")
    world.work(world.start("1"))
    (case,) = world.cases()
    Submission.objects.all().delete()

    row = world.work(world.start("1"))["1"]

    assert row.state == State.CREATED
    assert row.case_reference == case.reference
    assert len(world.cases()) == 1


def test_a_worker_that_was_overtaken_changes_nothing(world: World) -> None:
    world.books.add("1")
    row = world.rows(world.start("1"))["1"]
    assert take(row)
    frozen = Submission.objects.get(pk=row.pk)
    assert take(Submission.objects.get(pk=row.pk))

    assert not move(frozen, Event.CHECKED, world.clock.now(), key="stale")

    row.refresh_from_db()
    assert (row.state, row.key) == (State.PLANNED, "")


def test_two_imports_of_the_same_invoices_at_once_open_one_case_each(world: World) -> None:
    numbers = [str(number) for number in range(1, 13)]
    for number in numbers:
        world.books.add(number)

    def import_all(_: int) -> None:
        try:
            world.work(world.start(*numbers))
        finally:
            database.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(import_all, range(4)))

    assert sorted(case.invoice_numbers[0] for case in world.cases()) == sorted(numbers)
    assert Submission.objects.filter(state=State.CREATED).count() == len(numbers)


def test_two_workers_on_one_chunk_open_one_case_each(world: World) -> None:
    for number in range(1, 9):
        world.books.add(str(number))
    run = world.start(*(str(number) for number in range(1, 9)))
    ids = list(run.submissions.values_list("pk", flat=True))

    def work(_: int) -> None:
        try:
            submit(run.pk, min(ids), max(ids))
        finally:
            database.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    world.clock.advance(timedelta(minutes=5))
    world.work(run)

    assert len(world.cases()) == 8
    assert {row.state for row in world.rows(run).values()} == {State.CREATED}


def test_books_that_do_not_answer_leave_everything_planned(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.failing = [TryAgainLater("KashFlow does not answer.")]

    with pytest.raises(TryAgainLater):
        world.work(run)

    assert world.rows(run)["1"].state == State.PLANNED
    assert world.work(run)["1"].state == State.CREATED
