"""The collector over real connections: redirects, floods, trickles; and as a library without Django."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from arrears.connectors.debitura import DebituraCollector
from arrears.connectors.retry import Patience
from arrears.ports import NeedsAttention, OutcomeUnknown, TryAgainLater
from tests.builders import TODAY, a_claim
from tests.connectors.debitura.scripted import KEY, AKey, a_case
from tests.connectors.raw_server import Handler, always, answer, raw_server

ONCE = Patience(attempts=1)


async def opening(handler: Handler, deadline: float = 5.0) -> None:
    """Open a case against a server. Raises what opening raises."""
    async with raw_server(handler) as server:
        collector = DebituraCollector(AKey(), base_url=server.url, patience=ONCE, deadline=deadline)
        try:
            await asyncio.to_thread(collector.open, a_claim(), "AR-1", "key-1", TODAY)
        finally:
            await asyncio.to_thread(collector.close)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
async def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(status: str) -> None:
    async with raw_server(always(answer(b"{}"))) as elsewhere:
        moved = answer(b"", status, f"Location: {elsewhere.url}/cases\r\n")
        with pytest.raises(NeedsAttention) as caught:
            await opening(always(moved))
        assert elsewhere.heads == []
    assert caught.value.code == "redirected"


async def test_an_answer_without_an_end_is_cut_off() -> None:
    async def flood(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"", length=1_000_000_000))
        while not writer.is_closing():
            writer.write(b" " * 1_000_000)
            await writer.drain()

    with pytest.raises(OutcomeUnknown, match="4,000,000 bytes"):
        await opening(flood, deadline=60.0)


async def test_a_trickle_cannot_outlive_the_deadline() -> None:
    async def trickle(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"", length=1_000_000))
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    with pytest.raises(OutcomeUnknown):
        await asyncio.wait_for(opening(trickle, deadline=0.3), 20)


async def test_half_a_case_is_not_a_case() -> None:
    async def half(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + str(a_case()).encode()[:80])
        await writer.drain()
        writer.close()

    with pytest.raises(OutcomeUnknown):
        await opening(half)


async def test_nobody_there_is_certainly_not_opened() -> None:
    async with raw_server(always(answer(b""))) as server:
        url = server.url
    collector = DebituraCollector(AKey(), base_url=url, patience=ONCE)
    with pytest.raises(TryAgainLater, match="could not be reached"):
        await asyncio.to_thread(collector.open, a_claim(), "AR-1", "key-1", TODAY)
    await asyncio.to_thread(collector.close)


PROGRAM = """
import logging, sys
from pydantic import SecretStr
from arrears.connectors.debitura import DebituraCollector

class Key:
    def read(self): return SecretStr(sys.stdin.readline())
    def rejected(self, reason): print("rejected", reason.code)

logging.basicConfig(level=logging.DEBUG)
collector = DebituraCollector(Key(), base_url=sys.argv[1])
try:
    collector.standing()
except Exception as error:
    print(type(error).__name__, error)
assert not [name for name in sys.modules if name.split(".")[0] in ("django", "procrastinate", "psycopg")]
"""


async def test_it_works_without_django_and_without_telling_the_key() -> None:
    async with raw_server(always(answer(b"{}", "401 Unauthorized"))) as server:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", PROGRAM, server.url],
            input=f"{KEY}\n" * 9,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "rejected key_rejected" in done.stdout
    assert "NeedsAttention Debitura did not accept the API key." in done.stdout
    assert [KEY.encode() in head for head in server.heads] == [True]
    assert KEY not in done.stdout + done.stderr
