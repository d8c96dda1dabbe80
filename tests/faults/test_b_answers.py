"""B9–B12 and B24: answers that are none, answers without end, and answers in other words."""

from __future__ import annotations

import copy
import gzip
import socket
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from arrears import ports
from arrears.bridge.models import TrackedCase
from arrears.connectors import transport
from arrears.connectors.debitura import labels, mapping, protocol
from arrears.connectors.debitura.opened import read_opened
from arrears.connectors.message import Response
from arrears.connectors.transport import Transport
from arrears.core.case import Lifecycle
from arrears.core.json_text import read_json, write_json
from arrears.core.submission import State
from tests.debitura.faults import Altered, empty_body, field_set, half_body, html_page, wrong_charset
from tests.debitura.show import case_json
from tests.debitura.transport import FakeTransport
from tests.debitura.wire import answer
from tests.faults.careless import takes_nonsense_for_a_refusal
from tests.faults.catalogue import fault
from tests.faults.raw_line import Send, raw_line, whole
from tests.faults.test_b_lost_and_late import OPEN
from tests.faults.world import World

_MEGABYTE = 1_000_000


def _over_a_real_line(world: World, number: str, send: Send, deadline: float = 20.0) -> None:
    """Import one invoice whose case is answered by `send`."""
    world.invoice(number, code=f"D{number}")
    with raw_line(world.fake, send) as url:
        world.over(lambda: Transport("Debitura", url, deadline=deadline))
        world.start(number)
        world.work()
        assert world.row(number).state == State.AMBIGUOUS, "it may have been opened"
        world.settle()
        world.collector.close()
    world.assert_opened_once(number)


@fault("B9", takes_nonsense_for_a_refusal)
def test_b9_half_an_answer_that_ends_with_the_connection(world: World) -> None:
    """Half a case is no success and no failure: it is looked up."""

    def half(talk: socket.socket, response: Response) -> None:
        talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        talk.sendall(response.body[: len(response.body) // 2])

    _over_a_real_line(world, "1", half)
    world.over(lambda: FakeTransport(world.fake))
    world.invoice("2")
    world.fake.fails(half_body(), OPEN)
    world.run("2")
    world.assert_opened_once("2")


@fault("B10", takes_nonsense_for_a_refusal)
def test_b10_answers_that_are_none(world: World) -> None:
    """A success that is too short, empty, a web page or in another encoding is looked up."""
    changes: list[Altered] = [empty_body(), html_page(), wrong_charset()]
    for number, change in enumerate(changes, 1):
        world.fake.fails(change, OPEN)
        world.invoice(str(number), code=f"D{number}")
        world.run(str(number))
        world.assert_opened_once(str(number))

    def short(talk: socket.socket, response: Response) -> None:
        talk.sendall(whole(response, length=len(response.body) + 500))

    _over_a_real_line(world, "9", short)


def reads_answers_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_MOST_BYTES", 10**12)


@fault("B11", reads_answers_of_any_size)
def test_b11_an_answer_without_end(world: World) -> None:
    """An answer that is too large, packed or not, is dropped before it fills the memory, and looked up."""
    sent = 0

    def endless(talk: socket.socket, response: Response) -> None:
        nonlocal sent
        talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        block = b" " * _MEGABYTE
        while sent < 60 * _MEGABYTE:
            talk.sendall(block)
            sent += len(block)

    def packed(talk: socket.socket, response: Response) -> None:
        talk.sendall(whole(Response(200, {}, bomb), more="Content-Encoding: gzip\r\n"))

    bomb = gzip.compress(bytes(100 * _MEGABYTE), 1)
    for number, send in (("1", endless), ("2", packed)):
        tracemalloc.start()
        try:
            _over_a_real_line(world, number, send)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 20 * _MEGABYTE, f"{send.__name__}: {peak:,} bytes"
    assert sent < 40 * _MEGABYTE


class NoDeadline:
    """Each read may take its time, and there is no end to the number of reads."""

    def __init__(self, seconds: float) -> None:
        pass

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *_: object) -> None:
        pass


class _Asyncio:
    """asyncio as the transport sees it, without its deadline."""

    timeout = NoDeadline

    def __getattr__(self, name: str) -> Any:
        import asyncio

        return getattr(asyncio, name)


def has_no_deadline_for_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "asyncio", _Asyncio())


@fault("B12", has_no_deadline_for_the_whole)
def test_b12_an_answer_that_trickles_in(world: World) -> None:
    """An answer that comes byte by byte is given up at the deadline for all of it, and looked up."""
    drops = 0

    def drip(talk: socket.socket, response: Response) -> None:
        nonlocal drops
        talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n")
        for at in range(20):
            talk.sendall(response.body[at : at + 1])
            drops += 1
            time.sleep(0.15)

    _over_a_real_line(world, "1", drip, deadline=1.0)

    assert 0 < drops < 18


# --- Other words ------------------------------------------------------------------------------------------

_STRANGE: tuple[Any, ...] = (None, "", "New", 7, -1, [], {}, ["x"], {"x": 1}, True, "9" * 400, 1e300)


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a JSON document."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _mutants(tree: Any) -> Iterator[Any]:
    """The document with each of its parts missing, as text, and strange."""
    for *way, last in _paths(tree):
        for change in ("missing", "text", *range(len(_STRANGE))):
            mutant = copy.deepcopy(tree)
            place = mutant
            for step in way:
                place = place[step]
            if change == "missing":
                if isinstance(place, dict):
                    del place[last]
            elif change == "text":
                place[last] = str(place[last])
            else:
                place[last] = _STRANGE[int(change)]
            yield mutant


def knows_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is not known is taken for the usual one."""

    def closed_list(word: str) -> tuple[Lifecycle, str]:
        known, _ = labels.lifecycle_of(word)
        return (Lifecycle.ACTIVE if known is Lifecycle.PENDING_VERIFICATION else known), ""

    monkeypatch.setattr(mapping, "lifecycle_of", closed_list)


@fault("B24", knows_every_word)
def test_b24_answers_in_other_words(world: World) -> None:
    """Unknown words are shown, and whatever is missing or odd costs no more than the one case it is about."""
    world.invoice("1")
    world.fake.fails(field_set("lifecycle", "Pending Sheriff"), OPEN)
    world.run("1")
    tracked = TrackedCase.objects.get()
    assert (tracked.stated, tracked.lifecycle) == ("Pending Sheriff", Lifecycle.PENDING_VERIFICATION)
    world.assert_opened_once("1")

    reference = world.row("1").reference
    good = read_json(answer(case_json(world.fake.case(reference))).body)
    tried = 0
    for mutant in _mutants(good):
        tried += 1
        alone = Response(200, {"content-type": "application/json"}, write_json(mutant).encode())
        try:
            told = read_opened(alone, reference, test=False)
        except ports.OutcomeUnknown:
            pass  # it is looked up
        else:
            assert told.case is not None
            assert told.case.creditor_reference == reference
        listed = {"cases": [mutant, good], "page": {"totalPages": 1}}
        page = protocol.read_cases(
            Response(200, {"content-type": "application/json"}, write_json(listed).encode())
        )
        assert page.rows[-1].creditor_reference == reference
    assert tried > 300
