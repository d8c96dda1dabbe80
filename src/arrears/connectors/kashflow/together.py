"""Several things at once: all of them or the first error, and nothing left running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from itertools import islice
from typing import Any, TypeVar, cast

T = TypeVar("T")
Item = TypeVar("Item")


async def together(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results in order. The first error cancels the rest and is raised as it is."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await _stop(tasks)


async def both(first: Coroutine[Any, Any, T], second: Coroutine[Any, Any, Item]) -> tuple[T, Item]:
    """Two different things at once; otherwise like `together`."""
    results: list[Any] = await together([first, second])
    return cast("tuple[T, Item]", tuple(results))


async def as_they_come(
    items: Iterable[Item], work: Callable[[Item], Coroutine[Any, Any, T]], at_once: int
) -> AsyncIterator[T]:
    """Do `work` on each item, `at_once` of them in progress, and hand out results in order of completion.

    While the consumer is busy no more than that is begun. The first error cancels the rest.
    """
    left = iter(items)
    under_way = {asyncio.create_task(work(item)) for item in islice(left, at_once)}
    try:
        while under_way:
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            failures = [error for task in done if (error := task.exception())]
            if failures:
                raise failures[0]
            under_way |= {asyncio.create_task(work(item)) for item in islice(left, len(done))}
            for task in done:
                yield task.result()
    finally:
        await _stop(under_way)


async def _stop(tasks: Iterable[asyncio.Task[T]]) -> None:
    unfinished = [task for task in tasks if not task.done()]
    for task in unfinished:
        task.cancel()
    if unfinished:
        await asyncio.wait(unfinished)
