"""What the commands print, and how they end."""

from __future__ import annotations

import csv
import io
import json

import click
import pytest

from arrears.bridge.models import Connection, ImportRun
from arrears.cli import arrears
from arrears.ports import NeedsAttention
from tests.cli.conftest import Run
from tests.fakes import FakeBooks


@pytest.mark.parametrize("name", arrears.list_commands(click.Context(arrears)))
def test_every_command_explains_itself(run: Run, name: str) -> None:
    result = run(name, "--help")

    assert result.exit_code == 0
    assert result.output.startswith("Usage:")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "--all-eligible", "--invoice", "1"),
        ("invoices", "--json", "--csv"),
        ("sandbox", "kashflow", "--invoices", "0"),
        ("no-such-command",),
    ],
)
def test_wrong_use_is_told_before_anything_is_started(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_before_anything_is_connected_the_way_to_start_is_shown(run: Run, books: FakeBooks) -> None:
    result = run("invoices")

    assert result.exit_code == 2
    assert "arrears connect kashflow" in result.output


def test_invoices_are_one_json_list_with_amounts_as_text(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    books.add("1", "500.10 GBP")
    books.add("2", "20 GBP")

    rows = json.loads(run("invoices", "--json").stdout)

    good, small = rows
    assert (good["number"], good["outstanding"], good["eligible"]) == ("1", "500.10", True)
    assert set(good["debtor"]) == {
        "name", "type", "address", "zip", "city", "state", "country", "email", "phone",
    }  # fmt: skip
    assert set(good["estimate"]) == {"rate", "fee", "net", "source"}
    assert small["findings"][0]["code"] == "below_minimum"
    assert set(small["findings"][0]) == {"code", "severity", "field", "message", "fix"}


def test_eligible_and_flagged_divide_the_list(run: Run, books: FakeBooks, connection: Connection) -> None:
    books.add("1")
    books.add("2", "20 GBP")

    eligible = json.loads(run("invoices", "--eligible", "--json").stdout)
    flagged = json.loads(run("invoices", "--flagged", "--json").stdout)

    assert [row["number"] for row in eligible] == ["1"]
    assert [row["number"] for row in flagged] == ["2"]


def test_csv_cells_cannot_start_a_formula(run: Run, books: FakeBooks, connection: Connection) -> None:
    books.add("1", code="=cmd|'/c calc'!A1")

    (row,) = csv.DictReader(io.StringIO(run("invoices", "--csv").stdout))

    assert row["customer_code"].startswith("'=")
    assert row["outstanding"] == "500.00"


def test_a_dry_run_predicts_and_opens_nothing(run: Run, books: FakeBooks, connection: Connection) -> None:
    books.add("1")
    books.add("2", "20 GBP")

    document = json.loads(run("import", "--all-eligible", "--dry-run", "--json").stdout)

    assert document["counts"] == {"would be created": 1, "flagged": 1}
    assert not ImportRun.objects.exists()


def test_an_import_asks_first_and_no_means_no(run: Run, books: FakeBooks, connection: Connection) -> None:
    books.add("1")

    result = run("import", "--invoice", "1", typed="n\n")

    assert "Open 1 case (500.00 GBP) at Arrears desk?" in result.stderr
    assert not ImportRun.objects.exists()


def test_an_import_opens_cases_that_are_listed_afterwards(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    books.add("1", "500.10 GBP")
    books.add("2", "99.90 GBP")

    result = run("import", "--invoice", "1", "--invoice", "2", "--bundle", "--yes", "--json")
    (case,) = json.loads(run("cases", "--json").stdout)

    assert result.exit_code == 0, result.output
    assert case["invoice_numbers"] == ["1", "2"]
    assert (case["principal"], case["currency"], case["collector"]) == ("600.00", "GBP", "Arrears desk")
    assert set(case) == {
        "reference", "creditor_reference", "invoice_numbers", "debtor_name", "country", "currency",
        "principal", "outstanding", "lifecycle", "stated", "partner", "collector", "test", "opened_at",
        "read_at", "url",
    }  # fmt: skip
    for reference in (case["reference"], case["creditor_reference"]):
        assert json.loads(run("cases", reference, "--json").stdout)["reference"] == case["reference"]


def test_people_read_amounts_countries_and_dates_in_words(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    books.add("1", "1500.10 GBP")
    assert "GBP 1,500.10" in run("invoices").stdout
    run("import", "--invoice", "1", "--yes")
    (case,) = json.loads(run("cases", "--json").stdout)

    told = run("cases", case["reference"]).stdout

    assert "GBP 1,500.10" in told
    assert "United Kingdom" in told
    assert "22 November 2026" in told
    assert "9.5% (Standard agreement)" in told


def test_a_chosen_invoice_that_cannot_be_submitted_is_told_by_exit_code_and_reason(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    books.add("1", "20 GBP")

    result = run("import", "--invoice", "1", "--yes")

    assert result.exit_code == 1
    assert "minimum" in result.stdout


def test_an_unknown_invoice_is_wrong_use(run: Run, books: FakeBooks, connection: Connection) -> None:
    result = run("import", "--invoice", "99", "--yes")

    assert result.exit_code == 2
    assert "99" in result.output


def test_what_needs_attention_reaches_the_person(run: Run, books: FakeBooks, connection: Connection) -> None:
    books.failing = [NeedsAttention("The user is locked.", code="account_locked", action="Unlock it.")]

    result = run("invoices")

    assert isinstance(result.exception, NeedsAttention)
    assert "Unlock it." in run("connections", "--json").stdout


def test_another_organisations_connection_is_as_absent_as_none(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    theirs = run("disconnect", str(connection.pk), "--organisation", "Somebody else")
    nobodys = run("disconnect", "99999")

    assert theirs.exit_code == nobodys.exit_code == 2
    assert Connection.objects.filter(pk=connection.pk).exists()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "not json",
        "[]",
        '{"password": "x"}',
        '{"password": 1, "memorable_word": 2}',
        r'{"password": "\ud800", "memorable_word": "x"}',
    ],
)
def test_unusable_secrets_are_wrong_use_and_never_repeated(run: Run, books: FakeBooks, typed: str) -> None:
    result = run("connect", "kashflow", "--username", "a@b.example", "--secrets-stdin", typed=typed)

    assert result.exit_code == 2
    assert not Connection.objects.exists()


def test_the_self_check_names_what_is_missing(run: Run, books: FakeBooks, connection: Connection) -> None:
    results = {one["name"]: one for one in json.loads(run("check", "--json").stdout)}

    assert results["database"]["passed"]
    assert results["key"]["passed"]
    assert not results["worker"]["passed"]
    assert "arrears worker" in results["worker"]["remedy"]
