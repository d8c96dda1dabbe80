"""How many requests may be on their way at once: fewer when the other side struggles, more when it copes."""

from __future__ import annotations

import asyncio
from collections import deque


class Limiter:
    """Lets `most` requests through at once and serves those waiting in the order they came.

    The number is halved when the other side asks to slow down or times out, never below one, and rises by
    one after `good_answers` good answers. Requests that were already on their way at the moment of a
    halving tell nothing new, so a burst of refusals halves it once. Belongs to one event loop.
    """

    def __init__(self, most: int = 6, good_answers: int = 20) -> None:
        if most < 1:
            raise ValueError("At least one request must be allowed at a time.")
        self.allowed = most
        self._most = most
        self._good_answers = good_answers
        self._good = 0
        self._under_way = 0
        self._halvings = 0
        self._resume_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waiting."""
        return self._under_way > 0 or bool(self._waiting)

    def closed_for(self) -> float:
        """How many seconds nothing new may be started, because the other side asked for it."""
        return max(0.0, self._resume_at - asyncio.get_running_loop().time())

    async def enter(self) -> int:
        """Wait for a turn. Returns a ticket for `slow_down`; every `enter` needs its `leave`."""
        if self._under_way < self.allowed and not self._waiting:
            self._under_way += 1
        else:
            await self._turn()
        try:
            await self._pause()
        except asyncio.CancelledError:
            self.leave()
            raise
        return self._halvings

    def leave(self) -> None:
        """Make room for the next request."""
        self._under_way -= 1
        self._admit()

    def good(self) -> None:
        """An answer came in time."""
        self._good += 1
        if self._good >= self._good_answers and self.allowed < self._most:
            self._good = 0
            self.allowed += 1
            self._admit()

    def slow_down(self, ticket: int, pause: float = 0.0) -> None:
        """The request with this ticket was refused or timed out; nothing new starts for `pause` seconds."""
        self._resume_at = max(self._resume_at, asyncio.get_running_loop().time() + pause)
        if ticket == self._halvings:
            self._halvings += 1
            self._good = 0
            self.allowed = max(1, self.allowed // 2)

    async def _turn(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    async def _pause(self) -> None:
        while wait := self.closed_for():
            await asyncio.sleep(wait)

    def _admit(self) -> None:
        while self._waiting and self._under_way < self.allowed:
            turn = self._waiting.popleft()
            if not turn.done():
                self._under_way += 1
                turn.set_result(None)
