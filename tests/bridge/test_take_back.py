"""Opening a case can be undone while that is free: exactly once, whatever dies in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.audit import Action, Who, acting_as
from arrears.accounts.models import AuditEntry
from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.bridge.sweep import sweep
from arrears.bridge.take_back import take_back
from arrears.bridge.take_back_run import take_back_run
from arrears.core.case import CloseCode, Lifecycle
from arrears.core.submission import State
from arrears.desk import models as desk
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World
from tests.fakes import Killed


def imported(world: World, *numbers: str) -> ImportRun:
    for number in numbers:
        world.books.add(number)
    run = world.start(*numbers)
    world.work(run)
    return run


def accept(reference: str, world: World) -> None:
    """A partner takes the case."""
    desk.Case.objects.filter(reference=reference).update(
        accepted_at=world.clock.now(), lifecycle=Lifecycle.ACTIVE.value
    )


def test_the_case_is_closed_the_invoice_is_free_and_the_trail_says_so(world: World) -> None:
    run = imported(world, "1")
    row = take_back(run.submissions.get())

    assert (row.state, row.taking_back_since) == (State.WITHDRAWN, None)
    (case,) = world.cases()
    assert (case.lifecycle, case.close_code) == (Lifecycle.CLOSED, CloseCode.WITHDRAWN)
    assert not Holding.objects.exists()
    entry = AuditEntry.objects.get(action=Action.CASE_TAKEN_BACK)
    assert entry.subject == f"case {row.case_reference}"


def test_the_invoice_can_be_imported_again_and_opens_a_new_case(world: World) -> None:
    first = take_back(imported(world, "1").submissions.get())

    again = world.work(world.start("1"))["1"]

    assert (again.state, again.generation) == (State.CREATED, 2)
    assert again.case_id != first.case_id
    assert len(world.cases()) == 2


def test_taking_back_twice_does_it_once(world: World) -> None:
    row = imported(world, "1").submissions.get()
    take_back(row)
    take_back(Submission.objects.get())
    assert AuditEntry.objects.filter(action=Action.CASE_TAKEN_BACK).count() == 1


def test_once_a_partner_has_accepted_it_is_too_late_and_nothing_changes(world: World) -> None:
    row = imported(world, "1").submissions.get()
    accept(row.case_reference, world)

    with pytest.raises(NeedsAttention, match="has accepted"):
        take_back(row)

    row.refresh_from_db()
    assert (row.state, row.taking_back_since) == (State.CREATED, None)
    assert world.cases()[0].lifecycle is Lifecycle.ACTIVE
    assert Holding.objects.exists()


def test_what_was_withdrawn_from_a_partner_keeps_its_invoice_because_it_may_be_reopened(world: World) -> None:
    row = imported(world, "1").submissions.get()
    accept(row.case_reference, world)
    desk.Case.objects.update(lifecycle=Lifecycle.CLOSED.value, close_code=CloseCode.WITHDRAWN.value)

    with pytest.raises(NeedsAttention, match="closed already"):
        take_back(row)

    row.refresh_from_db()
    assert row.state == State.CREATED
    assert Holding.objects.exists()


def test_a_row_without_a_case_cannot_be_taken_back(world: World) -> None:
    run = world.start("1")
    with pytest.raises(NeedsAttention, match="no case"):
        take_back(run.submissions.get())


def test_a_collector_that_closes_no_cases_says_where_it_is_done(world: World) -> None:
    world.connect()
    row = imported(world, "1").submissions.get()
    with pytest.raises(NeedsAttention, match="does not let") as refused:
        take_back(row)
    assert "there" in refused.value.action
    row.refresh_from_db()
    assert row.taking_back_since is None


@pytest.mark.parametrize("fate", ["die before", "die after"])
def test_a_process_killed_in_between_is_finished_by_the_next_look(world: World, fate: str) -> None:
    run = imported(world, "1")
    world.unreliable(fate)
    with pytest.raises(Killed):
        take_back(run.submissions.get())
    assert Submission.objects.get().state == State.CREATED
    ProcrastinateJob.objects.all().delete()

    assert sweep() == 1

    assert world.work(run)["1"].state == State.WITHDRAWN
    assert not Holding.objects.exists()
    assert world.cases()[0].lifecycle is Lifecycle.CLOSED
    assert sweep() == 0


def test_a_lost_answer_keeps_the_wish_until_it_is_settled(world: World) -> None:
    run = imported(world, "1")
    world.unreliable("lose answer")
    with pytest.raises(TryAgainLater):
        take_back(run.submissions.get())

    assert world.take_up(run)["1"].state == State.WITHDRAWN
    assert AuditEntry.objects.filter(action=Action.CASE_TAKEN_BACK).count() == 1


def test_many_tabs_at_once_take_it_back_once(world: World) -> None:
    imported(world, "1")
    runners = 6
    start = Barrier(runners)

    def run(_: int) -> str:
        try:
            row = Submission.objects.get()
            start.wait(timeout=30)
            return take_back(row).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(runners) as pool:
        states = set(pool.map(run, range(runners)))

    assert states == {State.WITHDRAWN}
    assert AuditEntry.objects.filter(action=Action.CASE_TAKEN_BACK).count() == 1


@pytest.mark.parametrize("time", range(4))
def test_of_a_partner_accepting_and_the_creditor_undoing_one_wins(world: World, time: int) -> None:
    row = imported(world, "1").submissions.get()
    start = Barrier(2)

    def undo() -> None:
        try:
            start.wait(timeout=30)
            take_back(Submission.objects.get())
        except NeedsAttention:
            pass
        finally:
            connections.close_all()

    def taken() -> None:
        try:
            start.wait(timeout=30)
            waiting = desk.Case.objects.filter(reference=row.case_reference)
            waiting.exclude(lifecycle=Lifecycle.CLOSED.value).update(
                accepted_at=world.clock.now(), lifecycle=Lifecycle.ACTIVE.value
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda deed: deed(), (undo, taken)))

    row.refresh_from_db()
    (case,) = world.cases()
    is_undone = case.lifecycle is Lifecycle.CLOSED
    assert row.state == (State.WITHDRAWN if is_undone else State.CREATED)
    assert Holding.objects.exists() is not is_undone


def test_a_whole_run_is_undone_as_far_as_that_is_free(world: World) -> None:
    run = imported(world, "1", "2", "3")
    rows = world.rows(run)
    accept(rows["2"].case_reference, world)
    ids = [row.pk for row in rows.values()]

    assert take_back_run(run, ids) == 3
    assert take_back_run(run, ids) == 0

    rows = world.work(run)
    assert [rows[number].state for number in "123"] == [State.WITHDRAWN, State.CREATED, State.WITHDRAWN]
    assert "A partner has accepted" in rows["2"].message
    assert [holding.invoice_id for holding in Holding.objects.all()] == ["72"]
    assert run.stage == ImportRun.Stage.FINISHED


def test_the_trail_tells_who_asked_for_a_whole_run_to_be_undone(world: World) -> None:
    run = imported(world, "1", "2")
    with acting_as(Who("anna@pennine.example", 7)):
        take_back_run(run, [row.pk for row in world.rows(run).values()])

    asked = AuditEntry.objects.get(action=Action.CASE_TAKEN_BACK)

    assert (asked.who, asked.subject) == ("anna@pennine.example", f"run {run.pk}")
    assert asked.text.startswith("Asked to take back 2 cases from ")


def test_rows_of_another_run_are_not_touched(world: World) -> None:
    first, second = imported(world, "1"), imported(world, "2")
    other = second.submissions.get()
    assert take_back_run(first, [other.pk]) == 0
    other.refresh_from_db()
    assert other.taking_back_since is None
