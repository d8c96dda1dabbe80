"""B1–B3, B16, B18, B19 and B21: what is lost, what is late, and keys that are forgotten."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from tests.debitura.faults import AnswerLost, Fault, LateCommit, RequestLost, status
from tests.debitura.model import DAY, MODELS, Model, Unique
from tests.faults.careless import (
    gives_up_at_the_first_loss,
    makes_up_keys,
    never_looks_up,
    quiet_for,
    repeats_what_has_effects,
)
from tests.faults.catalogue import fault
from tests.faults.world import World

OPEN = "POST /cases"

#: No keys, and a reference that may be used any number of times: nothing but our own care helps.
WORST = MODELS["no keys, reference free"]


@fault("B1", gives_up_at_the_first_loss)
def test_b1_a_request_is_lost_on_its_way(world: World) -> None:
    """A request that was lost is made again, and one case comes of it."""
    world.fake.model = WORST
    world.fake.fails(RequestLost(), OPEN)
    world.fake.fails(RequestLost(sent=False), OPEN)
    world.invoice("1")

    world.run("1")

    world.assert_opened_once("1")
    assert world.opens() == 3


@fault("B2", never_looks_up)
def test_b2_the_answer_is_lost_after_the_case_was_opened(world: World) -> None:
    """A case whose answer was lost is found and adopted, and not opened again."""
    world.fake.model = WORST
    world.fake.fails(AnswerLost(), OPEN)
    world.invoice("1")

    world.run("1")

    world.assert_opened_once("1")
    assert world.opens() == 1


@fault("B3", quiet_for(120))
def test_b3_the_case_is_opened_long_after_the_request(world: World) -> None:
    """Nothing is sent again while an earlier request may still open a case, and one case comes of both."""
    world.fake.model = WORST
    for number, seconds in enumerate((30, 90, 170, 180), 1):
        world.fake.fails(LateCommit(seconds, seconds), OPEN)
        world.invoice(str(number), code=f"D{number}")

    world.run("1", "2", "3", "4")

    world.assert_opened_once("1", "2", "3", "4")
    assert world.opens() == 4


@fault("B16", makes_up_keys)
def test_b16_an_earlier_request_is_still_at_work(world: World) -> None:
    """Told that its twin is still at work a request waits, and is then made again under the same key."""
    world.fake.model = Model(reference=Unique.NOT)
    world.fake.fails(status(409), OPEN, times=2)
    world.invoice("1")

    world.run("1")

    world.assert_opened_once("1")
    calls = world.fake.ledger.calls_to(OPEN)
    assert len({call.idempotency_key for call in calls}) == 1
    pauses = [later.at - earlier.at for earlier, later in pairwise(calls)]
    assert len(pauses) == 2
    assert min(pauses) >= timedelta(seconds=5)


@fault("B18", never_looks_up)
def test_b18_the_key_is_forgotten(world: World) -> None:
    """However soon a key is forgotten, a case is looked for before it is asked for again."""
    windows = (timedelta(0), timedelta(minutes=30), DAY)
    for number, window in enumerate(windows, 1):
        world.fake.model = Model(key_window=window, reference=Unique.NOT)
        world.fake.fails(AnswerLost(), OPEN)
        world.invoice(str(number), code=f"D{number}")
        world.start(str(number))
        world.work()
        world.clock.advance(window + timedelta(hours=1))

        world.settle()

        world.assert_opened_once(str(number))


@fault("B19", repeats_what_has_effects)
def test_b19_the_key_is_ignored(world: World) -> None:
    """Where keys mean nothing, whatever is lost or late still ends in one case for each debt."""
    for number, (name, model) in enumerate(MODELS.items(), 1):
        if not name.startswith("no keys"):
            continue
        world.fake.model = model
        numbers = [f"{number}{place}" for place in range(3)]
        losses: tuple[Fault, ...] = (AnswerLost(), LateCommit(), RequestLost())
        for place, lost in enumerate(losses):
            world.fake.fails(lost, OPEN)
            world.invoice(numbers[place], code=f"D{place}")

        world.run(*numbers)

        world.assert_opened_once(*numbers)


@fault("B21", quiet_for(0))
def test_b21_a_look_up_does_not_see_a_new_case_yet(world: World) -> None:
    """A case that look-ups show only a minute later is waited for, and not opened again."""
    for number, seconds in enumerate((5, 30, 60), 1):
        lag = timedelta(seconds=seconds)
        world.fake.model = Model(key_window=None, guards_twins=False, reference=Unique.NOT, lookup_lag=lag)
        world.fake.fails(AnswerLost(), OPEN)
        world.fake.fails(LateCommit(180, 180), OPEN)
        numbers = (f"{number}1", f"{number}2")
        for place in numbers:
            world.invoice(place, code=f"D{place}")

        world.run(*numbers)

        world.assert_opened_once(*numbers)
