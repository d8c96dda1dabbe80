"""The transport against a server that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import traceback
from datetime import timedelta
from typing import Any

import httpcore2
import pytest

from arrears.clock import SystemClock
from arrears.connectors.limiter import Limiter
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded, Patience, TooLarge
from arrears.connectors.transport import STALE_SECONDS, Transport, checked_base_url, pinned
from arrears.ports import NotSent, OutcomeUnknown, TryAgainLater
from tests.connectors.raw_server import always, answer, hang_up, raw_server

QUICK = Patience(attempts=3, total=20, first_wait=0.01, jitter=0.0, floor=0.01)
ONCE = Patience(attempts=1)
READ = Request("GET", "things?secret=path", "the things", headers={"Authorization": "KfToken needle"})
WRITE = Request("POST", "things", "the new thing", body=b"{}", effects=True)


def whole(response: Response) -> Response:
    return response


def transport(
    url: str, patience: Patience = ONCE, deadline: float = 5.0, most_bytes: int = 1_000_000
) -> Transport:
    return Transport("KashFlow", url, patience=patience, deadline=deadline, most_bytes=most_bytes)


async def test_a_plain_answer_arrives_whole() -> None:
    async with raw_server(always(answer(b"{}", headers="X-Kind: Plain\r\n"))) as server:
        sender = transport(server.url)
        response = await sender.ask(READ, whole)
        await sender.close()
    assert (response.status, response.body, response.headers["x-kind"]) == (200, b"{}", "Plain")
    assert server.heads[0].startswith(b"GET /v2/things?secret=path HTTP/1.1\r\n")


async def test_a_body_cut_short_is_never_taken_for_the_whole() -> None:
    async def cut(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b'{"Data":[', length=500))
        await writer.drain()
        writer.close()

    async with raw_server(cut) as server:
        sender = transport(server.url)
        with pytest.raises(TryAgainLater):
            await sender.ask(READ, whole)
        await sender.close()


async def test_a_drip_fed_answer_cannot_outlive_the_deadline() -> None:
    async def drip(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"", length=1_000_000))
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with raw_server(drip) as server:
        sender = transport(server.url, deadline=0.3)
        with pytest.raises(Overloaded):
            await asyncio.wait_for(sender.ask(READ, whole), 10)
        await sender.close()


async def test_a_reset_read_is_repeated_until_it_succeeds() -> None:
    turns = 0

    async def third_time(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal turns
        turns += 1
        if turns < 3:
            writer.transport.abort()
        else:
            writer.write(answer(b"{}"))

    async with raw_server(third_time) as server:
        sender = transport(server.url, QUICK)
        assert (await sender.ask(READ, whole)).body == b"{}"
        await sender.close()
    assert turns == 3


async def test_a_huge_body_is_dropped_and_not_asked_for_again() -> None:
    async with raw_server(always(answer(b"x" * 50_000))) as server:
        sender = transport(server.url, QUICK, most_bytes=10_000)
        with pytest.raises(TooLarge):
            await sender.ask(READ, whole)
        await sender.close()
    assert len(server.heads) == 1


async def test_a_compressed_bomb_is_counted_after_decompression() -> None:
    bomb = gzip.compress(b"0" * 20_000_000)
    assert len(bomb) < 100_000
    async with raw_server(always(answer(bomb, headers="Content-Encoding: gzip\r\n"))) as server:
        sender = transport(server.url, most_bytes=1_000_000)
        with pytest.raises(TooLarge):
            await sender.ask(READ, whole)
        await sender.close()


async def test_a_redirect_is_not_followed() -> None:
    moved = answer(b"", "302 Found", "Location: https://elsewhere.example/\r\n")
    async with raw_server(always(moved)) as server:
        sender = transport(server.url)
        assert (await sender.ask(READ, whole)).status == 302
        await sender.close()
    assert len(server.heads) == 1


async def test_nothing_is_sent_to_another_host() -> None:
    async with raw_server(always(answer(b"{}"))) as server:
        sender = transport(server.url)
        with pytest.raises(ValueError, match="another host"):
            await sender.ask(Request("GET", "http://127.0.0.1:1/v2/things", "the things"), whole)
        await sender.close()
    assert server.heads == []


async def test_a_refused_connection_was_certainly_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sender = transport(f"http://127.0.0.1:{taken.getsockname()[1]}/v2")
        for request in (READ, WRITE):
            with pytest.raises(NotSent):
                await sender.ask(request, whole)
        await sender.close()


async def test_an_effect_without_an_answer_is_unknown_and_never_repeated() -> None:
    async with raw_server(hang_up()) as server:
        sender = transport(server.url, QUICK)
        with pytest.raises(OutcomeUnknown):
            await sender.ask(WRITE, whole)
        await sender.close()
    assert len(server.heads) == 1


async def test_an_effect_that_times_out_is_unknown() -> None:
    async def silence(_: bytes, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)

    async with raw_server(silence) as server:
        sender = transport(server.url, QUICK, deadline=0.2)
        with pytest.raises(OutcomeUnknown):
            await sender.ask(WRITE, whole)
        await sender.close()


async def test_an_effect_that_was_held_up_too_long_is_not_sent_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that was asleep may have been taken for dead, and another have asked in its place."""
    began = SystemClock().now()

    async def asleep(request: Request) -> Request:
        later = began + timedelta(seconds=STALE_SECONDS + 1)
        monkeypatch.setattr(SystemClock, "now", lambda _: later)
        return request

    async with raw_server(always(answer(b"{}"))) as server:
        sender = Transport("KashFlow", server.url, before=asleep)
        with pytest.raises(NotSent):
            await sender.ask(WRITE, whole)
        monkeypatch.setattr(SystemClock, "now", lambda _: began)
        await sender.ask(READ, whole)
        await sender.close()
    assert [head.split(b" ")[0] for head in server.heads] == [b"GET"]


async def test_an_effect_is_not_sent_by_a_process_that_wakes_up_while_it_connects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = SystemClock().now() + timedelta(seconds=6)

    async with raw_server(always(answer(b"{}"))) as server:
        sender = transport(server.url, deadline=5)
        connect = httpcore2.AnyIOBackend.connect_tcp

        async def asleep(*told: Any, **more: Any) -> Any:
            stream = await connect(*told, **more)
            monkeypatch.setattr(SystemClock, "now", lambda _: later)
            return stream

        monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", asleep)
        with pytest.raises(NotSent):
            await sender.ask(WRITE, whole)
        await sender.close()
    assert server.heads == []


async def test_an_effect_asked_to_wait_was_not_done() -> None:
    async with raw_server(always(answer(b"", "429 Too Many Requests", "Retry-After: 7\r\n"))) as server:
        sender = transport(server.url, QUICK)
        with pytest.raises(TryAgainLater) as caught:
            await sender.ask(WRITE, whole)
        await sender.close()
    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 7
    assert len(server.heads) == 1


async def test_what_a_server_fault_means_for_an_effect_is_for_its_reader_to_say() -> None:
    async with raw_server(always(answer(b"", "502 Bad Gateway"))) as server:
        sender = transport(server.url, QUICK)
        assert (await sender.ask(WRITE, whole)).status == 502
        await sender.close()


async def test_too_long_a_wait_is_told_and_not_waited_out() -> None:
    async with raw_server(always(answer(b"", "429 Too Many Requests", "Retry-After: 300\r\n"))) as server:
        sender = transport(server.url, QUICK)
        with pytest.raises(TryAgainLater) as caught:
            await sender.ask(READ, whole)
        await sender.close()
    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 300
    assert len(server.heads) == 1


async def test_while_it_asks_for_a_long_wait_nobody_is_sent_there() -> None:
    """Not only the request that was told: whatever else is asked for is told how long to stay away."""
    busy = answer(b"", "429 Too Many Requests", headers="Retry-After: 90\r\n")
    async with raw_server(always(busy, answer(b"{}"))) as server:
        sender = transport(server.url, QUICK)
        for request in (WRITE, READ, WRITE):
            with pytest.raises(Overloaded) as told:
                await sender.ask(request, whole)
            assert told.value.after is not None
            assert timedelta(seconds=80) < told.value.after <= timedelta(seconds=90)
        await sender.close()
    assert len(server.heads) == 1


async def test_refusals_halve_the_number_of_requests_under_way() -> None:
    busy = answer(b"", "429 Too Many Requests", "Retry-After: 0\r\n")
    async with raw_server(always(busy, answer(b"{}"))) as server:
        limiter = Limiter(6)
        sender = Transport("KashFlow", server.url, limiter=limiter, patience=QUICK)
        await sender.ask(READ, whole)
        await sender.close()
    assert limiter.allowed == 3


async def test_what_the_reader_cannot_read_is_asked_for_again() -> None:
    def picky(response: Response) -> bytes:
        if response.body != b"good":
            raise TryAgainLater("That was not it.")
        return response.body

    async with raw_server(always(answer(b"<html>"), answer(b"good"))) as server:
        sender = transport(server.url, QUICK)
        assert await sender.ask(READ, picky) == b"good"
        await sender.close()


async def test_no_error_or_log_or_representation_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_server(always(answer(b"{}"))) as server:
        sender = transport(server.url)
        await sender.ask(READ, whole)
        await sender.close()
    async with raw_server(hang_up()) as server:
        sender = transport(server.url)
        with pytest.raises(TryAgainLater) as caught:
            await sender.ask(READ, whole)
        await sender.close()
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(READ)
    assert "needle" not in told
    assert "secret=path" not in told
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.kashflow.com/v2",
        "ftp://api.kashflow.com",
        "https://user:word@api.kashflow.com",
        "https://api.kashflow.com/v2?x=1",
        "api.kashflow.com",
        "",
    ],
)
def test_an_unsafe_or_incomplete_base_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        checked_base_url(url)


@pytest.mark.parametrize(
    "url", ["https://api.kashflow.com/v2/", "http://localhost:9011/v2", "http://[::1]:80/v2"]
)
def test_https_and_this_machine_are_accepted(url: str) -> None:
    assert checked_base_url(url) == url.rstrip("/")


BASE = "https://api.kashflow.com/v2"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://api.kashflow.com/v2/invoices?page=2", f"{BASE}/invoices?page=2"),
        ("https://API.kashflow.com:443/v2/x", "https://API.kashflow.com:443/v2/x"),
        ("/v2/invoices?page=2", f"{BASE}/invoices?page=2"),
        ("v2/documents/invoice/1", f"{BASE}/documents/invoice/1"),
        ("invoices?page=2", f"{BASE}/invoices?page=2"),
        ("https://elsewhere.example/v2/invoices", None),
        ("http://api.kashflow.com/v2/invoices", None),
        ("//elsewhere.example/v2", None),
        ("https://api.kashflow.com@elsewhere.example/", None),
        ("https://x@api.kashflow.com/v2", None),
        ("https://api.kashflow.com:8443/v2", None),
        ("https://[bad/v2", None),
    ],
)
def test_links_are_pinned_to_the_host(link: str, address: str | None) -> None:
    assert pinned(BASE, link) == address


@pytest.mark.parametrize("link", ["/v2/a\x00b", "/v2/\x7f", "/v2/\ud800", f"/v2/{'a' * 70_000}"])
def test_a_link_that_no_request_can_be_made_of_is_none(link: str) -> None:
    assert pinned("https://api.kashflow.com/v2", link) is None


@pytest.mark.parametrize(
    "url",
    ["https://host:99999/v2", "https://host:abc/v2", "https://[::1/v2", "https://a b/v2", "https://h/\x01"],
)
def test_an_impossible_base_address_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^The address must .*\.$"):
        checked_base_url(url)
