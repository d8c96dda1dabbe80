"""Ordinary threads calling asynchronous code."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from arrears.connectors import background


async def thread_name(_: int) -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_many_threads_share_one_loop() -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda n: background.run(thread_name(n)), range(40)))
    assert names == {"arrears-connectors"}


def test_errors_come_back_as_they_are() -> None:
    async def fail() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        background.run(fail())


def test_calling_from_the_loop_itself_is_refused_instead_of_hanging() -> None:
    async def inner() -> None:
        background.run(thread_name(1))

    with pytest.raises(RuntimeError, match="own event loop"):
        background.run(inner())


class Counter:
    """Counts up for ever and remembers how far it came and whether it was closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = threading.Event()

    async def numbers(self, fail_at: int = -1) -> AsyncIterator[int]:
        try:
            while True:
                if self.made == fail_at:
                    raise ValueError("no more")
                self.made += 1
                yield self.made
                await asyncio.sleep(0)
        finally:
            self.closed.set()


def test_items_arrive_in_order() -> None:
    async def three() -> AsyncIterator[int]:
        for number in (1, 2, 3):
            yield number

    assert list(background.iterate(three())) == [1, 2, 3]


def test_stopping_early_closes_the_producer() -> None:
    counter = Counter()
    for number in background.iterate(counter.numbers()):
        if number == 5:
            break
    assert counter.closed.wait(5)


def test_the_producer_does_not_run_away() -> None:
    counter = Counter()
    numbers = background.iterate(counter.numbers(), ahead=4)
    assert next(numbers) == 1
    background.run(asyncio.sleep(0.1))
    assert counter.made <= 7
    numbers.close()  # type: ignore[attr-defined]


def test_an_error_arrives_after_the_items_before_it() -> None:
    got = []

    def collect() -> None:
        for number in background.iterate(Counter().numbers(fail_at=3)):
            got.append(number)  # noqa: PERF402 - what arrived before the error is the point

    with pytest.raises(ValueError, match="no more"):
        collect()
    assert got == [1, 2, 3]


def test_several_threads_iterate_at_once() -> None:
    async def some(start: int) -> AsyncIterator[int]:
        for number in range(start, start + 50):
            await asyncio.sleep(0)
            yield number

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda start: list(background.iterate(some(start))), range(6)))
    assert results == [list(range(start, start + 50)) for start in range(6)]
