"""The bulk import stream: rows as they are read, what they say, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arrears.bridge.models import Connection, Holding, ImportRun, Submission
from arrears.core.invoice import outstanding_of
from arrears.ports import Batch, Control, NeedsAttention, Progress, TryAgainLater
from arrears.web import preview_stream
from tests.fakes import FakeAdapters, FakeBooks
from tests.web.conftest import Site


def data_of(rows: str, number: str) -> dict[str, str]:
    """The data attributes of one row."""
    [tag] = re.findall(rf'<tbody[^>]*data-number="{number}"[^>]*>', rows)
    return dict(re.findall(r'data-([a-z]+)="([^"]*)"', tag))


def test_the_page_opens_without_reading_anything(site: Site) -> None:
    site.books.failing = [AssertionError("the page itself must not read")]
    page = site.page("/import/")
    assert f'action="/import/{site.connection.pk}/rows/"' in page
    assert "/static/app/import.js" in page


def test_rows_arrive_in_instalments_with_progress(site: Site) -> None:
    for number in range(1001, 1026):
        site.books.add(str(number))

    lines = site.stream()

    assert [(line["seen"], line["total"]) for line in lines if "rows" in line] == [
        (10, 25),
        (20, 25),
        (25, 25),
    ]
    assert [line["rows"].count("<tbody") for line in lines if "rows" in line] == [10, 10, 5]
    assert lines[-1]["done"] is True


def test_the_first_rows_are_sent_before_the_second_page_is_read(site: Site) -> None:
    for number in range(1001, 1021):
        site.books.add(str(number))
    reading = preview_stream.preview_lines(site.connection, None)

    assert b'"seen": 10' in next(reading)
    assert b'"seen": 20' in next(reading)
    reading.close()


def test_an_eligible_row_carries_what_the_browser_adds_up(site: Site) -> None:
    site.books.add("1001", "1000 GBP")
    row = data_of(site.rows(), "1001")

    assert row["kind"] == "eligible"
    assert (row["id"], row["currency"], row["places"], row["minor"]) == ("71001", "GBP", "2", "100000")
    # £1,000 is 1,250 US dollars at the rates of these tests: 9.5 %.
    assert (row["fee"], row["net"]) == ("9500", "90500")
    assert row["group"] == "[&#34;ACME&#34;, &#34;GBP&#34;]"


def test_yen_have_no_pennies(site: Site) -> None:
    site.books.add("1001", "250000 JPY")
    rows = site.rows()

    assert data_of(rows, "1001")["minor"] == "250000"
    assert "¥250,000" in rows


def test_each_kind_of_row_says_its_verdict_in_words(site: Site) -> None:
    site.books.add("1001")
    site.books.add("1002", due=None)
    site.books.add("1003", due=date(2026, 12, 24))
    site.books.add("1004")
    site.work(site.open_cases("1004"))
    rows = site.rows()

    kinds = [data_of(rows, number)["kind"] for number in ("1001", "1002", "1003", "1004")]
    assert kinds == ["eligible", "flagged", "not-due", "submitted"]
    for words in ("Can be submitted", "1 problem", "Not due yet", "Submitted"):
        assert f"<span>{words}</span>" in rows
    assert "has no due date" in rows
    assert "correct its dates" in rows
    assert f'href="/cases/{Submission.objects.get().case_reference}/"' in rows
    assert rows.count('type="checkbox"') == 1


def test_a_part_paid_invoice_shows_what_is_left_and_of_what(site: Site) -> None:
    site.books.add("1001", "1200 GBP")
    one = site.books.owed[0]
    figures = replace(one.invoice.figures, paid=Decimal(200), due=Decimal(1000))
    site.books.change("1001", figures=figures, outstanding=outstanding_of(figures))
    rows = site.rows()

    assert "<strong>£1,000.00</strong>" in rows
    assert 'of £1,200.00, <span class="text-nowrap">part paid</span>' in rows


def test_what_customers_are_called_cannot_become_markup(site: Site) -> None:
    site.books.add("1001", code='"><script>alert(1)</script>')
    site.books.change("1001", url="javascript:alert(1)")
    rows = site.rows()

    assert "<script" not in rows.lower()
    assert "javascript:" not in rows


def test_the_list_is_held_against_the_unpaid_report(site: Site) -> None:
    site.books.add("1001")
    notes = site.stream()[-1]["notes"]
    assert "Agrees with KashFlow’s own report of unpaid invoices: 1 invoice, 500.00 in all." in notes


class PartialBooks(FakeBooks):
    """Books whose listing goes wrong in a way that the test chooses."""

    control = Control()
    failure: Exception | None = None

    def unpaid(self, today: date) -> Iterator[Batch]:
        yield Batch(tuple(self.owed), Progress(len(self.owed), 40), self.control, ("A page was read twice.",))
        if self.failure:
            raise self.failure


@pytest.fixture
def partial(site: Site) -> PartialBooks:
    books = PartialBooks()
    books.add("1001")
    FakeAdapters.fake_books = books
    return books


def test_what_the_report_names_and_the_list_lacks_is_told(site: Site, partial: PartialBooks) -> None:
    partial.control = Control(owed={"1001": Decimal(500), "1099": Decimal(7)})
    last = site.stream()[-1]

    assert "In the report but not in this list: 1099." in last["notes"]
    assert "A page was read twice." in last["notes"]


def test_a_report_that_could_not_be_read_is_no_agreement(site: Site, partial: PartialBooks) -> None:
    partial.control = Control(complete=False, problem="KashFlow did not give it.")
    notes = site.stream()[-1]["notes"]

    assert "Could not be compared" in notes
    assert "KashFlow did not give it." in notes
    assert "Agrees" not in notes


@pytest.mark.parametrize(
    ("failure", "action"),
    [
        (TryAgainLater("KashFlow has stopped answering."), "Try again in a minute."),
        (NeedsAttention("API access is off.", code="api_off", action="Switch it on."), "Switch it on."),
    ],
)
def test_a_failure_in_the_middle_keeps_the_rows_and_tells_why(
    site: Site, partial: PartialBooks, failure: Exception, action: str
) -> None:
    partial.failure = failure
    first, last = site.stream()

    assert "1001" in first["rows"]
    assert str(failure) in last["problem"]
    assert action in last["problem"]
    assert "done" not in last


def test_nothing_about_invoices_is_stored(site: Site) -> None:
    site.books.add("1001")
    site.stream()
    assert not Submission.objects.exists()
    assert not Holding.objects.exists()
    assert not ImportRun.objects.exists()


def test_at_most_four_people_read_at_once(site: Site) -> None:
    site.books.add("1001")
    readers = [preview_stream.preview_lines(site.connection, None) for _ in range(4)]
    for reader in readers:
        next(reader)

    [line] = site.stream()
    assert "Several people are reading" in line["problem"]

    for reader in readers:
        reader.close()
    assert site.stream()[-1]["done"] is True


def test_a_stream_that_was_never_begun_keeps_no_place(site: Site) -> None:
    site.books.add("1001")
    for _ in range(6):
        preview_stream.preview_lines(site.connection, None).close()
    assert site.stream()[-1]["done"] is True


def test_the_memorable_word_is_asked_for_and_is_not_in_any_address(site: Site) -> None:
    Connection.objects.update(asks_for_word=True)
    page = site.page("/import/")

    assert 'name="memorable_word"' in page
    assert 'id="read" class="card mb-3" method="post"' in page


def test_two_companies_are_told_apart(site: Site) -> None:
    other = Connection.objects.create(
        organisation=site.organisation,
        base_url="https://api.kashflow.com/v2",
        username="other@pennine.example",
        account="account-9",
        company_name="Calder Tools Ltd",
        created_at=site.clock.now(),
    )
    assert f'<option value="{other.pk}" selected>' in site.page(f"/import/?connection={other.pk}")
    assert site.client.get("/import/?connection=999999").status_code == 404


def test_reading_is_a_form_and_not_a_link(site: Site) -> None:
    assert site.client.get(f"/import/{site.connection.pk}/rows/").status_code == 405
