"""Check again: rows read afresh after something was put right in KashFlow, and the approver's live look."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from arrears.accounts.models import Membership
from arrears.bridge.models import Connection, Holding, ImportRun, Submission
from arrears.core.access import Role
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web import preview_stream, run_invoices
from tests.builders import an_address
from tests.web.conftest import Site


def without_a_town(site: Site, number: str) -> None:
    site.books.add(number)
    one = site.books.owed[-1]
    site.books.owed[-1] = replace(one, debtor=replace(one.debtor, address=an_address(city="")))


def test_a_row_that_was_put_right_comes_back_eligible(site: Site) -> None:
    without_a_town(site, "1001")
    assert site.listed()["1001"]["kind"] == "flagged"
    one = site.books.owed[0]
    site.books.owed[0] = replace(one, debtor=replace(one.debtor, address=an_address()))

    [rows, done] = site.check("1001")

    assert [(row["number"], row["kind"]) for row in rows["rows"]] == [("1001", "eligible")]
    assert (rows["gone"], rows["seen"], rows["total"]) == ([], 1, 1)
    assert done == {"done": True}


def test_only_what_was_named_is_read(site: Site) -> None:
    for number in ("1001", "1002", "1003"):
        site.books.add(number)

    [rows, _] = site.check("1002", "1002")

    assert [row["number"] for row in rows["rows"]] == ["1002"]
    assert site.books.fetched == ["1002"]


def test_what_was_paid_or_is_not_there_any_more_is_gone(site: Site) -> None:
    site.books.add("1001")
    site.books.add("1002")
    site.books.pay("1001")

    [rows, _] = site.check("1001", "1002", "1099")

    assert rows["gone"] == ["1001", "1099"]
    assert [row["number"] for row in rows["rows"]] == ["1002"]


def test_rows_say_the_same_as_in_the_whole_list(site: Site) -> None:
    site.books.add("1001", "1000 GBP", issued=date(2025, 11, 9), due=date(2025, 12, 9), chasing_on=True)
    listed = site.listed()["1001"]
    [rows, _] = site.check("1001")
    [again] = rows["rows"]

    for name in set(listed) - {"findings", "drawer"}:
        assert again[name] == listed[name], name


def test_that_the_unpaid_report_was_not_compared_is_told_and_is_no_warning(site: Site) -> None:
    site.books.add("1001")
    [rows, _] = site.check("1001")
    [finding] = rows["rows"][0]["findings"]

    assert (finding["code"], finding["severity"]) == ("control_unavailable", "informs")
    assert "Checked again by itself" in rows["rows"][0]["drawer"]


def test_many_are_told_in_parts_with_progress(site: Site) -> None:
    numbers = [str(number) for number in range(1001, 1046)]
    for number in numbers:
        site.books.add(number)

    lines = site.check(*numbers)

    assert [(line["seen"], line["total"]) for line in lines if "rows" in line] == [
        (20, 45),
        (40, 45),
        (45, 45),
    ]


def test_an_invoice_that_was_submitted_meanwhile_says_so(site: Site) -> None:
    site.books.add("1001")
    site.work(site.open_cases("1001"))
    [rows, _] = site.check("1001")
    assert rows["rows"][0]["kind"] == "submitted"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (TryAgainLater("KashFlow has stopped answering."), "Try again in a minute."),
        (NeedsAttention("API access is off.", code="api_off", action="Switch it on."), "Switch it on."),
    ],
)
def test_a_failure_is_told_with_its_remedy(site: Site, failure: Exception, told: str) -> None:
    site.books.add("1001")
    site.books.failing = [failure]

    [line] = site.check("1001")

    assert str(failure) in line["problem"]
    assert told in line["problem"]


@pytest.mark.parametrize(
    "numbers",
    ["", "nothing", "[" * 100_000, "{}", "[]", "[1001]", '[""]', '["a\\u0000b"]', json.dumps(["9" * 41])],
)
def test_a_form_that_names_no_invoices_is_refused(site: Site, numbers: str) -> None:
    answer = site.client.post(f"/import/{site.connection.pk}/check/", {"numbers": numbers})
    assert answer.status_code == 400


def test_at_most_a_thousand_are_looked_at_in_one_call(site: Site) -> None:
    numbers = json.dumps([str(number) for number in range(1001)])
    answer = site.client.post(f"/import/{site.connection.pk}/check/", {"numbers": numbers})
    assert answer.status_code == 400
    assert site.books.fetched == []


def test_looking_again_takes_a_place_among_the_readers(site: Site) -> None:
    site.books.add("1001")
    readers = [preview_stream.preview_lines(site.connection, None) for _ in range(4)]
    for reader in readers:
        next(reader)

    [line] = site.check("1001")
    assert "Several people are reading" in line["problem"]

    for reader in readers:
        reader.close()
    assert site.check("1001")[-1] == {"done": True}


def test_a_viewer_reads_no_invoices_again(site: Site) -> None:
    Membership.objects.update(role=Role.VIEWER.value)
    form = {"numbers": '["1001"]'}
    assert site.client.post(f"/import/{site.connection.pk}/check/", form).status_code == 403
    assert site.books.fetched == []


def test_whoever_may_not_import_has_nothing_to_tick(site: Site) -> None:
    site.books.add("1001")
    assert 'type="checkbox"' in site.listed()["1001"]["line"]
    Membership.objects.update(role=Role.APPROVER.value)

    [rows, _] = site.check("1001")

    assert 'type="checkbox"' not in site.listed()["1001"]["line"]
    assert 'type="checkbox"' not in rows["rows"][0]["line"]


# --- The approver's look ------------------------------------------------------------------------------------


def look(site: Site, run: ImportRun, **form: str) -> str:
    answer = site.client.post(f"/runs/{run.pk}/invoices/", form)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_invoices_of_a_run_are_shown_as_they_stand_now(site: Site) -> None:
    site.books.add("1001", "1000 GBP", code="ACME")
    site.books.add("1002", "250000 JPY", code="BOLT")
    run = site.open_cases("1001", "1002")
    page = look(site, run)

    assert "Acme Ltd" in page
    assert "Bolt Ltd" in page
    sums = re.findall(r'<strong class="num">([^<]+)</strong>', page)
    assert sums == ["£1,000.00", "¥250,000"]
    assert page.count("Can be submitted") == 2
    assert page.count("<h1") == 1


def test_what_changed_since_it_was_chosen_is_seen(site: Site) -> None:
    site.books.add("1001", code="ACME")
    site.books.add("1002", code="BOLT")
    site.books.add("1003", code="CROW")
    run = site.open_cases("1001", "1002", "1003")
    site.books.pay("1001")
    site.books.change("1002", due=date(2027, 1, 1))
    site.books.change("1003", id="79999")  # another invoice under the number
    page = look(site, run)

    assert "1001 no longer unpaid" in page
    assert "is not overdue yet" in page
    assert "1003 no longer unpaid" in page
    assert "Crow Ltd" not in page


def test_only_the_first_of_a_large_run_are_read_and_it_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_invoices, "MOST_CASES", 2)
    for number in ("1001", "1002", "1003"):
        site.books.add(number)
    page = look(site, site.open_cases("1001", "1002", "1003"))

    assert "The first 2 of 3 cases" in page
    assert "1003" not in page


def test_looking_stores_nothing(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    before = list(Submission.objects.values()), list(Holding.objects.values())
    look(site, run)
    assert (list(Submission.objects.values()), list(Holding.objects.values())) == before


def test_a_failure_is_told_on_the_page(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    site.books.failing = [TryAgainLater("KashFlow has stopped answering.")]
    page = look(site, run)

    assert "KashFlow has stopped answering." in page
    assert "Try again in a minute." in page


def test_a_removed_connection_and_a_missing_word_are_told(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    Connection.objects.update(asks_for_word=True)
    assert "The memorable word is needed." in look(site, run)
    assert "Acme Ltd" in look(site, run, memorable_word="memorable")

    ImportRun.objects.update(connection=None)
    assert "The connection to KashFlow was removed." in look(site, run)


def test_for_htmx_it_is_a_part_of_a_page(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    answer = site.client.post(f"/runs/{run.pk}/invoices/", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<section id="run-invoices"')
