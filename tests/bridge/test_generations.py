"""The reference of a debt rises only with what happened to it at the same collector and in the same mode."""

from __future__ import annotations

from arrears.bridge.models import Submission
from arrears.bridge.remove_test_cases import remove_test_cases
from arrears.bridge.settle_review import Decision, settle_review
from arrears.core.submission import QUIET_PERIOD, State, reference_of
from arrears.ports import Answer, Opened
from tests.bridge.conftest import World
from tests.fakes import FakeAdapters


def tried_out(world: World) -> Submission:
    """A case for testing, removed again."""
    account = world.connect("key-1", test=True)
    row = world.work(world.start("1"))["1"]
    remove_test_cases(account)
    return row


def test_what_was_tried_out_leaves_the_real_reference_as_every_installation_makes_it(world: World) -> None:
    world.books.add("1")
    row = tried_out(world)
    world.connect("key-1")

    real = world.work(world.start("1"))["1"]

    assert real.reference == reference_of(row.source, row.account, row.invoice_ids)


def test_a_case_that_may_exist_is_found_whatever_was_tried_out_meanwhile(world: World) -> None:
    world.books.add("1")
    real = world.connect("key-1")
    line = world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    line.find_fails = 100
    while (row := world.work(run)["1"]).state != State.REVIEW:
        world.clock.advance(QUIET_PERIOD * 1000)
    settle_review(row, Decision.DROP)
    FakeAdapters.wrapped = None
    tried_out(world)
    world.account = real

    again = world.work(world.start("1"))["1"]

    assert (again.state, again.reference) == (State.CREATED, row.reference)
    assert len(world.cases()) == 1


def test_a_refusal_elsewhere_does_not_raise_it(world: World) -> None:
    world.books.add("1")
    world.connect("key-1")
    world.far_end.answers = [Opened(Answer.MUST_ACT, messages=("Sign first.",))]
    refused = world.work(world.start("1"))["1"]
    assert refused.state == State.NEEDS_ACTION
    world.account = None

    here = world.work(world.start("1"))["1"]

    assert here.reference == refused.reference
    assert here.generation == 1
