"""After a full run the password, the memorable word and the session tokens lie nowhere in the clear."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from arrears.sandbox.client import Sandbox, start_sandbox
from tests.scenarios.needles import Needles, files, forms
from tests.scenarios.terminal import Outcome, Terminal

pytestmark = pytest.mark.processes

#: Characters that look different in JSON, in an address and in UTF-16.
PASSWORD = f'Näh"del\\ {token_hex(6)}&%'
WORD = f"Wort{token_hex(6)}"
MISTYPED = f"Mis-typed {token_hex(6)}"

_ALL_ROWS = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables "
                   "where schemaname not in ('pg_catalog', 'information_schema')")
    for (table,) in cursor.fetchall():
        cursor.execute(f"select row_to_json(entry)::text from {table} entry")
        for (row,) in cursor.fetchall():
            print(table, row)
"""


@dataclass
class Talkative(Terminal):
    """A terminal whose commands log all they can, and whose output is kept."""

    said: list[bytes] = field(default_factory=list)

    def run(self, *arguments: str, typed: str = "") -> Outcome:
        outcome = super().run(*arguments, typed=typed)
        self.said += [outcome.out.encode(), outcome.err.encode()]
        return outcome

    def python(self, script: str) -> str:
        start = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'arrears.project.settings'"
        done = subprocess.run(
            [sys.executable, "-c", f"{start}\ndjango.setup()\n{script}"],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker whose log is kept. It also keeps the embedded database up."""
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                self._command(("worker",)),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            try:
                yield
            finally:
                process.terminate()
                process.wait(timeout=30)
                log.seek(0)
                self.said.append(log.read())

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"ARREARS_LOG_LEVEL": "DEBUG"}


class Watch(threading.Thread):
    """Sees, while a run is going on, the arguments and environments of all processes and every job row."""

    def __init__(self, home: Path) -> None:
        super().__init__(daemon=True)
        self.processes: set[bytes] = set()
        self.jobs: set[bytes] = set()
        self.saw_all = False
        self._home = home
        self._database: psycopg.Connection | None = None
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.05):
            for number in filter(str.isdigit, os.listdir("/proc")):
                for name in ("cmdline", "environ"):
                    with suppress(OSError):  # it has ended meanwhile
                        self.processes.add(Path("/proc", number, name).read_bytes())
            with suppress(psycopg.Error):
                self._look_at_jobs()
        self.saw_all = True

    def _look_at_jobs(self) -> None:
        if self._database is None or self._database.broken:
            folder = self._home / "database"
            self._database = psycopg.connect(
                f"host={folder} user=postgres dbname=arrears", autocommit=True, connect_timeout=2
            )
        for table in ("procrastinate_jobs", "procrastinate_events"):
            rows = self._database.execute(f"select row_to_json(entry)::text from {table} entry")  # noqa: S608
            self.jobs.update(row.encode() for (row,) in rows)

    def stop(self) -> None:
        self._over.set()
        self.join()
        if self._database is not None:
            self._database.close()


@dataclass
class Run:
    """What was left behind by a full run."""

    terminal: Talkative
    watch: Watch
    tokens: list[str]
    rows: str

    @property
    def needles(self) -> Needles:
        tokens = {f"token_{number}": token for number, token in enumerate(self.tokens)}
        return Needles(password=PASSWORD, memorable_word=WORD, mistyped_password=MISTYPED, **tokens)


def full_run(terminal: Talkative, sandbox: Sandbox) -> None:
    """Mistype, connect, look, import, and look again."""
    assert terminal.connect(sandbox, password=MISTYPED, memorable_word=WORD).code == 3
    connected = terminal.connect(sandbox, password=PASSWORD, memorable_word=WORD)
    assert connected.code == 0, connected.err
    assert terminal.run("invoices", "--json").code == 0
    imported = terminal.run("import", "--all-eligible", "--yes", "--json")
    assert imported.code == 0, imported.err
    assert imported.json["counts"]["created"] > 0
    assert terminal.run("cases", "--json").json
    assert terminal.run("connections", "--json").code == 0


@pytest.fixture(scope="module")
def left_behind() -> Iterator[Run]:
    with (
        tempfile.TemporaryDirectory(prefix="arrears-needle-") as folder,
        start_sandbox(invoices=100, seed=7) as sandbox,
    ):
        sandbox.set_credentials(password=PASSWORD, memorable_word=WORD)
        terminal = Talkative(Path(folder))
        terminal.run("connections")  # makes the data folder and its database
        watch = Watch(terminal.home)
        watch.start()
        try:
            with terminal.worker():
                full_run(terminal, sandbox)
                watch.stop()
                rows = terminal.python(_ALL_ROWS)
                yield Run(terminal, watch, sandbox.issued_tokens(), rows)
        finally:
            watch.stop()


def test_the_run_gives_the_search_something_to_find(left_behind: Run) -> None:
    """Otherwise finding nothing would prove nothing."""
    assert left_behind.watch.saw_all
    seen = b"\n".join(left_behind.watch.processes)
    assert b"--secrets-stdin" in seen
    assert b"ARREARS_HOME=" in seen
    assert any(b"submit_chunk" in row for row in left_behind.watch.jobs)
    assert len(left_behind.tokens) >= 8
    assert "bridge_loginattempt" in left_behind.rows
    assert "accounts_secret" in left_behind.rows
    names = {str(path.relative_to(left_behind.terminal.home)) for path in files(left_behind.terminal.home)}
    assert any("pg_wal" in name for name in names)
    assert any("/base/" in name for name in names)
    assert "keys/root.key" in names


def test_no_file_below_the_data_folder_holds_a_secret(left_behind: Run) -> None:
    assert left_behind.needles.below(left_behind.terminal.home) == []


def test_no_row_of_any_table_holds_a_secret(left_behind: Run) -> None:
    assert left_behind.needles.within(left_behind.rows.encode(), "a table") == []


def test_no_job_held_a_secret_at_any_moment(left_behind: Run) -> None:
    assert left_behind.needles.among(left_behind.watch.jobs, "a job") == []


def test_no_process_had_a_secret_among_its_arguments_or_in_its_environment(left_behind: Run) -> None:
    assert left_behind.needles.among(left_behind.watch.processes, "a process's arguments") == []


def test_nothing_that_was_printed_or_logged_holds_a_secret(left_behind: Run) -> None:
    assert left_behind.needles.among(left_behind.terminal.said, "the output") == []


# --- The search itself -------------------------------------------------------------------------------------


def test_a_secret_written_into_a_table_is_found_in_the_files_and_in_the_rows(left_behind: Run) -> None:
    planted = f"planted-{token_hex(8)}"
    terminal = left_behind.terminal
    terminal.python(
        "from arrears.accounts.models import Organisation\n"
        "from arrears.clock import SystemClock\n"
        f"row = Organisation.objects.create(name={planted!r}, created_at=SystemClock().now())\n"
        "row.delete()"
    )

    found = Needles(planted=planted).below(terminal.home)

    assert any("planted as text" in sentence and "pg_wal" in sentence for sentence in found)
    assert Needles(planted=planted).within(terminal.python(_ALL_ROWS).encode(), "a table") == []
    terminal.python(
        f"from arrears.bridge.models import Connection\nConnection.objects.update(attention_text={planted!r})"
    )
    rows = terminal.python(_ALL_ROWS)
    assert "planted as text is in a table" in Needles(planted=planted).within(rows.encode(), "a table")


@pytest.mark.parametrize(
    "secret", [PASSWORD, WORD, "0f8fad5b-d9cb-469f-a165-70867728950e"], ids=["password", "word", "token"]
)
def test_every_form_of_a_secret_is_found_wherever_it_stands_in_a_file(tmp_path: Path, secret: str) -> None:
    for number, (form, pattern) in enumerate(forms(secret).items()):
        place = tmp_path / str(number) / "deep"
        place.mkdir(parents=True)
        (place / "file").write_bytes(b"before" * number + pattern + b"after")

        found = Needles(planted=secret).below(tmp_path / str(number))

        assert f"planted as {form} is in {place / 'file'}" in found
        assert secret not in " ".join(found)


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_secret_within_longer_base64_is_found(before: str) -> None:
    encoded = base64.b64encode(f"{before}{PASSWORD}tail".encode())

    assert Needles(planted=PASSWORD).within(encoded, "here")


def test_a_secret_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"log-{WORD}").touch()

    assert Needles(planted=WORD).below(tmp_path)


def test_what_holds_no_secret_is_not_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(token_hex(1000).encode())

    assert Needles(password=PASSWORD, word=WORD).below(tmp_path) == []
