"""Every call to Debitura: within the budget, with a key that is read at the last moment and never kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from arrears.connectors.debitura.errors import refusal
from arrears.connectors.message import Request, Response
from arrears.connectors.transport import Transport
from arrears.ports import ApiKey, CallBudget, NeedsAttention, TryAgainLater

T = TypeVar("T")

#: What a key must be allowed to do to be of any use; elsewhere a 403 is about that one thing.
_ESSENTIAL = frozenset({"me", "cases"})

#: No key is longer.
LONGEST_KEY = 500
#: A longer wait for the budget is not waited out here: whoever asked is told and may come back.
LONGEST_TURN = timedelta(seconds=60)
#: What is not asked again at once, however short the wait that was told.
_SHORTEST_PAUSE = 0.01


class Caller:
    """Asks Debitura for things with one key. Any number of tasks of one event loop may ask at once."""

    def __init__(self, transport: Transport, key: ApiKey, budget: CallBudget | None) -> None:
        self._transport = transport
        self._key = key
        self._budget = budget
        transport.before = self._ready

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        """Send a request and read its answer. A key that was refused is reported as such before raising."""
        was_refused = False

        def read_noting(response: Response) -> T:
            nonlocal was_refused
            useless = response.status == 403 and request.path.partition("?")[0] in _ESSENTIAL
            was_refused = response.status == 401 or useless
            return read(response)

        try:
            return await self._transport.ask(request, read_noting)
        except NeedsAttention as reason:
            # An error of `read` on the key's own side is no news to it, and may be about an older key.
            if was_refused:
                await asyncio.to_thread(self._key.rejected, reason)
            raise

    async def close(self) -> None:
        await self._transport.close()

    async def _ready(self, request: Request) -> Request:
        """The request with the key, once it may be sent."""
        await self._wait_for_turn()
        secret = (await asyncio.to_thread(self._key.read)).get_secret_value().strip()
        if not secret or len(secret) > LONGEST_KEY or not (secret.isascii() and secret.isprintable()):
            raise refusal("key_rejected", "It has characters that no key has, so it was not sent.")
        return request.with_header("XApiKey", secret)

    async def _wait_for_turn(self) -> None:
        if self._budget is None:
            return
        waited = timedelta(0)
        while wait := await asyncio.to_thread(self._budget.take):
            if waited + wait > LONGEST_TURN:
                raise TryAgainLater(
                    "As many calls as Debitura allows for one key have been made for now.", wait
                )
            pause = max(wait.total_seconds(), _SHORTEST_PAUSE)
            await asyncio.sleep(pause)
            waited += timedelta(seconds=pause)
