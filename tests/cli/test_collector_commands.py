"""`arrears collector`, and where other commands send and look for cases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arrears.accounts.models import Organisation
from arrears.bridge.models import CollectorAccount, Connection, ImportRun
from arrears.connectors.debitura import BASE_URL
from arrears.ports import Answer, NeedsAttention, Opened, Required, Standing, Task
from tests.cli.conftest import Run
from tests.fakes import FakeAdapters, FakeBooks
from tests.far_end import FarEnd

URL = "https://far.example/api"


@pytest.fixture
def far_end(books: FakeBooks, connection: Connection) -> FarEnd:
    """Where `key-1` opens an account."""
    far_end = FakeAdapters.far_end
    far_end.key("key-1")
    return far_end


def connect(run: Run, *options: str, key: str = "key-1") -> int:
    result = run("collector", "connect", "--key-stdin", "--json", *options, typed=f"{key}\n")
    assert result.exit_code == 0, result.output
    return int(json.loads(result.stdout)["id"])


def listed(run: Run) -> list[dict[str, Any]]:
    document: list[dict[str, Any]] = json.loads(run("collector", "list", "--json").stdout)
    return document


def test_a_key_from_standard_input_connects_debitura(run: Run, far_end: FarEnd) -> None:
    number = connect(run)

    desk, account = listed(run)
    assert (desk["id"], desk["default"]) == ("desk", True)
    assert account == {
        "id": number,
        "name": "Debitura",
        "company": "Pennine Fasteners Ltd",
        "base_url": BASE_URL,
        "test": False,
        "waits_for_signature": True,
        "default": False,
        "state": "ok",
        "attention": "",
        "action": "",
        "last_used_at": FakeAdapters.clock.now().isoformat(),
    }


def test_options_choose_the_address_the_mode_and_the_waiting(run: Run, far_end: FarEnd) -> None:
    connect(run, "--test", "--no-waiting", "--url", f"{URL}/")

    account = CollectorAccount.objects.get()
    assert (account.base_url, account.test, account.waits_for_signature) == (URL, True, False)


def test_a_key_is_asked_for_without_showing_it(run: Run, far_end: FarEnd) -> None:
    result = run("collector", "connect", typed="key-1\n")

    assert "Connected to Debitura for Pennine Fasteners Ltd" in result.stdout
    assert "key-1" not in result.output


@contextmanager
def open_file(text: str, folder: Path) -> Iterator[int]:
    path = folder / "key"
    path.write_text(text)
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor


def test_a_key_can_come_by_a_file_descriptor(run: Run, far_end: FarEnd, tmp_path: Path) -> None:
    with open_file("key-1\n", tmp_path) as descriptor:
        result = run("collector", "connect", "--key-fd", str(descriptor))

    assert result.exit_code == 0, result.output
    assert CollectorAccount.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("--key-stdin", "--key-fd", "0"), "key-1", "not both"),
        (("--key-fd", "999999"), "", "not open"),
        (("--key-stdin",), "", "no API key"),
        (("--key-stdin",), "two words", "no API key"),
        (("--key-stdin",), "k" * 100_000, "no API key"),
        (("--key-stdin",), "schl\u00fcssel", "no API key"),
        (("--key-stdin", "--url", "http://far.example"), "key-1", "https://"),
        (("--key-stdin", "--url", "far.example"), "key-1", BASE_URL),
    ],
)
def test_what_cannot_be_a_key_or_an_address_is_wrong_use(
    run: Run, far_end: FarEnd, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    result = run("collector", "connect", *arguments, typed=typed)

    assert result.exit_code == 2
    assert told in result.output
    assert far_end.knocks == []
    assert not CollectorAccount.objects.exists()


def test_a_rejected_key_needs_attention(run: Run, far_end: FarEnd) -> None:
    result = run("collector", "connect", "--key-stdin", typed="wrong")

    assert isinstance(result.exception, NeedsAttention)
    assert result.exception.code == "key_rejected"


# --- Use, check, remove, clean up ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ID", "debitura", "Debitura", "pennine fasteners ltd"])
def test_a_collector_is_chosen_by_any_of_its_names(run: Run, far_end: FarEnd, name: str) -> None:
    number = connect(run)

    result = run("collector", "use", str(number) if name == "ID" else name)

    assert result.stdout == "New cases go to Debitura for Pennine Fasteners Ltd.\n"
    assert [one["default"] for one in listed(run)] == [False, True]
    assert run("collector", "use", "desk").stdout == "New cases go to Arrears desk.\n"
    assert [one["default"] for one in listed(run)] == [True, False]


def test_a_name_that_fits_none_or_several_is_wrong_use(run: Run, far_end: FarEnd) -> None:
    none = run("collector", "use", "debitura")
    connect(run)
    connect(run, "--test")
    several = run("collector", "use", "debitura")

    assert (none.exit_code, several.exit_code) == (2, 2)
    assert "arrears collector connect" in none.output
    assert "Choose one by its ID" in several.output


def test_a_check_tells_what_waits(run: Run, far_end: FarEnd) -> None:
    number = connect(run)
    agreement = Required("Agreement", "Sign the agreement.", "https://far.example/sign", blocking=True)
    task = Task("1", "Upload", "Send the invoice", "Please.", "D-1", url="https://far.example/task")
    far_end.keys["key-1"] = Standing("c-1", "Pennine Fasteners Ltd", (agreement,), (task,))

    told = run("collector", "check", str(number)).stdout
    document = json.loads(run("collector", "check", str(number), "--json").stdout)

    assert "lets us in as Pennine Fasteners Ltd" in told
    assert "Sign the agreement." in told
    assert "Send the invoice" in told
    assert "\n  https://far.example/sign\n" in told
    assert document["agreements"] == [
        {
            "kind": "Agreement",
            "text": "Sign the agreement.",
            "url": "https://far.example/sign",
            "blocking": True,
        }
    ]
    assert (document["tasks"][0]["title"], document["tasks"][0]["case"]) == ("Send the invoice", "D-1")


def test_a_removed_collector_is_listed_no_more(run: Run, far_end: FarEnd) -> None:
    number = connect(run)

    result = run("collector", "remove", str(number))

    assert "its API key was destroyed" in result.stdout
    assert [one["id"] for one in listed(run)] == ["desk"]


@pytest.mark.parametrize("verb", ["check", "remove", "clean-up"])
def test_another_organisations_collector_is_as_absent_as_none(run: Run, far_end: FarEnd, verb: str) -> None:
    number = connect(run)
    Organisation.objects.create(name="Other", created_at=FakeAdapters.clock.now())
    knocks = len(far_end.knocks)

    theirs = run("collector", verb, str(number), "--organisation", "Other")
    nobodys = run("collector", verb, "99999", "--organisation", "Other")

    assert theirs.exit_code == nobodys.exit_code == 2
    assert theirs.output == nobodys.output.replace("99999", str(number))
    assert len(far_end.knocks) == knocks


def test_cleaning_up_asks_first_and_removes_the_cases_for_testing(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1")
    number = connect(run, "--test")
    run("import", "--invoice", "1", "--collector", str(number), "--yes")
    assert len(far_end.cases) == 1

    assert run("collector", "clean-up", str(number), typed="n\n").exit_code == 1
    assert len(far_end.cases) == 1
    run("collector", "clean-up", str(number), typed="y\n")

    assert far_end.cases == []
    assert json.loads(run("cases", "--json").stdout) == []


# --- Other commands -----------------------------------------------------------------------------------------


def test_an_import_goes_where_it_is_told_and_cases_say_where_they_are(
    run: Run, far_end: FarEnd, books: FakeBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")  # of the terminal
    books.add("1")
    books.add("2")
    connect(run)

    there = json.loads(run("import", "--invoice", "1", "--collector", "debitura", "--yes", "--json").stdout)
    here = json.loads(run("import", "--invoice", "2", "--yes", "--json").stdout)
    cases = json.loads(run("cases", "--json").stdout)

    assert there["collector"] == "Debitura for Pennine Fasteners Ltd"
    assert here["collector"] == "Arrears desk"
    assert {tuple(case["invoice_numbers"]): case["collector"] for case in cases} == {
        ("1",): "Debitura",
        ("2",): "Arrears desk",
    }
    told = run("cases").stdout.splitlines()
    assert {"Debitura: 1 case", "Arrears desk: 1 case"} <= set(told)
    assert max(map(len, told)) <= 80
    assert [one["collector"] for one in json.loads(run("runs", "--json").stdout)] == [
        "Arrears desk",
        "Debitura for Pennine Fasteners Ltd",
    ]


def test_without_a_word_an_import_goes_to_the_preferred_collector(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1")
    connect(run)
    run("collector", "use", "debitura")

    result = run("import", "--invoice", "1", typed="n\n")
    dry = run("import", "--invoice", "1", "--dry-run")

    assert "at Debitura for Pennine Fasteners Ltd?" in result.stderr
    assert "Dry run at Debitura for Pennine Fasteners Ltd: 1 would be created" in dry.stdout
    assert not ImportRun.objects.exists()


def test_a_dry_run_for_testing_predicts_the_reference_for_testing(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1")
    number = str(connect(run, "--test"))

    dry = json.loads(run("import", "--invoice", "1", "--dry-run", "--json", "--collector", number).stdout)
    done = json.loads(run("import", "--invoice", "1", "--yes", "--json", "--collector", number).stdout)

    assert dry["results"][0]["reference"] == done["results"][0]["reference"]
    assert dry["results"][0]["reference"].endswith("-T")


def test_what_the_collector_asks_for_first_is_told_with_its_page(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1")
    connect(run)
    required = Required("Agreement", "Sign it.", "https://far.example/sign")
    far_end.answers = [Opened(Answer.MUST_ACT, None, ("Sign the agreement first.",), (required,))]

    result = run("import", "--invoice", "1", "--collector", "debitura", "--yes", "--json")

    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)["results"]
    assert (row["state"], row["action_url"]) == ("needs action", "https://far.example/sign")


def test_invoices_are_priced_by_the_collector_that_is_asked(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1", "1000 GBP")
    connect(run)
    far_end.offer = replace(far_end.offer, rate=Decimal("12.5"), price_source="Quote 7")

    (here,) = json.loads(run("invoices", "--json").stdout)
    (there,) = json.loads(run("invoices", "--collector", "debitura", "--json").stdout)

    assert here["estimate"]["rate"] == "9.5"
    assert (there["estimate"]["rate"], there["estimate"]["source"]) == ("12.5", "Quote 7")
    assert there["estimate"]["fee"] == "125.00"


def test_a_case_elsewhere_is_shown_with_its_timeline_or_as_last_read(
    run: Run, far_end: FarEnd, books: FakeBooks
) -> None:
    books.add("1")
    connect(run)
    run("import", "--invoice", "1", "--collector", "debitura", "--yes")

    live = json.loads(run("cases", "D-1", "--json").stdout)
    far_end.keys.clear()
    away = run("cases", "D-1")

    assert [event["text"] for event in live["timeline"]] == ["The case was opened."]
    assert live["read_at"] is None
    assert away.exit_code == 0
    assert "its collector cannot be asked now" in away.stdout
    assert "The timeline could not be read." in away.stderr
