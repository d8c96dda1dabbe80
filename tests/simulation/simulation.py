"""Many imports through a line that loses things, by processes that die, judged by the far end's ledger.

The verbs, the database and the connector are the real ones; the far end is the stand-in, in its own time.
Each world is one import of a few hundred invoices, drawn from its own seed, so that what went wrong in one
can be played again alone.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection as database
from django.db import connections
from django.db.models import Min
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import SecretStr

from arrears.bridge.ledger import Picked, seen_of, unfinished
from arrears.bridge.models import CollectorAccount, Connection, ImportRun, Submission
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.connectors.retry import Patience
from arrears.core.eligibility import Policy
from arrears.core.submission import State
from arrears.ports import CaseNews, NeedsAttention, TryAgainLater
from tests.builders import RATES
from tests.connections import a_connection
from tests.debitura.clock import VirtualClock
from tests.debitura.limits import Limits
from tests.debitura.model import MODELS, Model
from tests.debitura.server import BASE_URL, KEY, FakeDebitura
from tests.fakes import FakeBooks, Killed
from tests.simulation.books import PaperlessBooks
from tests.simulation.chance import Fate, MortalTransport, let_things_go_wrong
from tests.simulation.damage import Damage, Held, damage
from tests.simulation.strategies import STRATEGIES, AsBuilt

#: Items in one world.
WORLD = 250

#: Submissions that one call of the verb works on, at the most. Few, so that what was lost is taken up again
#: as soon as it may be.
_CHUNK = 20

#: More calls of the verb than any item needs.
_MOST_CALLS = 40

#: One call to the far end takes this long, and one that is not answered so many seconds.
_LATENCY, _DEADLINE = timedelta(milliseconds=50), 5.0

#: What is longest on its way has arrived after this.
_EVERYTHING_ARRIVED = timedelta(hours=1)

#: The budget has its own tests; here it would only slow the clock.
_UNLIMITED = Limits(10**9, 10**9, 10**9)


@dataclass(slots=True)
class Tally:
    """What came of so many items. `states` counts where they ended, `asked` the requests for a case."""

    items: int = 0
    cases: int = 0
    calls: int = 0
    asked: int = 0
    deaths: int = 0
    seconds: float = 0.0
    damage: Damage = field(default_factory=Damage)
    states: Counter[str] = field(default_factory=Counter)
    damaged_seeds: list[int] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.items += other.items
        self.cases += other.cases
        self.calls += other.calls
        self.asked += other.asked
        self.deaths += other.deaths
        self.seconds += other.seconds
        self.damage += other.damage
        self.states += other.states
        self.damaged_seeds += other.damaged_seeds


class Key:
    """ports.ApiKey that is never rejected."""

    def read(self) -> SecretStr:
        return SecretStr(KEY)

    def rejected(self, reason: NeedsAttention) -> None:
        raise AssertionError(f"The key was rejected: {reason}")


class SimulatedAdapters:
    """bridge.adapters.Adapters for the one world that is being simulated."""

    world: SimulatedWorld

    @property
    def clock(self) -> VirtualClock:
        return self.world.clock

    def books(self, connection: Connection, word: SecretStr | None = None) -> FakeBooks:
        return self.world.books

    def forget(self, connection: Connection) -> None:
        pass

    def collector(self, organisation: int, account: CollectorAccount | None) -> AsBuilt:
        return self.world.collector

    def feed(self, account: CollectorAccount) -> AsBuilt:
        return self.world.collector

    def case_news(self, organisation: int) -> tuple[CaseNews, ...]:
        return ()

    def policy(self) -> Policy:
        return Policy(rates=RATES)


class SimulatedWorld:
    """One import, one far end, and a clock of their own."""

    def __init__(self, model: Model, strategy: type[AsBuilt], items: int, seed: int) -> None:
        self.clock = VirtualClock()
        self.fake = FakeDebitura(self.clock, model=model, limits=_UNLIMITED, seed=seed)
        self.chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self.fate = Fate(self.chance)
        self.strategy = strategy
        self.items = items
        self.books = PaperlessBooks()
        self.collector = self._process()
        self.run = self._ordered()
        let_things_go_wrong(self.fake)

    def _process(self) -> AsBuilt:
        """What a process has in memory when it starts."""
        transport = MortalTransport(
            self.fake, self.fate, latency=_LATENCY, deadline=_DEADLINE, patience=Patience(jitter=0)
        )
        collector = self.strategy(Key(), creditor=self.fake.account.id, transport=transport)
        collector.fate = self.fate
        return collector

    def _ordered(self) -> ImportRun:
        """An organisation of its own, with its invoices chosen and their submissions planned."""
        now = self.clock.now()
        connection = a_connection(now)
        account = CollectorAccount.objects.create(
            organisation=connection.organisation,
            base_url=BASE_URL,
            creditor=self.fake.account.id,
            hook_token=uuid4().hex,
            created_at=now,
        )
        for number in range(1, self.items + 1):
            owed = f"{self.chance.randint(150, 9_000)}.{number % 100:02d} GBP"
            self.books.add(str(number), owed, f"D{number % 40}")
        SimulatedAdapters.world = self
        picked = [
            [Picked(one.invoice.id, one.invoice.number, seen_of(one.invoice))] for one in self.books.owed
        ]
        run = start_import(connection, Order(uuid4(), picked, collector=account))
        ProcrastinateJob.objects.filter(args__run_id=run.pk).delete()  # this is the worker
        return run

    # --- Work ---------------------------------------------------------------------------------------------

    def play(self) -> Tally:
        """Work until nothing is left to do, however often the process dies on the way."""
        began = time.perf_counter()
        for _ in range(_MOST_CALLS * max(self.items, 10)):
            due = self._due()
            if not due:
                moment = self._next_moment()
                if moment is None:
                    break
                self.clock.advance_to(moment)
            else:
                self._work(due[0], due[-1])
        self.clock.advance(_EVERYTHING_ARRIVED)
        self.fake.settle()
        return self._tally(time.perf_counter() - began)

    def _waiting(self) -> Any:
        return unfinished(Submission.objects.filter(run=self.run))

    def _due(self) -> list[int]:
        due = self._waiting().exclude(due_at__gt=self.clock.now()).order_by("pk")
        return list(due.values_list("pk", flat=True)[: self.chance.randint(1, _CHUNK)])

    def _next_moment(self) -> datetime | None:
        moment: datetime | None = self._waiting().aggregate(first=Min("due_at"))["first"]
        return moment

    def _work(self, first: int, last: int) -> None:
        try:
            submit(self.run.pk, first, last)
        except Killed:
            self._start_again()
        except TryAgainLater as reason:
            self.clock.advance(reason.after or timedelta(seconds=4))
        finally:
            self.fate.stop_watching()

    def _start_again(self) -> None:
        """The server rolls back, memory is gone, and time goes by until somebody starts the process again."""
        self.fate.deaths += 1
        raw = database.connection
        if raw is not None:
            raw.close()
        del connections["default"]
        self.clock.advance(self.fate.pause())
        self.collector = self._process()

    # --- What came of it ----------------------------------------------------------------------------------

    def _tally(self, seconds: float) -> Tally:
        rows = list(Submission.objects.filter(run=self.run))
        ledger = self.fake.ledger
        held: dict[str, set[Held]] = {}
        for one in self.books.owed:
            money = one.invoice.outstanding.money
            if money is not None:
                held[one.invoice.number] = {(one.debtor.name, Decimal(money.amount), money.currency)}
        return Tally(
            items=self.items,
            cases=len(ledger.committed),
            calls=len(ledger.calls),
            asked=ledger.calls_by_route["POST /cases"],
            deaths=self.fate.deaths,
            seconds=seconds,
            damage=damage(ledger, rows, held),
            states=Counter(str(State(row.state)) for row in rows),
        )


def simulate(model: Model, strategy: str, items: int, seed: int) -> Iterator[Tally]:
    """Worlds one after the other until there were so many items, each with what came of it."""
    number = 0
    while items > 0:
        number += 1
        size = min(items, WORLD)
        world_seed = seed * 1_000_000 + number
        tally = SimulatedWorld(model, STRATEGIES[strategy], size, world_seed).play()
        if tally.damage:
            tally.damaged_seeds.append(world_seed)
        yield tally
        items -= size


def simulated(model: str, strategy: str, items: int, seed: int = 1) -> Tally:
    """All of it together, for one model of the far end by its name."""
    total = Tally()
    for tally in simulate(MODELS[model], strategy, items, seed):
        total.add(tally)
    return total
