"""Exactly one case for every debt, however much goes wrong: many imports against a faulty far end.

    python bench/submissions.py [--items 20000] [--model all] [--strategy "as built"] [--seed 1]

Of the requests that open a case 10 % are lost, of their answers 12 %, and 5 % are committed 30 to 180 s late;
of the items 6 % kill the process that works on them, which is started again up to 30 hours later. Time is
virtual. The verbs, the database and the connector are the real ones; the far end is the stand-in of the
tests, in each of six ways that the real one may turn out to behave. What is counted comes from its ledger:
lost, duplicate, stuck, wrong and silent must all be 0. With another strategy one protection is taken away.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.simulation import Tally

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

_COUNTS = ("items", "cases", "lost", "duplicate", "stuck", "wrong", "silent")
_COLUMNS = (*_COUNTS, "calls", "asked", "deaths", "seconds")
_REPORT_EVERY = 2_500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000, help="for each model")
    parser.add_argument("--model", default="all", help="a part of a model's name, or all")
    parser.add_argument("--strategy", default="as built", help="one of the strategies, or all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="arrears-bench-") as home, a_database(home):
        sys.exit(run(asked))


def run(asked: argparse.Namespace) -> int:
    """Simulate and print. Returns 1 when something went wrong that must not."""
    from tests.debitura.model import MODELS
    from tests.simulation.strategies import STRATEGIES

    models = [name for name in MODELS if asked.model in ("all", name) or asked.model in name]
    strategies = [name for name in STRATEGIES if asked.strategy in ("all", name)]
    if not models or not strategies:
        print(f"Models: {'; '.join(MODELS)}. Strategies: {'; '.join(STRATEGIES)}.")
        return 2
    went_wrong = False
    for strategy in strategies:
        print(f"\n{strategy}\n{'':36}" + "".join(f"{name:>11}" for name in _COLUMNS), flush=True)
        for model in models:
            total = one_model(model, strategy, asked.items, asked.seed)
            print(line(model, total), flush=True)
            went_wrong = went_wrong or (strategy == "as built" and bool(total.damage))
    return int(went_wrong)


def one_model(model: str, strategy: str, items: int, seed: int) -> Tally:
    """All items of one model, with a sign of life now and then."""
    from tests.debitura.model import MODELS
    from tests.simulation.simulation import Tally, simulate

    total, told, began = Tally(), 0, time.monotonic()
    for tally in simulate(MODELS[model], strategy, items, seed):
        total.add(tally)
        if total.items >= told + _REPORT_EVERY or tally.damage:
            told = total.items
            each = (time.monotonic() - began) / total.items * 1000
            worlds = f", wrong in {total.damaged_seeds[-5:]}" if total.damaged_seeds else ""
            print(f"  … {total.items:,} items, {each:.1f} ms each{worlds}", file=sys.stderr, flush=True)
    total.seconds = time.monotonic() - began
    return total


def line(name: str, tally: Tally) -> str:
    damage = tally.damage
    counted = (
        tally.items, tally.cases, damage.lost, damage.duplicate, damage.stuck, damage.wrong, damage.silent,
        tally.calls, tally.asked, tally.deaths, round(tally.seconds),
    )  # fmt: skip
    return f"{name:36}" + "".join(f"{number:>11,}" for number in counted)


@contextmanager
def a_database(home: str) -> Iterator[None]:
    """A database of our own, which need not survive the machine."""
    os.environ |= {"ARREARS_HOME": home, "ARREARS_LOG_LEVEL": "ERROR"}
    os.environ |= {"ARREARS_ADAPTERS": "tests.simulation.simulation.SimulatedAdapters"}
    os.environ |= {"PGOPTIONS": "-c synchronous_commit=off"}
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("ARREARS_KEY_FILE", None)
    from arrears.cli.boot import boot

    boot()
    from django.conf import settings
    from django.db import connection

    from arrears.project.database import stop_embedded

    settings.ARREARS_ADAPTERS = "tests.simulation.simulation.SimulatedAdapters"
    try:
        yield
    finally:
        connection.close()
        stop_embedded(Path(home) / "database")


if __name__ == "__main__":
    main()
