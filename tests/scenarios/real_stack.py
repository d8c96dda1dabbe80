"""The whole installation as it runs for a company: a server, its workers and a database, all processes."""

from __future__ import annotations

import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from email import message_from_bytes, policy
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
import pytest

from arrears.project.database import stop_embedded
from arrears.sandbox.client import Sandbox
from tests.scenarios.terminal import Terminal, kill_whole
from tests.scenarios.test_demo import free_port

_PATIENCE_SECONDS = 180


class Stack(Terminal):
    """A server on a port of its own, workers that can be killed, and the database below the data folder."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        super().__init__(home)
        self._kashflow = sandbox.base_url
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._workers: list[subprocess.Popen[bytes]] = []

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "ARREARS_EMAIL": "file",
            "ARREARS_KASHFLOW_URL": self._kashflow,
            "ARREARS_URL": self.url,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """As for every terminal, with what it says kept beside the data."""
        with (self.home / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                self._command(arguments),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def start_server(self) -> None:
        server = self.start("serve", "--port", str(self._port), "--no-worker")

        def ready() -> bool:
            if server.poll() is not None:
                pytest.fail(f"The server stopped:\n{self.said('serve')}")
            with suppress(OSError):
                answer = urllib.request.urlopen(f"{self.url}/readyz", timeout=5)  # noqa: S310 # our own
                return bool(answer.status == HTTPStatus.OK)
            return False

        wait_until(ready, "the server was ready")

    def start_worker(self) -> None:
        self._workers.append(self.start("worker"))

    def kill_workers(self) -> None:
        """kill -9, as a machine does that loses its power."""
        while self._workers:
            kill_whole(self._workers.pop())

    def said(self, command: str) -> str:
        return (self.home / f"{command}.log").read_text(errors="replace")

    def stop(self) -> None:
        """End everything, the newest first, and the database last."""
        for process in reversed(self._processes):
            if process.poll() is None:
                kill_whole(process)
        stop_embedded(self.home / "database")

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database of the installation holds."""
        address = f"host={self.home / 'database'} user=postgres dbname=arrears"
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def mails_to(self, email: str) -> list[str]:
        """The e-mails to an address as text, the oldest first."""
        found = []
        for path in sorted((self.home / "mail").iterdir(), key=lambda one: one.stat().st_mtime_ns):
            for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                message = message_from_bytes(part, policy=policy.default)
                if message["To"] == email:
                    found.append(str(message.get_content()))
        return found

    def invitation_of(self, email: str) -> str:
        """The link in the last e-mail to somebody who was invited."""
        link = re.search(r"http\S+/invitations/\S+", self.mails_to(email)[-1])
        assert link is not None
        return link[0]

    def stage(self, run: int) -> str:
        [(stage,)] = self.ask("select stage from bridge_importrun where id = %s", run)
        return str(stage)

    def opened(self, run: int) -> int:
        [(count,)] = self.ask(
            "select count(*) from bridge_submission where run_id = %s and state = 'created'", run
        )
        return int(count)

    def cases_of(self, company: str) -> list[tuple[str, str, str, Decimal]]:
        """Number, lifecycle, currency and claim of every case that the desk keeps for a creditor."""
        return self.ask(
            "select unnest(invoice_numbers), lifecycle, currency, principal from desk_case "
            "join accounts_organisation on accounts_organisation.id = creditor_id where name = %s",
            company,
        )

    def runs_of(self, company: str) -> list[int]:
        rows = self.ask(
            "select bridge_importrun.id from bridge_importrun join accounts_organisation "
            "on accounts_organisation.id = organisation_id where name = %s order by 1",
            company,
        )
        return [int(number) for (number,) in rows]


def wait_until(true: Callable[[], bool], what: str) -> None:
    for _ in range(_PATIENCE_SECONDS * 5):
        if true():
            return
        time.sleep(0.2)
    pytest.fail(f"Waited {_PATIENCE_SECONDS} seconds in vain until {what}.")


@contextmanager
def running(home: Path, sandbox: Sandbox) -> Iterator[Stack]:
    """A server with one worker, ended on leaving."""
    stack = Stack(home, sandbox)
    try:
        stack.start_server()
        stack.start_worker()
        yield stack
    finally:
        stack.stop()
