"""Running the desk from a terminal: operators, partners, coverage, keys, agreements."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from arrears.accounts.api_keys import find_key
from arrears.accounts.models import Organisation, OrganisationKind, User
from arrears.bridge.models import Connection
from arrears.cli import NEEDS_ATTENTION
from arrears.cli.serving import own_url
from arrears.core.case import Lifecycle
from arrears.desk.models import Case, Partner
from arrears.ports import NeedsAttention
from tests.cli.conftest import Run
from tests.desk.builders import a_case, an_organisation, sign_everything
from tests.fakes import FakeBooks

ONE_PARTNER = """\
name,kind,country,email,phone,website,languages,exclusive,capacity,vat_rate,jurisdiction,debtor_type,currency,minimum_usd,maximum_usd,priority
Oriel Agency,agency,GB,,,,en,yes,,20,GB,company,,,,10
"""


@pytest.fixture
def acme(transactional_db: None) -> Organisation:
    """The only creditor; nobody of it has an account."""
    return an_organisation("Acme Suppliers")


def test_an_operator_is_let_in_with_a_password_told_once(run: Run, transactional_db: None) -> None:
    told = run("desk", "operators", "add", "olive@desk.example").stdout

    password = re.search(r"First password: (\S+)", told)
    olive = User.objects.get(email="olive@desk.example")
    assert password is not None
    assert olive.check_password(password[1])
    assert olive.organisations.get().kind == OrganisationKind.OPERATOR
    assert "First password" not in run("desk", "operators", "add", "olive@desk.example").stdout
    assert isinstance(run("desk", "operators", "add", "nonsense").exception, NeedsAttention)


def test_partners_are_read_from_a_file_and_take_nothing_before_they_are_vetted(
    run: Run, transactional_db: None, tmp_path: Path
) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(ONE_PARTNER)

    told = run("desk", "partners", "import", str(file)).stdout

    assert "1 partner read.\n1 partner takes no cases yet." in told
    assert not Partner.objects.get(name="Oriel Agency").active


def test_a_file_that_is_no_list_of_partners_changes_nothing(
    run: Run, transactional_db: None, tmp_path: Path
) -> None:
    file = tmp_path / "partners.csv"
    file.write_text(ONE_PARTNER.replace(",GB,company", ",XX,company"))
    assert "Row 2" in str(run("desk", "partners", "import", str(file)).exception)
    file.write_bytes(b"\xff\xfe")
    assert run("desk", "partners", "import", str(file)).exit_code == 2
    assert not Partner.objects.filter(fictional=False).exists()


@pytest.mark.parametrize(("name", "form"), [("all.csv", ()), ("all.yaml", ()), ("all", ("--format", "yaml"))])
def test_what_is_exported_can_be_read_back(
    run: Run, transactional_db: None, tmp_path: Path, name: str, form: tuple[str, ...]
) -> None:
    file = tmp_path / name

    written = run("desk", "partners", "export", *form, str(file))
    read = run("desk", "partners", "import", str(file))

    assert written.exit_code == read.exit_code == 0
    assert f"{Partner.objects.count()} partners read." in read.stdout
    assert file.read_text().startswith("partners:") == (name != "all.csv")


def test_an_export_goes_to_standard_output_as_csv(run: Run, transactional_db: None) -> None:
    rows = list(csv.DictReader(io.StringIO(run("desk", "partners", "export").stdout)))

    assert {row["name"] for row in rows} == set(Partner.objects.values_list("name", flat=True))


def test_somebody_of_a_partner_is_let_in(run: Run, transactional_db: None) -> None:
    run("desk", "coverage")  # which makes the demo's partners
    partner = Partner.objects.order_by("name")[0]

    result = run("desk", "partners", "access", partner.name.upper(), "pat@agency.example")

    assert result.exit_code == 0, result.output
    assert User.objects.get(email="pat@agency.example").organisations.get().partner == partner
    assert run("desk", "partners", "access", "Nobody", "pat@agency.example").exit_code == 2


def test_coverage_counts_and_names_the_gaps(run: Run, transactional_db: None) -> None:
    document = json.loads(run("desk", "coverage", "--json").stdout)
    Partner.objects.filter(rules__jurisdiction="GB").update(active=False)
    after = json.loads(run("desk", "coverage", "--json").stdout)

    assert document["jurisdictions"] - after["jurisdictions"] >= 1
    assert document["countries"] - after["countries"] >= 1
    (britain,) = (place for place in after["places"] if place["jurisdiction"] == "GB")
    assert (britain["takes"], britain["gap"]) == ([], "everything")
    told = run("desk", "coverage").stdout
    assert f"Partners take cases in {after['jurisdictions']} jurisdictions of" in told
    assert "United Kingdom" in told


def test_what_if_names_partner_reason_and_price(run: Run, transactional_db: None) -> None:
    document = json.loads(run("desk", "what-if", "3000", "eur", "company", "es", "--json").stdout)
    told = run("desk", "what-if", "3000", "EUR", "company", "ES").stdout

    # The standard price list: 9.5% from 1,000 US dollars in Europe; 9.5% of 3,000 is 285.
    assert (document["rate"], document["fee"], document["mechanism"]) == ("9.5", "285.00", "coverage rule")
    first = next(asked for asked in document["asked"] if asked["takes"])
    assert first == {"partner": document["partner"], "takes": True, "reason": document["reason"]}
    assert f"Goes to {document['partner']}." in told
    assert "9.5% of what is recovered, EUR 285.00 if that is everything" in told


def test_age_adds_to_what_a_case_would_cost(run: Run, transactional_db: None) -> None:
    document = json.loads(
        run("desk", "what-if", "3000", "EUR", "company", "ES", "--due", "2020-01-31", "--json").stdout
    )
    # More than 24 months: 15 points more. 24.5% of 3,000 is 735.
    assert (document["rate"], document["fee"]) == ("24.5", "735.00")


@pytest.mark.parametrize(
    "arguments",
    [("3e", "EUR", "company", "ES"), ("3", "EURO", "company", "ES"), ("3", "EUR", "charity", "ES")],
)
def test_what_if_about_nonsense_is_wrong_use(
    run: Run, transactional_db: None, arguments: tuple[str, ...]
) -> None:
    assert run("desk", "what-if", *arguments).exit_code == 2


def test_a_sweep_does_what_is_due(run: Run, acme: Organisation) -> None:
    sign_everything(acme)
    overdue = datetime.now(UTC) - timedelta(days=1)
    case = a_case(Lifecycle.PENDING_CHECK, creditor=acme, check_after=overdue, debtor_city="")

    result = run("desk", "sweep")

    assert result.exit_code == 0, result.output
    assert Case.objects.get(pk=case.pk).lifecycle == Lifecycle.MORE_INFO


def test_a_key_is_made_listed_and_revoked(run: Run, acme: Organisation) -> None:
    text = run("api-keys", "new", "Warehouse").stdout.strip()
    now = datetime.now(UTC)
    found = find_key(text, now)
    assert found is not None
    assert found.organisation == acme

    listed = run("api-keys", "list", "--json").stdout
    (key,) = json.loads(listed)
    assert (key["name"], key["revoked_at"]) == ("Warehouse", None)
    assert text not in listed

    assert run("api-keys", "revoke", str(key["id"])).exit_code == 0
    assert find_key(text, now) is None
    assert run("api-keys", "revoke", str(key["id"])).exit_code == 2
    assert "revoked" in run("api-keys", "list").stdout


def test_a_partner_has_keys_once_somebody_acts_for_it(run: Run, acme: Organisation) -> None:
    run("desk", "coverage")
    partner = Partner.objects.order_by("name")[0]
    assert run("api-keys", "new", "Portal", "--partner", partner.name).exit_code == 2
    run("desk", "partners", "access", partner.name, "pat@agency.example")

    text = run("api-keys", "new", "Portal", "--partner", partner.name).stdout.strip()

    found = find_key(text, datetime.now(UTC))
    assert found is not None
    assert found.organisation.partner == partner
    assert json.loads(run("api-keys", "list", "--json").stdout) == []
    assert run("api-keys", "revoke", str(found.pk)).exit_code == 2  # it is no key of the creditor's


def test_agreements_tell_what_is_signed(run: Run, acme: Organisation) -> None:
    before = json.loads(run("agreements", "--json").stdout)
    assert [(line["state"], line["wanted"]) for line in before["agreements"]] == [("not signed", True)]
    assert "arrears agreements link" in run("agreements").stdout
    sign_everything(acme)

    after = json.loads(run("agreements", "--json").stdout)

    assert {line["state"] for line in after["agreements"]} == {"signed"}
    assert "Nothing has to be signed." in run("agreements", "link").stdout


def test_a_link_needs_somebody_to_send_the_code_to(run: Run, acme: Organisation, settings: Settings) -> None:
    settings.ARREARS_URL = "https://desk.example"
    refused = run("agreements", "link").exception
    assert isinstance(refused, NeedsAttention)
    assert "--email" in refused.action
    assert run("agreements", "link", "--email", "nonsense").exit_code == 2

    link = run("agreements", "link", "--email", "director@acme.example").stdout.strip()

    assert re.fullmatch(r"https://desk\.example/sign/[\w-]+/", link)
    acme.refresh_from_db()
    assert acme.email == "director@acme.example"
    assert run("agreements", "link").stdout.startswith("https://desk.example/sign/")


def test_an_import_says_that_cases_wait_and_where_to_sign(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    books.add("1", "1500 GBP")
    books.add("2", "1600 GBP")

    first = run("import", "--invoice", "1", "--yes")
    run("agreements", "link", "--email", "director@pennine.example")
    second = run("import", "--invoice", "2", "--yes", "--json")

    assert "1 case waits for a signature. Get the link with: arrears agreements link" in first.stderr
    assert re.search(r"2 cases wait for a signature\. Sign here: http\S+/sign/\S+/", second.stderr)
    assert json.loads(second.stdout)["counts"] == {"created": 2 - 1}
    assert NEEDS_ATTENTION not in (first.exit_code, second.exit_code)


def test_an_import_says_nothing_of_signing_when_all_is_signed(
    run: Run, books: FakeBooks, connection: Connection
) -> None:
    run("desk", "coverage")
    sign_everything(connection.organisation)
    books.add("1", "1500 GBP")

    assert "sign" not in run("import", "--invoice", "1", "--yes").stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),  # noqa: S104 - every network of the machine
        ("::", "http://127.0.0.1:8123"),
        ("::1", "http://[::1]:8123"),
        ("books.lan", "http://books.lan:8123"),
    ],
)
def test_links_begin_with_where_the_pages_are(host: str, url: str) -> None:
    assert own_url(host, 8123) == url
