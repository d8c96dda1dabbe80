"""Two installations: one holds the books' side, the other is the desk that it hands its cases to."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from arrears.sandbox.client import Sandbox, start_sandbox
from tests.scenarios.terminal import Terminal
from tests.scenarios.test_demo import free_port

pytestmark = pytest.mark.processes

#: What signing up does, without the pages.
_SIGN_UP = """
import django; django.setup()
from django.utils import timezone
from arrears.accounts.models import Organisation
Organisation.objects.create(name="Pennine Fasteners Ltd", created_at=timezone.now())
"""


class OtherDesk(Terminal):
    """Another installation, with a database of its own, that serves its Customer API."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/customer"

    def new_key(self) -> str:
        """The key of a creditor who has just signed up."""
        self.run("check")
        environment = {**self._environment(), "DJANGO_SETTINGS_MODULE": "arrears.project.settings"}
        subprocess.run([sys.executable, "-c", _SIGN_UP], env=environment, timeout=60, check=True)
        made = self.run("api-keys", "new", "the other installation")
        assert made.code == 0, made.err
        return made.out.strip()

    def serve(self) -> subprocess.Popen[bytes]:
        server = self.start("serve", "--port", str(self.port), "--no-worker")
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
            except (URLError, OSError):
                assert server.poll() is None, "the other desk ended"
                time.sleep(0.2)
            else:
                return server
        pytest.fail("The other desk never became ready.")


@dataclass
class Two:
    """The creditor's own installation, and the key that its account at the other desk has."""

    here: Terminal
    there: OtherDesk
    key: str

    def connect(self) -> None:
        done = self.here.run(
            "collector", "connect", "--url", self.there.address, "--key-stdin", typed=self.key
        )
        assert done.code == 0, done.err
        assert "Pennine Fasteners Ltd" in done.out
        assert self.key not in done.out + done.err


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(invoices=120, seed=7, latency_ms=2) as running:
        yield running


@pytest.fixture
def two(terminal: Terminal, sandbox: Sandbox) -> Iterator[Two]:
    with tempfile.TemporaryDirectory(prefix="arrears-other-desk-") as folder:
        there = OtherDesk(Path(folder))
        key = there.new_key()
        server = there.serve()
        try:
            connected = terminal.connect(sandbox)
            assert connected.code == 0, connected.err
            yield Two(terminal, there, key)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=40)


def by_currency(rows: list[dict[str, Any]], amount: str) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["currency"]] += Decimal(row[amount])
    return dict(totals)


def test_every_eligible_invoice_becomes_one_case_at_the_other_desk(two: Two) -> None:
    two.connect()
    listed = two.here.run("invoices", "--collector", "debitura", "--json").json
    eligible = [row for row in listed if row["eligible"]]
    assert len(eligible) > 20

    imported = two.here.run("import", "--all-eligible", "--collector", "debitura", "--yes", "--json")
    there = two.there.run("cases", "--json").json

    assert imported.code == 0, imported.err + imported.out
    assert imported.json["counts"]["created"] == len(eligible)
    created = [row for row in imported.json["results"] if row["state"] == "created"]
    assert sorted(row["invoice_numbers"] for row in created) == sorted([row["number"]] for row in eligible)
    assert Counter(case["creditor_reference"] for case in there) == Counter(
        row["reference"] for row in created
    )
    assert by_currency(there, "principal") == by_currency(eligible, "outstanding")
    here = two.here.run("cases", "--json").json
    assert {case["reference"]: case["principal"] for case in here} == {
        case["reference"]: case["principal"] for case in there
    }
    assert sorted(case["invoice_numbers"][0] for case in here) == sorted(row["number"] for row in eligible)

    again = two.here.run("import", "--all-eligible", "--collector", "debitura", "--yes", "--json").json
    assert "created" not in again["counts"]
    assert len(two.there.run("cases", "--json").json) == len(there)


def test_where_new_cases_go_is_switched_with_one_command(two: Two) -> None:
    two.connect()
    numbers = [row["number"] for row in two.here.run("invoices", "--eligible", "--json").json]
    for number, where in zip(numbers[:2], ("debitura", "desk"), strict=True):
        assert two.here.run("collector", "use", where).code == 0
        imported = two.here.run("import", "--invoice", number, "--yes", "--json")
        assert imported.code == 0, imported.err + imported.out
    here = two.here.run("cases", "--json").json
    assert sorted(case["invoice_numbers"][0] for case in here) == sorted(numbers[:2])
    (there,) = two.there.run("cases", "--json").json
    (elsewhere,) = [case for case in here if case["invoice_numbers"] == [numbers[0]]]
    assert there["reference"] == elsewhere["reference"]
    assert len({case["collector"] for case in here}) == 2
