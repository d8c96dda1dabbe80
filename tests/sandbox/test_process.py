"""The stand-in as a process: how it starts, how it ends, and what it says when it cannot."""

import socket
import subprocess
import sys
from datetime import date
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from arrears.sandbox.client import start_sandbox
from tests.sandbox.caller import Caller


def test_the_process_ends_with_the_block() -> None:
    with start_sandbox(invoices=50) as sandbox:
        netloc = urlsplit(sandbox.base_url).netloc

    with pytest.raises(ConnectionRefusedError):
        HTTPConnection(netloc, timeout=5).connect()


def test_two_stand_ins_of_one_seed_and_day_send_the_same() -> None:
    day = date(2026, 3, 5)
    with start_sandbox(seed=9, today=day) as one, start_sandbox(seed=9, today=day) as other:
        assert one.invoices() == other.invoices()
        assert one.customers() == other.customers()


def test_the_process_ends_when_its_input_does() -> None:
    command = [sys.executable, "-m", "arrears.sandbox", "--invoices=50", "--stop-at-end-of-input"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    process.communicate(timeout=20)

    assert line.startswith("KashFlow stand-in listening on http://127.0.0.1:")
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [({"invoices": 10}, "50 to 100,000"), ({"profile": "best"}, "no profile 'best'")],
)
def test_a_wrong_argument_gets_one_sentence(arguments: dict[str, object], sentence: str) -> None:
    with (
        pytest.raises(RuntimeError, match=sentence) as refused,
        start_sandbox(**arguments),  # type: ignore[arg-type]
    ):
        pass

    assert "Traceback" not in str(refused.value)


def test_a_port_in_use_gets_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match="in use") as refused, start_sandbox(port=port):
            pass

    assert "Traceback" not in str(refused.value)


def test_what_is_not_http_is_hung_up_on_and_others_are_still_served() -> None:
    with start_sandbox() as sandbox:
        parts = urlsplit(sandbox.base_url)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as raw:
            raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
            assert raw.recv(100) == b""
        caller = Caller(sandbox)
        caller.log_in()
        assert caller.get("/currencies").status == 200
        caller.close()


def test_the_clock_makes_invoices_overdue() -> None:
    with start_sandbox(today=date(2026, 3, 5)) as sandbox:
        caller = Caller(sandbox)
        caller.log_in()
        row = next(row for row in sandbox.invoices() if row.owing and row.due and not row.quirks)
        sandbox.edit_invoice(row.number, due=date(2026, 3, 5))
        before = caller.get(f"/invoices/{row.number}").json["OverdueDays"]
        sandbox.advance_clock(3 * 24 * 60)
        caller.log_in()

        assert (before, caller.get(f"/invoices/{row.number}").json["OverdueDays"]) == (0, 3)
        caller.close()
