"""The main job from the command line: from a KashFlow login to collection cases."""

from __future__ import annotations

import time
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from arrears.sandbox.client import Sandbox
from tests.scenarios.terminal import Terminal, kill_whole

pytestmark = pytest.mark.processes


def by_currency(rows: list[dict[str, Any]], amount: str) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["currency"]] += Decimal(row[amount])
    return dict(totals)


def test_every_eligible_invoice_becomes_exactly_one_case_and_every_other_says_why(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    connected = terminal.connect(sandbox)
    assert "Pennine Fasteners Ltd" in connected.out, connected.err
    listed = terminal.run("invoices", "--json").json
    eligible = [row for row in listed if row["eligible"]]
    truth = {str(row.number): row for row in sandbox.invoices()}
    assert eligible
    assert {row["number"]: Decimal(row["outstanding"]) for row in eligible} == {
        row["number"]: truth[row["number"]].outstanding for row in eligible
    }

    predicted = terminal.run("import", "--all-eligible", "--dry-run", "--json").json
    assert terminal.run("cases", "--json").json == []
    imported = terminal.run("import", "--all-eligible", "--yes", "--json")
    cases = terminal.run("cases", "--json").json

    assert imported.code == 0, imported.err
    results = imported.json["results"]
    assert predicted["counts"]["would be created"] == imported.json["counts"]["created"]
    assert sorted(row["number"] for row in eligible) == sorted(case["invoice_numbers"][0] for case in cases)
    assert by_currency(eligible, "outstanding") == by_currency(cases, "principal")
    assert all(case["partner"] for case in cases if case["lifecycle"] == "pending verification")
    assert all(row["message"] for row in results if row["state"] != "created")
    assert len(results) == len(listed)

    again = terminal.run("import", "--all-eligible", "--yes", "--json").json
    assert "created" not in again["counts"]
    assert len(terminal.run("cases", "--json").json) == len(cases)


def test_an_invoice_paid_between_preview_and_import_is_not_submitted(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    terminal.connect(sandbox)
    number = next(row["number"] for row in terminal.run("invoices", "--eligible", "--json").json)
    # Paid the moment its details are fetched again: after the list was read, before anything is sent.
    sandbox.fault("change", path=f"/invoices/{number}", action="pay", arguments={"number": int(number)})

    imported = terminal.run("import", "--invoice", number, "--yes", "--json")

    (row,) = imported.json["results"]
    assert row["state"] == "flagged"
    assert "Changed since the preview" in row["message"]
    assert imported.code == 1
    assert terminal.run("cases", "--json").json == []


def test_a_wrong_password_is_tried_once_and_never_again_until_it_is_edited(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    terminal.connect(sandbox)
    sandbox.set_credentials(password="changed in KashFlow")
    sandbox.expire_sessions()
    sandbox.clear_requests()

    first = terminal.run("invoices")
    for _ in range(3):
        assert terminal.run("invoices").code == 3
    assert terminal.run("import", "--all-eligible", "--yes").code == 3

    assert first.code == 3
    assert "password" in first.err
    assert "Traceback" not in first.err
    assert len(sandbox.logins()) == 1
    assert "needs attention" in terminal.run("connections", "--json").out
    assert terminal.connect(sandbox, password="changed in KashFlow").code == 0
    assert terminal.run("invoices", "--json").code == 0


def test_killed_three_times_in_the_middle_an_import_loses_and_doubles_nothing(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    terminal.connect(sandbox)
    sandbox.set_latency(40)
    eligible = [row["number"] for row in terminal.run("invoices", "--eligible", "--json").json]
    process = terminal.start("import", "--all-eligible", "--yes", "--json")
    for wanted in (3, 6, 9):
        _wait_for_cases(terminal, wanted)
        kill_whole(process)
        process = terminal.start("worker")
    _wait_for_cases(terminal, len(eligible))
    kill_whole(process)

    cases = terminal.run("cases", "--json").json

    assert sorted(case["invoice_numbers"][0] for case in cases) == sorted(eligible)
    (run,) = terminal.run("runs", "--json").json
    assert run["counts"]["created"] == len(eligible)


def _wait_for_cases(terminal: Terminal, wanted: int) -> None:
    for _ in range(90):
        if len(terminal.run("cases", "--json").json) >= wanted:
            return
        time.sleep(0.5)
    pytest.fail(f"There were never {wanted} cases.")
