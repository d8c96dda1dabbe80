"""What is done at the moment a request is sent, every time it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded, Patience
from arrears.connectors.transport import Transport
from arrears.ports import TryAgainLater
from tests.connectors.raw_server import always, answer, raw_server

QUICK = Patience(attempts=3, total=20, first_wait=0.01, jitter=0.0, floor=0.01)
READ = Request("GET", "things", "the things")
WRITE = Request("POST", "things", "the new thing", body=b"{}", effects=True)


def whole(response: Response) -> Response:
    return response


class Counting:
    """Puts a number on every request that goes out."""

    def __init__(self) -> None:
        self.turns = 0

    async def __call__(self, request: Request) -> Request:
        self.turns += 1
        return request.with_header("X-Turn", str(self.turns))


async def test_it_is_awaited_before_every_exchange_repetitions_included() -> None:
    before = Counting()
    async with raw_server(always(answer(b"", "503 Service Unavailable"))) as server:
        sender = Transport("Debitura", server.url, patience=QUICK, before=before)
        with pytest.raises(TryAgainLater):
            await sender.ask(READ, whole)
        with pytest.raises(Exception, match="busy"):
            await sender.ask(READ, whole)
        await sender.close()
    assert before.turns == 6
    turns = [head.partition(b"X-Turn: ")[2][:1] for head in server.heads]
    assert b"".join(turns) == b"123456"


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_when_it_refuses_nothing_is_sent(request_: Request) -> None:
    async def not_now(_: Request) -> Request:
        raise TryAgainLater("Not now.", timedelta(hours=1))

    async with raw_server(always(answer(b"{}"))) as server:
        sender = Transport("Debitura", server.url, patience=QUICK, before=not_now)
        with pytest.raises(TryAgainLater, match="Not now") as caught:
            await sender.ask(request_, whole)
        await sender.close()
    assert caught.value.after == timedelta(hours=1)
    assert server.heads == []
    assert not sender.limiter.busy


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [("", 12.5), ("Retry-After: 7\r\n", 7), ("Retry-After: soon\r\n", 12.5)],
)
async def test_429_waits_as_told_by_the_header_or_else_by_the_body(headers: str, seconds: float) -> None:
    busy = answer(b'{"error":"rate_limit_exceeded","retryAfter":12.5}', "429 Too Many Requests", headers)
    async with raw_server(always(busy)) as server:
        sender = Transport("Debitura", server.url, patience=Patience(attempts=1))
        with pytest.raises(Overloaded) as caught:
            await sender.ask(WRITE, whole)
        await sender.close()
    assert caught.value.after == timedelta(seconds=seconds)
    assert len(server.heads) == 1
