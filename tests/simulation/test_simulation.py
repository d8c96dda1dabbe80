"""With requests lost, answers lost, commits late and processes killed, every debt gets exactly one case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from arrears.bridge.adapters import adapters
from tests.debitura.model import MODELS
from tests.simulation.damage import Damage
from tests.simulation.simulation import Tally, simulated

ITEMS = 80

WORST = "no keys, reference free"


@pytest.fixture(autouse=True)
def _simulated(transactional_db: None, settings: Settings) -> Iterator[None]:
    settings.ARREARS_ADAPTERS = "tests.simulation.simulation.SimulatedAdapters"
    yield
    adapters.cache_clear()


@pytest.mark.parametrize("model", MODELS)
def test_whatever_the_far_end_does_about_keys_every_debt_has_one_case(model: str) -> None:
    tally = simulated(model, "as built", ITEMS, seed=7)

    assert tally.damage == Damage()
    assert tally.states == {"created": ITEMS}
    assert tally.cases == ITEMS
    assert tally.asked > ITEMS, "something was lost on its way"
    assert tally.deaths > 0


@pytest.mark.parametrize("strategy", ["no quiet period", "key in memory"])
def test_the_simulation_finds_out_what_a_careless_strategy_does(strategy: str) -> None:
    assert simulated(WORST, strategy, ITEMS, seed=7).damage.duplicate > 0


def test_a_world_is_the_same_whenever_it_is_played() -> None:
    def told(tally: Tally) -> tuple[int, int, int, int]:
        return tally.cases, tally.calls, tally.asked, tally.deaths

    assert told(simulated(WORST, "as built", 40, seed=3)) == told(simulated(WORST, "as built", 40, seed=3))
