"""From ticked rows to a run: confirmation, one run for a double click, progress, cancel, retry."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import State
from tests.web.conftest import Site


def picked(*rows: tuple[str, str]) -> str:
    """What the page sends for invoice numbers and their groups."""
    return json.dumps([[f"7{number}", number, group, "", "", ""] for number, group in rows])


SUMS = json.dumps([["GBP", "3", "1500.00", "142.50", "1357.50", "0"], ["JPY", "1", "250000", "0", "0", "1"]])


def test_confirming_shows_totals_fees_and_what_it_means(site: Site) -> None:
    form = {"picked": picked(("1001", "A"), ("1002", "A"), ("1003", "B"), ("1004", "")), "sums": SUMS}
    page = site.client.post(f"/import/{site.connection.pk}/confirm/", form).content.decode()

    for words in ("4 cases", "£1,500.00", "£142.50", "£1,357.50", "¥250,000", "1 invoice in JPY could not"):
        assert words in page, words
    assert "One case for each invoice: 4 cases" in page
    assert "Bundle by customer and currency: 3 cases" in page
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"picked": "[]", "sums": "[]"},
        {"picked": "nonsense", "sums": "[]"},
        {"picked": '{"a": 1}', "sums": "[]"},
        {"picked": '[["1", "2"]]', "sums": "[]"},
        {"picked": '[["1", "2", "", ""]]', "sums": "[]"},
        {"picked": '[["1", "2", "", "", "the day before", ""]]', "sums": "[]"},
        {"picked": '[["1", 2, "", "", "", ""]]', "sums": "[]"},
        {"picked": '[["1", "2", "", "", "", ""], ["1", "3", "", "", "", ""]]', "sums": "[]"},
        {"picked": '[["", "2", "", "", "", ""]]', "sums": "[]"},
        {"picked": '[["1", "2", "", "", "", ""]]', "sums": '[["GBP", "1", "NaN", "0", "0", "0"]]'},
        {"picked": '[["1", "2", "", "", "", ""]]', "sums": '[["£££", "1", "1", "0", "0", "0"]]'},
        {"picked": '[["1", "2", "", "", "", ""]]', "sums": '[["GBP", "²", "1", "0", "0", "0"]]'},
        {"picked": json.dumps([["9" * 60, "2", "", "", "", ""]]), "sums": "[]"},
    ],
)
def test_a_form_that_is_not_ours_is_refused(site: Site, form: dict[str, str]) -> None:
    answer = site.client.post(f"/import/{site.connection.pk}/confirm/", form)

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


@pytest.mark.parametrize("form_id", ["", "1", "not-an-id"])
def test_an_order_without_a_form_id_starts_nothing(site: Site, form_id: str) -> None:
    form = {"picked": picked(("1001", "")), "form_id": form_id}
    assert site.client.post(f"/import/{site.connection.pk}/open/", form).status_code == 400
    assert not ImportRun.objects.exists()


def test_each_confirmation_has_its_own_form_id(site: Site) -> None:
    form = {"picked": picked(("1001", "")), "sums": "[]"}
    pages = {site.client.post(f"/import/{site.connection.pk}/confirm/", form).content for _ in range(2)}
    assert len(pages) == 2


def test_a_double_click_starts_one_run(site: Site) -> None:
    site.books.add("1001")
    form = {"picked": picked(("1001", "")), "form_id": str(uuid4())}
    answers = [site.client.post(f"/import/{site.connection.pk}/open/", form) for _ in range(2)]

    run = ImportRun.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [f"/runs/{run.pk}/"] * 2
    assert run.started_by == site.owner
    assert run.submissions.count() == 1


def test_bundling_joins_the_invoices_of_one_group_and_no_others(site: Site) -> None:
    form = {"bundles": "yes", "picked": picked(("1001", "A"), ("1002", ""), ("1003", "A"), ("1004", ""))}
    run = site.open_cases(**form)

    numbers = [row.invoice_numbers for row in run.submissions.all()]
    assert numbers == [["1001", "1003"], ["1002"], ["1004"]]
    assert run.bundles


def test_the_run_page_polls_until_it_is_done(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    progress = f"/runs/{run.pk}/progress/"

    assert f'hx-get="{progress}' in site.page(f"/runs/{run.pk}/")
    assert site.client.get(progress).status_code == 200

    site.work(run)
    answer = site.client.get(progress)
    assert answer.status_code == 286
    assert "hx-get" not in answer.content.decode()


def test_every_row_tells_its_case_or_its_reason(site: Site) -> None:
    site.books.add("1001")
    site.books.add("1002")
    run = site.open_cases("1001", "1002")
    site.books.pay("1002")
    site.work(run)
    page = site.page(f"/runs/{run.pk}/")

    opened = Submission.objects.get(state=State.CREATED)
    assert f'href="/cases/{opened.case_reference}/"' in page
    assert "Changed since the preview: Invoice 1002 has nothing left to pay." in page
    assert "1 case opened, 1 row without one" in page


def test_rows_can_be_filtered_by_outcome(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001", "1002")
    site.work(run)

    page = site.page(f"/runs/{run.pk}/?show=not-opened")
    assert "<strong>1002</strong>" in page
    assert "<strong>1001</strong>" not in page


def test_cancelling_drops_what_was_not_sent(site: Site) -> None:
    run = site.open_cases("1001", "1002")
    answer = site.client.post(f"/runs/{run.pk}/cancel/", follow=True)

    assert "2 cases will not be opened" in answer.content.decode()
    assert set(run.submissions.values_list("state", flat=True)) == {State.DROPPED}


def test_failed_rows_are_tried_again_after_the_cause_is_gone(site: Site) -> None:
    run = site.open_cases("1001")
    site.work(run)
    assert "Try failed rows again" in site.page(f"/runs/{run.pk}/")

    site.books.add("1001")
    site.client.post(f"/runs/{run.pk}/retry/")
    site.work(run)
    assert run.submissions.get().state == State.CREATED


def test_a_stopped_run_says_why(site: Site) -> None:
    run = site.open_cases("1001")
    ImportRun.objects.update(stage=ImportRun.Stage.FAILED, problem="The password has expired. Change it.")
    page = site.page(f"/runs/{run.pk}/")

    assert "The password has expired. Change it." in page
    assert "Try failed rows again" in page
    assert "hx-get" not in page


def test_runs_are_listed_newest_first_and_home_shows_them(site: Site) -> None:
    assert "No imports yet" in site.page("/runs/")
    site.books.add("1001")
    first = site.open_cases("1001")
    second = site.open_cases("1002", form_id=str(uuid4()))

    page = site.page("/runs/")
    assert page.index(f"/runs/{second.pk}/") < page.index(f"/runs/{first.pk}/")
    assert "is under way" in site.page("/")
