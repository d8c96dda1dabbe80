"""A worker that is frozen between writing down that it sends and sending, and wakes up much later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from arrears.bridge import submit as submitting
from arrears.bridge.ledger import move
from arrears.bridge.models import Submission
from arrears.core.submission import Event
from tests.faults.test_b_lost_and_late import WORST
from tests.faults.world import World


def test_a_worker_that_wakes_up_after_another_has_taken_over_sends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fake.model = WORST
    world.invoice("1")
    run = world.start("1")
    frozen: list[bool] = []

    def freezing(row: Submission, event: Event, *told: Any, **changes: Any) -> bool:
        moved = move(row, event, *told, **changes)
        if event is Event.SEND and not frozen:
            frozen.append(moved)
            world.clock.advance(timedelta(seconds=20))
            for _ in range(3):  # another worker takes the row, waits, looks, and sends
                submitting.submit(run.pk, row.pk, row.pk)
                world.clock.advance(timedelta(minutes=7))
        return moved

    monkeypatch.setattr(submitting, "move", freezing)
    world.settle()

    assert frozen == [True]
    world.assert_opened_once("1")
    assert world.opens() == 1
