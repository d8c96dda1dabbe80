"""The number of requests under way falls fast and rises slowly."""

from __future__ import annotations

import asyncio

import pytest

from arrears.connectors.limiter import Limiter


async def most_at_once(limiter: Limiter, tasks: int) -> int:
    under_way = most = 0

    async def one() -> None:
        nonlocal under_way, most
        await limiter.enter()
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        limiter.leave()

    await asyncio.gather(*(one() for _ in range(tasks)))
    return most


async def test_never_more_than_allowed() -> None:
    assert await most_at_once(Limiter(6), 50) == 6


async def test_one_burst_of_refusals_halves_once() -> None:
    limiter = Limiter(6)
    tickets = [await limiter.enter() for _ in range(6)]
    for ticket in tickets:
        limiter.slow_down(ticket)
        limiter.leave()
    assert limiter.allowed == 3


async def test_it_never_falls_below_one() -> None:
    limiter = Limiter(6)
    for _ in range(10):
        limiter.slow_down(await limiter.enter())
        limiter.leave()
    assert limiter.allowed == 1
    assert await most_at_once(limiter, 10) == 1


async def test_it_rises_by_one_after_good_answers_up_to_where_it_began() -> None:
    limiter = Limiter(4, good_answers=3)
    limiter.slow_down(await limiter.enter())
    limiter.leave()
    seen = []
    for _ in range(12):
        limiter.good()
        seen.append(limiter.allowed)
    assert seen == [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]


async def test_a_pause_holds_back_everything_new() -> None:
    limiter = Limiter(6)
    limiter.slow_down(await limiter.enter(), pause=0.2)
    limiter.leave()
    began = asyncio.get_running_loop().time()
    await limiter.enter()
    assert asyncio.get_running_loop().time() - began >= 0.19


async def test_giving_up_waiting_takes_nobodys_turn() -> None:
    limiter = Limiter(1)
    await limiter.enter()
    waiting = [asyncio.create_task(limiter.enter()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    limiter.leave()
    waiting[1].cancel()
    await asyncio.wait_for(waiting[2], 5)
    limiter.leave()
    assert await most_at_once(limiter, 3) == 1


def test_nothing_at_all_cannot_be_allowed() -> None:
    with pytest.raises(ValueError, match="At least one"):
        Limiter(0)
