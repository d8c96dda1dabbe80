"""The process dies at any line of an import, and once more while it recovers: nothing goes wrong.

A run is killed at a line of the bridge: everything uncommitted is lost, and so is all memory. Then a worker
does what workers do, and the cases on the desk are counted. Of the lines between two statements to the
database only the last is tried: to the world outside, dying at any of them is the same.
"""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection as database
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

import arrears.bridge
from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.ledger import Picked
from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.bridge.sweep import sweep
from arrears.core.claim import Claim
from arrears.core.submission import RESTING, State
from arrears.ports import Opened, OutcomeUnknown
from tests.bridge.conftest import World
from tests.fakes import FakeAdapters, Killed, UnreliableCollector

_VERBS = (
    "cancel_import",
    "documents",
    "ledger",
    "lost_answers",
    "prepare_import",
    "retry_import",
    "start_import",
    "submit",
    "sweep",
    "tracked",
)
_FOLDER = Path(next(iter(arrears.bridge.__path__)))
_TRACED = frozenset(str(_FOLDER / f"{verb}.py") for verb in _VERBS)

#: More rounds of sweep and work than any recovery needs, an hour apart.
_ROUNDS = 12
_PAIRS = 50

_EMPTY = """
delete from desk_task; delete from desk_disclosure; delete from desk_assignment; delete from desk_inforequest;
delete from desk_document; delete from desk_caseevent; delete from desk_case;
delete from bridge_trackedcase; delete from bridge_holding; delete from bridge_submission;
delete from bridge_importrun;
delete from procrastinate_events; delete from procrastinate_jobs;
"""


class LosesOneAnswer(UnreliableCollector):
    """The answer to the first request to open a case for invoice 3 is lost."""

    has_lost = False

    def open(self, claim: Claim, reference: str, key: str, today: Any) -> Opened:
        opened = super().open(claim, reference, key, today)
        if claim.numbers == ("3",) and not self.has_lost:
            self.has_lost = True
            raise OutcomeUnknown("The answer was lost.")
        return opened


class Tracer:
    """Counts the lines that are executed in the bridge, and kills the process at one of them.

    `last_lines` are those before which nothing more was asked of the database until the next line.
    """

    def __init__(self, fatal: int | None = None) -> None:
        self.lines = 0
        self._fatal = fatal
        self._statements = 0
        self._last_line: dict[int, int] = {}

    @property
    def last_lines(self) -> list[int]:
        return list(self._last_line.values())

    def _statement(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self._statements += 1
        return execute(*arguments)

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            self.lines += 1
            self._last_line[self._statements] = self.lines
            if self.lines == self._fatal:
                raise Killed
        return self._line

    def _call(self, frame: FrameType, _event: str, _: object) -> Any:
        return self._line if frame.f_code.co_filename in _TRACED else None

    def run(self, story: Callable[[], None]) -> None:
        sys.settrace(self._call)
        threading.settrace(self._call)
        try:
            with database.execute_wrapper(self._statement):
                story()
        finally:
            sys.settrace(None)
            threading.settrace(None)


@dataclass
class Import:
    """One import of three invoices: one is sound, one is below the minimum, one loses its answer."""

    world: World
    order: Order
    cancels: bool = False

    def begin(self) -> None:
        """The same world as at the first time."""
        with database.cursor() as cursor:
            cursor.execute(_EMPTY)
        self.world.far_end.cases.clear()
        FakeAdapters.wrapped = LosesOneAnswer(self.world.collector())

    def story(self) -> None:
        run = start_import(self.world.connection, self.order)
        self._work()
        if self.cancels:
            cancel_import(run)
        self.world.clock.advance(timedelta(minutes=3))
        sweep()
        self._work()

    def recover(self) -> None:
        """Whoever asked asks again, having seen no answer; workers go on until nothing is left to do."""
        run = start_import(self.world.connection, self.order)
        if self.cancels:
            cancel_import(run)
        for _ in range(_ROUNDS):
            self.world.clock.advance(timedelta(hours=1))
            sweep()
            self._work()
            if not ProcrastinateJob.objects.exists() and self._rests():
                return

    def _rests(self) -> bool:
        ended = (ImportRun.Stage.FINISHED, ImportRun.Stage.CANCELLED)
        under_way = ImportRun.objects.exclude(stage__in=ended)
        return not (under_way.exists() or Submission.objects.exclude(state__in=RESTING).exists())

    def _work(self) -> None:
        while job := ProcrastinateJob.objects.order_by("pk").first():
            if job.task_name == "prepare_import":
                prepare_import(**job.args)
            else:
                submit(**job.args)
            with database.cursor() as cursor:
                cursor.execute("delete from procrastinate_events where job_id = %s", [job.id])
                cursor.execute("delete from procrastinate_jobs where id = %s", [job.id])

    def damage(self) -> list[str]:
        """What is wrong in the end, judged from the collector's own cases."""
        cases = self.world.cases()
        counted = Counter(number for case in cases for number in case.invoice_numbers)
        rows = {row.invoice_numbers[0]: row for row in Submission.objects.all()}
        wrong = [f"duplicate {number}" for number, count in counted.items() if count > 1]
        wrong += [f"stuck {row}" for row in rows.values() if row.state not in RESTING]
        known = {case.reference: case for case in cases}
        for number, row in rows.items():
            if row.state == State.CREATED and row.case_reference not in known:
                wrong.append(f"silent {number}")
            if row.state != State.CREATED and counted[number]:
                wrong.append(f"unknown case of {number}: {row.state}")
        wrong += [f"wrong amount {case}" for case in cases if case.principal.amount != Decimal(500)]
        wrong += self._lost(rows) + self._held_for_nothing(rows)
        if not self._rests():
            wrong.append("the run never ended")
        return wrong

    def _lost(self, rows: dict[str, Submission]) -> list[str]:
        if not self.cancels:
            expected = {"1": State.CREATED, "2": State.FLAGGED, "3": State.CREATED}
            found = {number: State(row.state) for number, row in rows.items()}
            return [] if found == expected else [f"lost: {found}"]
        return [f"undecided {row}" for row in rows.values() if row.state == State.REVIEW]

    def _held_for_nothing(self, rows: dict[str, Submission]) -> list[str]:
        held = set(Holding.objects.values_list("invoice_id", flat=True))
        created = {f"7{number}" for number, row in rows.items() if row.state == State.CREATED}
        return [] if held == created else [f"held {held} but created {created}"]


def die_and_recover(told: Import, *moments: int) -> list[str]:
    """Play the story, die at the first moment, recover, die at the second one of that, recover again."""
    told.begin()
    for number, moment in enumerate(moments):
        try:
            Tracer(moment).run(told.recover if number else told.story)
        except Killed:
            forget_connection()
    told.recover()
    return told.damage()


def forget_connection() -> None:
    """What the death of a process does to its connection: the server rolls back, and nobody tidies up.

    A context manager may have been killed on its way out, so the connection's own idea of its state is not
    to be trusted either.
    """
    raw = database.connection
    if raw is not None:
        raw.close()
    del connections["default"]


def traced(told: Import) -> Tracer:
    told.begin()
    tracer = Tracer()
    tracer.run(told.story)
    return tracer


@pytest.fixture(params=["all", "all, then cancelled", "a list", "a list, elsewhere"])
def told(request: pytest.FixtureRequest, world: World) -> Import:
    world.books.add("1")
    world.books.add("2", "20 GBP")
    world.books.add("3", code="OTHER")
    listed = [[Picked(f"7{number}", number)] for number in ("3", "2", "1")]
    if "elsewhere" in request.param:
        world.connect()
    order = Order(uuid4(), listed if "a list" in request.param else None, collector=world.account)
    return Import(world, order, cancels="cancelled" in request.param)


def test_killed_at_any_line_an_import_still_ends_with_one_case_for_each_debt(told: Import) -> None:
    moments = traced(told).last_lines
    assert len(moments) > 40

    damage = {moment: die_and_recover(told, moment) for moment in moments}

    assert {moment: wrong for moment, wrong in damage.items() if wrong} == {}


def test_killed_again_while_recovering_an_import_still_ends_well(told: Import) -> None:
    lines = traced(told).lines
    chance = random.Random(20261122)  # noqa: S311 - the same pairs every time
    pairs = {(chance.randint(1, lines), chance.randint(1, lines // 2)) for _ in range(_PAIRS)}

    damage = {pair: die_and_recover(told, *pair) for pair in sorted(pairs)}

    assert {pair: wrong for pair, wrong in damage.items() if wrong} == {}
