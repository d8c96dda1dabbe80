"""A collector that was removed: what was sent through it stays findable, and connecting it again goes on."""

from __future__ import annotations

from datetime import timedelta

from arrears.bridge.list_cases import list_cases
from arrears.bridge.models import CollectorAccount, ImportRun, Submission
from arrears.bridge.remove_collector import remove_collector
from arrears.bridge.settle_review import Decision, settle_review
from arrears.core.submission import QUIET_PERIOD, State
from tests.bridge.conftest import World
from tests.fakes import FakeAdapters


def lost(world: World) -> tuple[CollectorAccount, ImportRun]:
    """A case was opened, its answer lost, and the collector removed before anybody looked."""
    world.books.add("1")
    account = world.connect()
    world.unreliable("lose answer")
    run = world.start("1")
    assert world.work(run)["1"].state == State.AMBIGUOUS
    FakeAdapters.wrapped = None
    remove_collector(account)
    return account, run


def looked_up(world: World, run: ImportRun) -> Submission:
    world.clock.advance(QUIET_PERIOD + timedelta(seconds=1))
    return world.take_up(run)["1"]


def test_what_was_sent_before_the_removal_is_given_to_a_person_with_what_to_do(world: World) -> None:
    _, run = lost(world)
    assert world.take_up(run)["1"].state == State.AMBIGUOUS

    row = looked_up(world, run)

    assert row.state == State.REVIEW
    assert "The collector was removed" in row.message
    assert "Connect it again and adopt the case or try again" in row.message


def test_connected_again_it_says_what_became_of_what_was_sent(world: World) -> None:
    _, run = lost(world)
    row = looked_up(world, run)

    world.connect()
    settled = settle_review(row, Decision.ADOPT)

    assert (settled.state, settled.case_reference) == (State.CREATED, world.cases()[0].reference)
    assert world.work(run)["1"].document_attached


def test_connected_again_before_the_look_the_case_is_found_by_itself(world: World) -> None:
    _, run = lost(world)
    world.connect()

    assert looked_up(world, run).state == State.CREATED
    assert len(world.cases()) == 1


def test_connected_again_it_is_the_same_collector_with_its_cases(world: World) -> None:
    world.books.add("1")
    first = world.connect()
    row = world.work(world.start("1"))["1"]
    remove_collector(first)

    again = world.connect("key-2")

    assert (again.pk, again.removed_at, again.swept_at) == (first.pk, None, None)
    assert [one.case.reference for one in list_cases(world.organisation)] == [row.case_reference]
    assert CollectorAccount.objects.count() == 1
