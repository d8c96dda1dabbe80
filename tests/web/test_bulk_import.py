"""The bulk import stream: rows as they are read, what they say, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arrears.bridge.models import Connection, Holding, ImportRun, Submission
from arrears.core.address import PostalLines
from arrears.core.invoice import Status, outstanding_of
from arrears.ports import Batch, Control, NeedsAttention, Progress, TryAgainLater
from arrears.web import preview_stream
from tests.builders import an_address
from tests.fakes import FakeAdapters, FakeBooks
from tests.web.conftest import Site


def test_the_page_opens_without_reading_anything(site: Site) -> None:
    site.books.failing = [AssertionError("the page itself must not read")]
    page = site.page("/import/")
    assert f'action="/import/{site.connection.pk}/rows/"' in page
    assert "/static/app/import/main.js" in page


def test_rows_arrive_in_instalments_with_progress(site: Site) -> None:
    for number in range(1001, 1026):
        site.books.add(str(number))

    lines = site.stream()

    assert [(line["seen"], line["total"]) for line in lines if "rows" in line] == [
        (10, 25),
        (20, 25),
        (25, 25),
    ]
    assert [len(line["rows"]) for line in lines if "rows" in line] == [10, 10, 5]
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
    row = site.listed()["1001"]

    assert row["kind"] == "eligible"
    assert (row["id"], row["currency"], row["places"], row["owed"]) == ("71001", "GBP", 2, "100000")
    # £1,000 is 1,250 US dollars at the rates of these tests: 9.5 %.
    assert (row["gross"], row["fee"], row["net"]) == ("", "9500", "90500")
    assert row["group"] == '["ACME", "GBP"]'


def test_a_row_carries_what_the_browser_filters_and_sorts_by(site: Site) -> None:
    site.books.add("1001", code="ACME")
    row = site.listed()["1001"]

    assert row["customer"] == {"code": "ACME", "name": "Acme Ltd"}
    # Issued 1 July, due 31 July, read on 22 November: 114 days.
    assert (row["issued"], row["due"], row["days"], row["band"]) == (
        "2026-07-01",
        "2026-07-31",
        114,
        "91-180",
    )
    assert (row["country"], row["chased"], row["edge"]) == ("GB", False, None)
    assert row["sought"] == "1001 acme ltd acme gbp"


def test_a_row_without_amount_or_date_carries_no_figures(site: Site) -> None:
    site.books.add("1001", due=None)
    figures = replace(site.books.owed[0].invoice.figures, paid=None)
    site.books.change("1001", figures=figures, outstanding=outstanding_of(figures))
    row = site.listed()["1001"]

    assert (row["owed"], row["gross"], row["fee"], row["net"]) == ("", "", "", "")
    assert (row["due"], row["days"], row["band"]) == ("", 0, "unknown")


def test_a_finding_names_its_group_on_the_to_do_list(site: Site) -> None:
    site.books.add("1001", due=None)
    row = site.listed()["1001"]

    assert row["findings"] == [
        {
            "code": "due_date_missing",
            "severity": "blocks",
            "fix_title": "Give the due date",
            "matter": "without a due date",
            "per": "invoice",
        }
    ]
    assert '<li class="finding" data-fix="Give the due date">' in row["drawer"]


def test_reminders_that_are_still_on_are_told_with_where_to_switch_them_off(site: Site) -> None:
    site.books.add("1001", chasing_on=True)
    site.books.add("1002")
    rows = site.listed()

    assert rows["1001"]["chased"] is True
    assert (
        "automatic credit control off in KashFlow, on the invoice, before you submit"
        in rows["1001"]["drawer"]
    )
    assert "credit control off" not in rows["1002"]["drawer"]


def test_an_age_at_which_the_fee_rises_soon_is_told(site: Site) -> None:
    # Twelve months are over with 9 December 2026.
    site.books.add("1001", issued=date(2025, 11, 9), due=date(2025, 12, 9))
    row = site.listed()["1001"]

    text = "12 months overdue: the fee rises by 8 points"
    assert row["edge"] == {"on": "2026-12-10", "days": 18, "text": text}
    assert f"{text}, from 10 December 2026." in row["drawer"]
    assert "fee rises on 10 Dec 2026" in row["line"]


def test_a_row_lays_bare_what_handing_over_means(site: Site) -> None:
    site.books.add("1001", "1000 GBP")
    drawer = site.listed()["1001"]["drawer"]

    assert "Only the partner collects, for 6 months" in drawer
    assert "Taking a case back costs the full fee: £95.00 today" in drawer
    assert "Interest and late fees go to the partner" in drawer


def test_the_fee_is_itemised_with_its_rule_and_date(site: Site) -> None:
    site.books.add("1001", "1000 GBP")
    drawer = site.listed()["1001"]["drawer"]

    assert "9.5% of GBP 1,000.00 is a fee of GBP 95.00" in drawer
    assert "Standard price list of 25 March 2026, in force since 25 March 2026." in drawer


def test_a_row_can_be_checked_again_by_itself(site: Site) -> None:
    site.books.add("1001")
    assert (
        'type="button" class="btn btn-sm btn-outline-secondary" data-check="1001"'
        in site.listed()["1001"]["drawer"]
    )


def test_the_column_chooser_finds_every_cell(site: Site) -> None:
    site.books.add("1001")
    names = ["tick", "invoice", "customer", "issued", "due", "owed", "verdict", "fee", "net", "more"]
    assert re.findall(r'class="c-([a-z]+)[^"]*" data-column="\1"', site.listed()["1001"]["line"]) == names


def test_yen_have_no_pennies(site: Site) -> None:
    site.books.add("1001", "250000 JPY")
    row = site.listed()["1001"]

    assert (row["owed"], row["places"]) == ("250000", 0)
    assert "¥250,000" in row["line"]


def test_each_kind_of_row_says_its_verdict_in_words(site: Site) -> None:
    site.books.add("1001")
    site.books.add("1002", due=None)
    site.books.add("1003", due=date(2026, 12, 24))
    site.books.add("1004")
    site.work(site.open_cases("1004"))
    listed = site.listed()
    rows = "".join(row["line"] + row["drawer"] for row in listed.values())

    kinds = [listed[number]["kind"] for number in ("1001", "1002", "1003", "1004")]
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
    rows, row = site.rows(), site.listed()["1001"]

    assert (row["owed"], row["gross"]) == ("100000", "120000")
    assert "<strong>£1,000.00</strong>" in rows
    assert 'of £1,200.00, <span class="text-nowrap">part paid</span>' in rows


NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_what_people_type_in_kashflow_cannot_become_markup(site: Site) -> None:
    site.books.add("1001", code=NASTY)
    site.books.change(
        "1001",
        url="javascript:alert(1)",
        number=NASTY,
        customer_name=NASTY,
        status_text=NASTY,
        status=Status.PAID,
    )
    one = site.books.owed[0]
    lines = PostalLines((NASTY, NASTY), NASTY, "", NASTY)
    address = an_address(street=NASTY, city=NASTY, state=NASTY, zip=NASTY, country="", country_conflict=NASTY)
    told: dict[str, Any] = {
        "emails": (NASTY,),
        "phones": (NASTY,),
        "unusable_emails": (NASTY,),
        "unusable_phones": (NASTY,),
    }
    debtor = replace(
        one.debtor,
        lines=lines,
        address=address,
        contact_person=NASTY,
        type_reason=NASTY,
        url="javascript:1",
        **told,
    )
    site.books.owed[0] = replace(one, debtor=debtor)
    rows = site.rows()

    assert "&lt;script&gt;" in rows
    assert "<script" not in rows.lower()
    assert "<img" not in rows.lower()
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


def test_a_long_page_of_kashflows_is_told_in_parts(site: Site, partial: PartialBooks) -> None:
    for number in range(1002, 1061):
        partial.add(str(number))
    lines = site.stream()
    assert [len(line["rows"]) for line in lines if "rows" in line] == [25, 25, 10]


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

    assert [row["number"] for row in first["rows"]] == ["1001"]
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
