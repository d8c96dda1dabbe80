"""Start the KashFlow stand-in as a process of its own and steer it: what tests and the demo use."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from arrears.sandbox import wire
from arrears.sandbox.kashflow import CREDENTIALS

STOP_SECONDS: Final = 5
CALL_SECONDS: Final = 60


@dataclass(frozen=True)
class TruthRow:
    """What the stand-in knows of one invoice, whatever it sends. ``outstanding`` is in ``currency``."""

    number: int
    id: int
    customer_code: str
    currency: str
    gross: Decimal
    outstanding: Decimal
    outstanding_home: Decimal
    issued: date
    due: date | None
    deleted: bool
    owing: bool
    quirks: tuple[str, ...]


class Sandbox:
    """The control client. Raises ValueError with the stand-in's sentence when a call is wrong."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._netloc = urlsplit(base_url).netloc
        self.credentials = dict(CREDENTIALS)

    def pay(self, number: int, amount: Decimal | str | None = None, date: date | None = None) -> None:
        """Add a payment in home currency; without an amount everything owed is paid."""
        self._act("pay", number=number, amount=amount, date=date)

    def edit_invoice(self, number: int, **fields: object) -> None:
        """Change fields (``due``, ``gross``, ``customer``…); CapitalisedNames override the wire."""
        self._act("edit_invoice", number=number, fields=fields)

    def edit_customer(self, code: str, **fields: object) -> None:
        """Change fields (``name``, ``email``, ``line1``, ``postcode``, ``country_code``…) likewise."""
        self._act("edit_customer", code=code, fields=fields)

    def set_on_account(self, code: str, *amounts: Decimal | str) -> None:
        """Replace the customer's unallocated money, in home currency."""
        self._act("set_on_account", code=code, amounts=list(amounts))

    def delete(self, number: int, voided: bool = False) -> None:
        """Make the invoice vanish, or leave it listed with DeletedAt when ``voided``."""
        self._act("delete", number=number, voided=voided)

    def renumber(self, number: int, new: int) -> None:
        """Give the invoice another number; its Id stays."""
        self._act("renumber", number=number, new=new)

    def insert(self, like: int | None = None, number: int | None = None, **fields: object) -> TruthRow:
        """Add an unpaid invoice: a copy of ``like`` (or of one that is owed), with the given changes."""
        return _truth(self._act("insert", like=like, number=number, fields=fields))

    def expire_sessions(self) -> int:
        """Forget all session tokens; how many there were."""
        count: int = self._act("expire_sessions")
        return count

    def lock(self) -> None:
        """Lock the user, as too many wrong attempts would."""
        self.set_account("locked")

    def set_account(self, state: str) -> None:
        """One of the states of ``arrears.sandbox.sessions.Account``; "active" cures everything."""
        self._act("set_account", state=state)

    def set_credentials(
        self, username: str | None = None, password: str | None = None, memorable_word: str | None = None
    ) -> None:
        """Change what the stand-in accepts; ``credentials`` stays as it was."""
        self._act("set_credentials", username=username, password=password, memorable_word=memorable_word)

    def set_company(self, id: int, name: str) -> None:  # noqa: A002 - as KashFlow calls it
        """Make the credentials open another company, with the same invoices."""
        self._act("set_company", id=id, name=name)

    def fault(self, name: str, /, **when: object) -> None:
        """Switch a fault on; ``when``: path, method, query, times, after, every, and its own options."""
        self._act("fault", name=name, **when)

    def clear_faults(self) -> None:
        """Switch every fault off."""
        self._act("clear_faults")

    def faults(self) -> list[dict[str, Any]]:
        """The faults switched on, with how many requests each ``seen`` and ``hits``."""
        found: list[dict[str, Any]] = self._act("faults")
        return found

    def requests(self) -> list[dict[str, Any]]:
        """All requests received, in order: method, path, query, status, at (seconds), fault."""
        found: list[dict[str, Any]] = self._act("requests")
        return found

    def logins(self) -> list[dict[str, Any]]:
        """All login attempts: step ("password" or "memorable word"), second, right."""
        found: list[dict[str, Any]] = self._act("logins")
        return found

    def issued_tokens(self) -> list[str]:
        """Every token ever given out, temporary ones too."""
        found: list[str] = self._act("issued_tokens")
        return found

    def clear_requests(self) -> None:
        """Forget requests and login attempts so far."""
        self._act("clear_requests")

    def invoices(self) -> list[TruthRow]:
        """The truth about every invoice, deleted ones included."""
        return [_truth(entry) for entry in self._act("invoices")]

    def customers(self) -> list[dict[str, Any]]:
        """Every customer: code, id, name, country_code, quirks."""
        found: list[dict[str, Any]] = self._act("customers")
        return found

    def notes(self, number: int) -> list[dict[str, Any]]:
        """Every note on the invoice, also one that the API does not show yet."""
        found: list[dict[str, Any]] = self._act("notes", number=number)
        return found

    def set_latency(self, ms: float) -> None:
        """How long every API answer waits."""
        self._act("set_latency", ms=ms)

    def set_profile(self, profile: str) -> None:
        """Switch to another profile: a name, then changes after commas."""
        self._act("set_profile", profile=profile)

    def advance_clock(self, minutes: float) -> None:
        """Move the stand-in's clock forward."""
        self._act("advance_clock", minutes=minutes)

    def _act(self, action: str, /, **arguments: object) -> Any:
        body = wire.dump(arguments).encode()
        connection = HTTPConnection(self._netloc, timeout=CALL_SECONDS)
        try:
            connection.request("POST", f"/_control/{action}", body)
            response = connection.getresponse()
            result = json.load(response)
        finally:
            connection.close()
        if response.status != HTTPStatus.OK:
            raise ValueError(result["message"])
        return result


@contextmanager
def start_sandbox(
    invoices: int = 50,
    seed: int = 7,
    latency_ms: float = 0,
    profile: str = "standard",
    today: date | None = None,
    port: int = 0,
) -> Iterator[Sandbox]:
    """A stand-in of its own, stopped on leaving. RuntimeError with its own words when it does not start."""
    command = [sys.executable, "-m", "arrears.sandbox", f"--invoices={invoices}", f"--seed={seed}"]
    command += [
        f"--latency-ms={latency_ms}",
        f"--profile={profile}",
        f"--port={port}",
        "--stop-at-end-of-input",
    ]
    command += [f"--today={today}"] if today else []
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            first_line = process.stdout.readline() if process.stdout else ""
            urls = [word for word in first_line.split() if word.startswith("http://")]
            if not urls:
                process.wait(STOP_SECONDS)
                errors.seek(0)
                raise RuntimeError(f"The KashFlow stand-in did not start: {errors.read().strip()}")
            yield Sandbox(urls[0])
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _truth(entry: dict[str, Any]) -> TruthRow:
    return TruthRow(
        number=entry["number"],
        id=entry["id"],
        customer_code=entry["customer_code"],
        currency=entry["currency"],
        gross=Decimal(entry["gross"]),
        outstanding=Decimal(entry["outstanding"]),
        outstanding_home=Decimal(entry["outstanding_home"]),
        issued=date.fromisoformat(entry["issued"]),
        due=date.fromisoformat(entry["due"]) if entry["due"] else None,
        deleted=entry["deleted"],
        owing=entry["owing"],
        quirks=tuple(entry["quirks"]),
    )
