"""How often things go wrong in the simulation, and the process that dies at a line drawn by lot."""

from __future__ import annotations

import random
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import arrears
from arrears.connectors.message import Request, Response
from tests.debitura.faults import AnswerLost, LateCommit, RequestLost
from tests.debitura.server import FakeDebitura
from tests.debitura.transport import FakeTransport
from tests.debitura.wire import Late, Lost
from tests.fakes import Killed

#: Of all requests to open a case, and for reads the first two.
REQUESTS_LOST, ANSWERS_LOST, LATE_COMMITS = 0.10, 0.12, 0.05

#: Of all items. Half of them die at a line of ours, the others while a request is on its way.
CRASHES = 0.06

#: The longest pause until a process is started again after one has died. Half of them are short.
LONGEST_PAUSE, SHORT_PAUSE = timedelta(hours=30), timedelta(minutes=1)

#: More lines than one item takes in the bridge and in the connector.
_MOST_LINES = 160

_SOURCE = Path(next(iter(arrears.__path__)))
_TRACED = (str(_SOURCE / "bridge"), str(_SOURCE / "connectors" / "debitura" / "collector.py"))


def let_things_go_wrong(fake: FakeDebitura) -> None:
    """Each fault at its share of all calls; of several rules the first that applies counts."""
    still = 1.0
    faults = ((RequestLost(), REQUESTS_LOST), (AnswerLost(), ANSWERS_LOST), (LateCommit(), LATE_COMMITS))
    for fault, share in faults:
        fake.fails(fault, "POST /cases", times=None, chance=share / still)
        still -= share
    reads = "GET /cases/by-creditor-reference/{creditorReference}"
    fake.fails(RequestLost(), reads, times=None, chance=REQUESTS_LOST)
    fake.fails(AnswerLost(), reads, times=None, chance=ANSWERS_LOST)


@dataclass(slots=True)
class Fate:
    """Decides when a process dies. Only `dying` items are traced: watching every line is slow."""

    chance: random.Random
    deaths: int = 0
    _left: int | None = None

    def begin_item(self) -> None:
        """Called in the thread that does the work, once for each time an item is worked on."""
        if self._left is None and self.chance.random() < CRASHES / 2:
            self._left = self.chance.randint(1, _MOST_LINES)
            frame: FrameType | None = sys._getframe(1)
            while frame is not None:
                if frame.f_code.co_filename.startswith(_TRACED):
                    frame.f_trace = self._line
                frame = frame.f_back
            sys.settrace(self._call)

    def stop_watching(self) -> None:
        sys.settrace(None)
        self._left = None

    def dies_on_the_way(self) -> bool:
        """Whether the process dies while a request is on its way; asked before and after the far end."""
        return self.chance.random() < CRASHES / 4

    def pause(self) -> timedelta:
        longest = self.chance.choice((SHORT_PAUSE, LONGEST_PAUSE))
        return longest * self.chance.random()

    def _call(self, frame: FrameType, _event: str, _: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(_TRACED) else None

    def _line(self, _frame: FrameType, event: str, _: object) -> Any:
        if event == "line" and self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.stop_watching()
                raise Killed
        return self._line


class MortalTransport(FakeTransport):
    """The line to the far end; the process may die while a request that opens a case is on its way."""

    def __init__(self, fake: FakeDebitura, fate: Fate, **more: Any) -> None:
        super().__init__(fake, **more)
        self._fate = fate

    async def _exchange(self, request: Request) -> Response:
        if not request.effects:
            return await super()._exchange(request)
        if self._fate.dies_on_the_way():
            raise Killed
        if not self._fate.dies_on_the_way():
            return await super()._exchange(request)
        with suppress(Lost, Late):
            self.fake.answer(request)
        raise Killed
