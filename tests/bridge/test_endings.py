"""However a run ends, nothing waits for ever: each row rests, lets go of its invoices, and says why."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from arrears.bridge import jobs, queue
from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.disconnect import disconnect
from arrears.bridge.ledger import Picked, finish_if_done, move, take
from arrears.bridge.models import ConnectionState, Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.retry_import import retry_import
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.bridge.sweep import sweep
from arrears.core.submission import QUIET_PERIOD, Event, State
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World
from tests.fakes import Killed

WRONG = NeedsAttention("The password is wrong.", code="wrong_credentials", action="Edit it.")


# --- Cancelled ----------------------------------------------------------------------------------------------


def test_a_lost_request_of_a_cancelled_run_is_dropped_once_it_is_known_that_no_case_exists(
    world: World,
) -> None:
    world.books.add("1")
    world.unreliable("lose request")
    run = world.start("1")
    world.work(run)
    cancel_import(run)
    world.clock.advance(QUIET_PERIOD)

    assert world.take_up(run)["1"].state == State.DROPPED
    assert world.cases() == []
    assert not Holding.objects.exists()


def test_a_lost_answer_of_a_cancelled_run_is_looked_up_and_its_case_gets_its_document(world: World) -> None:
    world.books.add("1")
    world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    cancel_import(run)
    world.clock.advance(QUIET_PERIOD)

    row = world.take_up(run)["1"]

    assert (row.state, row.document_attached) == (State.CREATED, True)


def test_cancelling_overtakes_a_worker_that_is_about_to_send(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    row = world.rows(run)["1"]
    assert take(row)

    assert cancel_import(run) == 1

    assert not move(row, Event.CHECKED, world.clock.now())
    assert world.rows(run)["1"].state == State.DROPPED


def test_a_run_cancelled_while_it_reads_the_invoices_plans_nothing(world: World) -> None:
    world.books.add("1")
    run = world.start_all()
    cancel_import(run)

    prepare_import(run.pk)

    assert not run.submissions.exists()
    assert ImportRun.objects.get(pk=run.pk).stage == ImportRun.Stage.CANCELLED


# --- Stopped ------------------------------------------------------------------------------------------------


def test_a_run_that_stopped_lets_go_of_what_it_has_not_sent(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.failing = [WRONG]

    row = world.work(run)["1"]

    assert row.finding_codes == ["stopped"]
    assert "The password is wrong." in row.message
    assert world.work(world.start("1"))["1"].state == State.CREATED


def test_a_lost_answer_of_a_run_that_stopped_is_looked_up_all_the_same(world: World) -> None:
    world.books.add("1")
    world.books.add("2")
    world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    ImportRun.objects.filter(pk=run.pk).update(stage=ImportRun.Stage.FAILED, problem="The password is wrong.")
    world.books.failing = [WRONG]
    queue.withdraw(list(ProcrastinateJob.objects.all()))
    world.clock.advance(QUIET_PERIOD)

    assert sweep() == 1
    assert world.work(run)["1"].state == State.CREATED


def test_a_chunk_in_which_nothing_needs_the_books_says_nothing_about_the_connection(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.failing = [WRONG]
    world.work(run)

    world.work(run)  # the run's next chunk, queued before it stopped

    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.NEEDS_ATTENTION


def test_a_removed_connection_leaves_nothing_held_and_nothing_unknown(world: World) -> None:
    for number in ("1", "2"):
        world.books.add(number)
    world.unreliable("lose answer")
    run = world.start("1", "2")
    ids = sorted(run.submissions.values_list("pk", flat=True))
    submit(run.pk, ids[0], ids[0])
    disconnect(world.connection)
    world.clock.advance(QUIET_PERIOD)

    rows = world.take_up(run)

    assert (rows["1"].state, rows["1"].document_attached) == (State.CREATED, False)
    assert rows["2"].state == State.FLAGGED
    assert [holding.invoice_id for holding in Holding.objects.all()] == ["71"]


# --- Given up -----------------------------------------------------------------------------------------------


def _context(attempts: int) -> Any:
    job = Job(id=1, queue="imports", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
    return SimpleNamespace(job=job, should_abort=lambda: False)


@pytest.mark.parametrize(
    ("error", "limit", "problem"),
    [
        (TryAgainLater("KashFlow does not answer."), 360, "KashFlow does not answer."),
        (KeyError("a bug"), 5, "Something unexpected went wrong; the worker’s log tells what."),
    ],
)
def test_a_run_whose_job_is_given_up_stops_and_says_why(
    world: World, error: Exception, limit: int, problem: str
) -> None:
    run = world.start_all()
    for attempts, stage in ((limit - 1, ImportRun.Stage.PREPARING), (limit, ImportRun.Stage.FAILED)):
        world.books.failing = [error]
        with pytest.raises(type(error)):
            jobs.prepare_import_job(_context(attempts), run.pk)
        run.refresh_from_db()
        assert run.stage == stage
    assert run.problem == problem


def test_an_unreachable_other_side_is_asked_again_within_four_minutes_or_as_it_says() -> None:
    def wait(error: Exception, attempts: int) -> timedelta:
        decision = jobs.prepare_import_job.get_retry_exception(error, _context(attempts).job)
        assert decision is not None
        at = decision.retry_decision.retry_at
        assert at is not None
        return at - at.now(at.tzinfo)

    assert wait(TryAgainLater("Busy."), 50) <= timedelta(minutes=4)
    assert wait(TryAgainLater("Busy.", after=timedelta(hours=1)), 0) > timedelta(minutes=59)


def test_a_case_whose_process_died_before_the_document_was_attached_gets_it_later(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.work(run)
    Submission.objects.update(document_attached=None)
    ImportRun.objects.update(stage=ImportRun.Stage.SUBMITTING)
    queue.withdraw(list(ProcrastinateJob.objects.all()))

    assert sweep() == 1

    world.work(run)
    assert run.stage == ImportRun.Stage.FINISHED


# --- Told the memorable word --------------------------------------------------------------------------------


def test_an_import_whose_process_took_the_memorable_word_with_it_stops_and_says_so(world: World) -> None:
    world.connection.asks_for_word = True
    world.connection.save()
    for number in ("1", "2"):
        world.books.add(number)
    world.unreliable("die after")
    run = world.start("1", "2")
    with pytest.raises(Killed):
        world.work(run)

    sweep()
    assert ImportRun.objects.get(pk=run.pk).stage == ImportRun.Stage.SUBMITTING
    world.clock.advance(timedelta(minutes=6))
    sweep()

    run.refresh_from_db()
    assert run.stage == ImportRun.Stage.FAILED
    assert "memorable word" in run.problem
    (job,) = ProcrastinateJob.objects.filter(args__run_id=run.pk)
    assert job.queue_name == queue.SHARED
    world.clock.advance(QUIET_PERIOD)
    world.work(run)
    world.clock.advance(QUIET_PERIOD)
    rows = world.work(run)
    assert (rows["1"].state, rows["2"].state) == (State.CREATED, State.FLAGGED)


def test_a_run_with_a_job_is_not_queued_again(world: World) -> None:
    world.books.add("1")
    run = world.start("1")

    assert (sweep(), sweep()) == (0, 0)
    assert ProcrastinateJob.objects.filter(args__run_id=run.pk).count() == 1


def test_a_process_told_to_stop_queues_what_is_left(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    queue.withdraw(list(ProcrastinateJob.objects.all()))

    ids = list(run.submissions.values_list("pk", flat=True))
    submit(run.pk, min(ids), max(ids), is_stopping=lambda: True)

    assert world.cases() == []
    (job,) = ProcrastinateJob.objects.all()
    assert job.args == {"run_id": run.pk, "first": ids[0], "last": ids[0]}


# --- Tried again --------------------------------------------------------------------------------------------


def test_a_run_is_not_closed_over_rows_that_were_put_back_meanwhile(world: World) -> None:
    world.books.add("1", due=None)
    run = world.start("1")
    world.work(run)
    retry_import(run)

    assert not finish_if_done(run.pk, world.clock.now())


def test_a_row_that_another_import_has_taken_meanwhile_stays_and_says_so(world: World) -> None:
    world.books.add("1", due=None)
    first = world.start("1")
    world.work(first)
    world.books.remove("1")
    world.books.add("1")
    created = world.work(world.start("1"))["1"]

    assert retry_import(first) == 0

    assert created.case_reference in world.rows(first)["1"].message
    assert len(world.cases()) == 1


def test_trying_a_running_import_again_opens_nothing_twice(world: World) -> None:
    world.books.add("1")
    run = world.start("1")

    retry_import(run)
    world.work(run)
    world.work(run)

    assert len(world.cases()) == 1


# --- Never begun --------------------------------------------------------------------------------------------


def test_an_unverified_connection_is_not_imported_from(world: World) -> None:
    world.connection.account = ""

    with pytest.raises(NeedsAttention, match="not been verified"):
        start_import(world.connection, Order(uuid4(), [[Picked("71", "1")]]))


def test_an_order_for_a_connection_removed_a_moment_ago_is_refused_in_a_sentence(world: World) -> None:
    gone = type(world.connection).objects.get(pk=world.connection.pk)
    world.connection.delete()

    with pytest.raises(NeedsAttention, match="removed a moment ago"):
        start_import(gone, Order(uuid4(), None))
