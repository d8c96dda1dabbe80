"""The stand-in is reached below HTTP without waiting, and over a socket as any server is."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded, Patience
from arrears.connectors.transport import Transport
from arrears.ports import NotSent, OutcomeUnknown, TryAgainLater
from tests.debitura import bad_writing, faults
from tests.debitura.asking import a_body
from tests.debitura.server import KEY, FakeDebitura
from tests.debitura.transport import FakeTransport, Write, serve
from tests.debitura.wire import write_json

READ = Request("GET", "me", "a test", headers={"XApiKey": KEY})
WRITE = Request(
    "POST",
    "cases",
    "a test",
    write_json(a_body()),
    {"XApiKey": KEY, "Content-Type": "application/json"},
    effects=True,
)


def as_it_is(response: Response) -> Response:
    return response


async def test_waiting_moves_the_clock_and_takes_no_time() -> None:
    fake = FakeDebitura()
    began = fake.now
    fake.fails(faults.Busy(faults.Wait.BODY, seconds=25))
    fake.fails(faults.status(503), after=0, times=2)
    answer = await FakeTransport(fake).ask(READ, as_it_is)
    assert answer.status == 200
    assert timedelta(seconds=25) <= fake.now - began < timedelta(minutes=2)
    assert fake.ledger.early_calls == []
    assert len(fake.ledger.calls) == 4


async def test_patience_ends() -> None:
    fake = FakeDebitura()
    fake.fails(faults.status(502), times=None)
    with pytest.raises(TryAgainLater):
        await FakeTransport(fake, patience=Patience(attempts=3)).ask(READ, as_it_is)
    first, second, third = (call.at for call in fake.ledger.calls)
    assert first < second < third


@pytest.mark.parametrize(
    ("fault", "error", "seconds"),
    [
        (faults.RequestLost(sent=False), NotSent, 0),
        (faults.RequestLost(), OutcomeUnknown, 0),
        (faults.AnswerLost(), OutcomeUnknown, 0),
        (faults.LateCommit(), OutcomeUnknown, 30),
        (faults.Busy(), Overloaded, 0),
    ],
)
async def test_what_was_lost_is_told_as_the_real_transport_does(
    fault: faults.Fault, error: type[Exception], seconds: int
) -> None:
    fake = FakeDebitura()
    began = fake.now
    fake.fails(fault, "POST /cases")
    with pytest.raises(error):
        await FakeTransport(fake).ask(WRITE, as_it_is)
    assert fake.now - began == timedelta(seconds=seconds)


async def test_the_stand_in_answers_over_a_socket() -> None:
    fake = FakeDebitura()
    with serve(fake) as url:
        transport = Transport("Debitura", url)
        opened = await transport.ask(WRITE, as_it_is)
        fake.fails(faults.AnswerLost(), "POST /cases")
        with pytest.raises(OutcomeUnknown):
            await transport.ask(WRITE, as_it_is)
        await transport.close()
    assert opened.status == 200
    assert opened.content_type == "application/json"
    assert [call.status for call in fake.ledger.calls] == [200, None]


async def test_a_late_answer_outlasts_the_deadline_over_a_socket() -> None:
    fake = FakeDebitura()
    fake.fails(faults.LateCommit(), "POST /cases")
    with serve(fake) as url:
        transport = Transport("Debitura", url, deadline=0.2)
        with pytest.raises(OutcomeUnknown):
            await transport.ask(WRITE, as_it_is)
        await transport.close()
    assert fake.late == 1


@pytest.mark.parametrize(
    "write",
    [bad_writing.short_body, bad_writing.dripping(0.05), bad_writing.bomb(6), bad_writing.endless(6)],
    ids=["short", "dripping", "bomb", "endless"],
)
async def test_an_answer_written_badly_hides_work_that_was_done(write: Write) -> None:
    fake = FakeDebitura()
    with serve(fake, bad_writing.only("POST", write)) as url:
        transport = Transport("Debitura", url, deadline=0.5, most_bytes=2_000_000)
        with pytest.raises(OutcomeUnknown):
            await transport.ask(WRITE, as_it_is)
        assert (await transport.ask(READ, as_it_is)).status == 200
        await transport.close()
    assert len(fake.ledger.committed) == 1


async def test_half_a_body_that_ends_with_the_connection_looks_like_success() -> None:
    with serve(FakeDebitura(), bad_writing.until_close) as url:
        transport = Transport("Debitura", url)
        opened = await transport.ask(WRITE, as_it_is)
        await transport.close()
    assert opened.status == 200
    assert opened.body.startswith(b"{")
    assert not opened.body.endswith(b"}")


def test_nothing_is_left_behind_a_served_stand_in() -> None:
    with serve(FakeDebitura()) as url:
        address = urlsplit(url)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            socket.create_connection((address.hostname or "", address.port or 0), 1).close()
        except ConnectionRefusedError:
            return
    pytest.fail("The server still listens.")
