"""One event loop on one background thread, so that ordinary callers can use asynchronous connectors.

Any number of threads may call at the same time; their requests share the loop, and with it the
connections, the limits and the sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

#: How long an abandoned listing may take to stop before its consumer stops waiting for it.
_FAREWELL_SECONDS = 10.0


class _Loop:
    """Starts the thread when it is first needed, and again where it is gone (in a forked process)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def get(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._thread is None or not self._thread.is_alive():
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="arrears-connectors", daemon=True
                )
                self._thread.start()
            if threading.current_thread() is self._thread:
                raise RuntimeError("Connectors cannot be called synchronously from their own event loop.")
            return self._loop

    def is_current(self) -> bool:
        return threading.current_thread() is self._thread


_LOOP = _Loop()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine` on the background loop and return its result, or raise what it raised.

    If the caller is interrupted while waiting, the coroutine is cancelled.
    """
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, _LOOP.get())
    except RuntimeError:
        coroutine.close()
        raise
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def iterate(source: AsyncIterator[T], ahead: int = 4) -> Iterator[T]:
    """Hand out what `source` produces on the background loop, as it comes.

    `source` works at most `ahead` items ahead of the consumer. When the consumer stops early, `source` is
    cancelled and closed.
    """
    loop = _LOOP.get()
    pump = _Pump(source, loop, asyncio.Semaphore(ahead), queue.SimpleQueue())
    task = asyncio.run_coroutine_threadsafe(pump.work(), loop)
    try:
        while isinstance(entry := pump.entries.get(), _Item):
            loop.call_soon_threadsafe(pump.room.release)
            yield entry.value
        if entry is not None:
            raise entry
    finally:
        task.cancel()
        if not _LOOP.is_current():
            pump.stopped.wait(_FAREWELL_SECONDS)


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


class _Pump(Generic[T]):
    """Moves items from the loop to the consumer's thread. The last entry is an error or None."""

    def __init__(
        self,
        source: AsyncIterator[T],
        loop: asyncio.AbstractEventLoop,
        room: asyncio.Semaphore,
        entries: queue.SimpleQueue[_Item[T] | BaseException | None],
    ) -> None:
        self.source = source
        self.loop = loop
        self.room = room
        self.entries = entries
        self.stopped = threading.Event()

    async def work(self) -> None:
        last: BaseException | None = None
        try:
            async for value in self.source:
                await self.room.acquire()
                self.entries.put(_Item(value))
        except BaseException as error:
            last = error
            raise
        finally:
            await self._close()
            self.entries.put(last)
            self.stopped.set()

    async def _close(self) -> None:
        close = getattr(self.source, "aclose", None)
        if close is not None:
            with contextlib.suppress(Exception):
                await close()
