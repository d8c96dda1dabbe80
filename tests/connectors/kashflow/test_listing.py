"""The list of everything unpaid, against a stand-in that moves, clamps, loses and repeats rows."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from arrears.connectors.kashflow import KashFlowBooks, protocol, wire
from arrears.connectors.kashflow.errors import RequestRefused
from arrears.connectors.message import Response
from arrears.core.invoice import Position, position_of
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.sandbox.client import Sandbox
from tests.connectors.kashflow.conftest import TODAY, MakeBooks, everything, owing

PROFILES = [
    "standard",
    "compact",
    "legacy",
    "legacy,page_limit=50",
    "legacy,page_limit=25,over_limit=refuse",
    "standard,page_limit=30",
    "standard,list_sub_objects=true,page_limit=7",
    "standard,next_link=relative,next_link_key=NextPageURL",
    "compact,customer_list_contacts=true,status_filter=ignored",
]


def list_pages(sandbox: Sandbox) -> list[str]:
    return [entry["query"] for entry in sandbox.requests() if entry["path"].endswith("/invoices")]


@pytest.mark.parametrize("profile", PROFILES)
def test_everything_owed_is_found_whatever_the_profile(
    sandbox: Sandbox, books: KashFlowBooks, profile: str
) -> None:
    sandbox.set_profile(profile)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []
    settled = {position_of(found[number].invoice, TODAY) for number in set(found) - owing(sandbox)}
    assert settled <= {Position.CREDIT_NOTE, Position.PAID}


def test_amounts_are_those_of_the_books_or_flagged(sandbox: Sandbox, books: KashFlowBooks) -> None:
    found, _ = everything(books)
    truth = {str(entry.number): entry for entry in sandbox.invoices()}
    for number, owed in found.items():
        money = owed.invoice.outstanding.money
        if money is None:
            assert "Q34" in truth[number].quirks
        else:
            assert (money.amount, money.currency) == (truth[number].outstanding, truth[number].currency)


def test_the_control_report_comes_with_every_batch(sandbox: Sandbox, books: KashFlowBooks) -> None:
    batches = list(books.unpaid(TODAY))
    assert {batch.control.total for batch in batches} == {batches[0].control.total}
    assert set(batches[0].control.owed) == owing(sandbox)
    assert batches[-1].progress.seen == batches[-1].progress.total


def test_the_first_batch_arrives_while_later_pages_are_still_unread(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.set_profile("standard,page_limit=5,list_sub_objects=true")
    batches = books.unpaid(TODAY)
    first = next(batches)
    assert first.progress.seen < 300
    assert len(list_pages(sandbox)) < 60
    batches.close()  # type: ignore[attr-defined]


def test_q28_a_row_on_two_pages_counts_once_and_the_list_is_read_again(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.set_profile("standard,page_limit=50")
    sandbox.fault("page-overlap", path="/invoices", query="page=3")
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []
    asked = Counter(query.split("&")[0] for query in list_pages(sandbox))
    assert set(asked.values()) == {2}


def test_a_row_missing_from_a_page_is_found_by_reading_again(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("missing-row", path="/invoices", query="page=2", times=1)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []


def test_a_row_that_stays_away_is_found_through_the_report_and_the_count_is_questioned(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.fault("missing-row", path="/invoices", query="page=", times=None)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert any("twice in a row" in remark for remark in remarks)


@pytest.mark.parametrize("profile", ["standard,page_limit=30", "compact,page_limit=20"])
def test_q29_a_smaller_page_than_asked_for_loses_nothing(
    sandbox: Sandbox, books: KashFlowBooks, profile: str
) -> None:
    sandbox.set_profile(profile)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []


def test_a_list_that_keeps_changing_is_read_three_times(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("missing-row", path="/invoices", query="page=1", times=1)
    sandbox.fault("missing-row", path="/invoices", query="page=2", times=1, after=1)
    sandbox.fault("missing-row", path="/invoices", query="page=3", times=1, after=2)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert len(remarks) == 1


@pytest.mark.parametrize("fault", ["next-link-loop", "next-link-elsewhere"])
def test_next_links_that_loop_or_lead_away_are_harmless(
    sandbox: Sandbox, books: KashFlowBooks, fault: str
) -> None:
    sandbox.fault(fault, path="/invoices", times=None)
    found, _ = everything(books)
    assert owing(sandbox) <= set(found)


@pytest.mark.parametrize(
    "fault",
    [
        "sql-timeout",
        "http-500",
        "http-502",
        "http-503",
        "cut",
        "cut-body",
        "truncated-json",
        "empty-body",
        "html",
    ],
)
def test_passing_trouble_passes(sandbox: Sandbox, books: KashFlowBooks, fault: str) -> None:
    sandbox.set_profile("standard,page_limit=50")
    sandbox.fault(fault, path="/invoices", times=3, every=4)
    sandbox.fault(fault, path="/customers", times=3, every=5)
    sandbox.fault(fault, path="/reports", times=1)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []


def test_being_told_to_wait_is_obeyed_and_halves_the_requests_under_way(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.fault("too-many-requests", path="/customers", times=2, retry_after=0)
    found, _ = everything(books)
    assert owing(sandbox) <= set(found)


def test_a_page_the_database_cannot_manage_is_read_in_halves(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("sql-timeout", path="/invoices", query="page=2&perpage=100", times=None)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []


def test_lasting_trouble_with_the_list_fails_instead_of_looking_complete(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.fault("http-500", path="/invoices", query="page=2", times=None)
    with pytest.raises(TryAgainLater):
        everything(books)


def test_without_the_report_the_list_still_comes_and_says_so(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("http-500", path="/reports", times=None)
    batches = list(books.unpaid(TODAY))
    assert owing(sandbox) <= {owed.invoice.number for batch in batches for owed in batch.owed}
    assert not batches[0].control.complete
    assert "unpaid report" in batches[0].control.problem


def test_a_forbidden_report_costs_one_login_and_not_the_list(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("permission", path="/reports", times=None)
    assert not next(books.unpaid(TODAY)).control.complete
    assert len(sandbox.logins()) == 4


def test_forbidden_advance_payments_leave_the_credit_unknown(sandbox: Sandbox, books: KashFlowBooks) -> None:
    codes = {entry["code"] for entry in sandbox.customers()}
    for code in codes:
        sandbox.fault("permission", path=f"/customers/{code}/advancepayments", times=None)
    found, _ = everything(books)
    assert None in {owed.debtor.unallocated_credit for owed in found.values()}
    assert len(sandbox.logins()) <= 4


def test_an_unreadable_customer_record_is_replaced_and_told(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.fault("http-500", path="/customers/ONACC01", times=None)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert [remark for remark in remarks if "ONACC01" in remark]


def test_a_user_without_invoice_permission_is_told_so(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.set_account("no_invoice_permission")
    with pytest.raises(NeedsAttention) as caught:
        everything(books)
    assert caught.value.code == "permission_missing"


def test_money_on_account_reaches_the_debtor(books: KashFlowBooks) -> None:
    found, _ = everything(books)
    by_code = {owed.debtor.code: owed.debtor for owed in found.values()}
    assert by_code["ONACC01"].unallocated_credit == Decimal(500)
    assert by_code["NORTH01"].unallocated_credit == Decimal(0)


def test_each_customer_is_read_once(sandbox: Sandbox, books: KashFlowBooks) -> None:
    everything(books)
    reads = [entry["path"] for entry in sandbox.requests() if entry["path"].startswith("/v2/customers/")]
    assert len(reads) == len(set(reads))


def test_a_code_with_a_slash_is_found(books: KashFlowBooks) -> None:
    found, _ = everything(books)
    assert {owed.debtor.name for owed in found.values() if owed.debtor.code == "SMITH & SONS/1"} == {
        "Smith & Sons (Ironmongers) Ltd"
    }


def test_a_short_report_is_followed_by_details_instead_of_the_whole_list(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.set_profile("standard,page_limit=1")
    expected = owing(sandbox)
    assert len(expected) * 2 <= 300
    found, _ = everything(books)
    assert set(found) == expected
    assert len(list_pages(sandbox)) == 1


def test_stopping_early_stops_the_reading(sandbox: Sandbox, make_books: MakeBooks) -> None:
    sandbox.set_latency(20)
    books = make_books()
    batches = books.unpaid(TODAY)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    sandbox.set_latency(0)
    before = len(sandbox.requests())
    books.company()
    assert len(sandbox.requests()) <= before + 1


def test_details_without_an_id_lose_no_invoice(
    sandbox: Sandbox, books: KashFlowBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = protocol.read_invoice

    def without_id(response: Response) -> wire.Invoice | None:
        detail = whole(response)
        return detail.model_copy(update={"id": None}) if detail else None

    sandbox.set_profile("compact")  # its rows lack their currency, so every detail is read
    monkeypatch.setattr(protocol, "read_invoice", without_id)
    found, remarks = everything(books)
    assert owing(sandbox) <= set(found)
    assert remarks == []
    assert all(owed.invoice.id for owed in found.values())


def _shortened(report: wire.Report) -> wire.Report:
    return wire.Report(report.rows[:-1], report.total)


def test_a_report_that_does_not_make_its_own_total_does_not_stand_in_for_the_list(
    sandbox: Sandbox, books: KashFlowBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.set_profile("standard,page_limit=1")
    whole = protocol.read_unpaid_report
    monkeypatch.setattr(protocol, "read_unpaid_report", lambda response: _shortened(whole(response)))
    found, _ = everything(books)
    assert owing(sandbox) <= set(found)


def test_an_invoice_on_the_report_that_is_gone_when_asked_for_is_told(
    sandbox: Sandbox, books: KashFlowBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = protocol.read_unpaid_report
    gone = wire.ReportRow(InvoiceNumber="999999", InvoiceAmountOwed=1)

    def with_one_more(response: Response) -> wire.Report:
        report = whole(response)
        return wire.Report((*report.rows, gone), report.total)

    monkeypatch.setattr(protocol, "read_unpaid_report", with_one_more)
    _, remarks = everything(books)
    assert [remark for remark in remarks if "Invoice 999999 was deleted or renumbered" in remark]


def test_an_invoice_on_the_report_that_kashflow_will_not_give_is_told_and_not_the_end(
    sandbox: Sandbox, books: KashFlowBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.set_profile("standard,page_limit=1")  # the report is short, so its invoices are read one by one
    whole = protocol.read_invoice
    number = str(next(entry.number for entry in sandbox.invoices() if entry.owing))

    def refusing(response: Response) -> wire.Invoice | None:
        detail = whole(response)
        if detail is not None and detail.number == number:
            raise RequestRefused("an invoice", "not today")
        return detail

    monkeypatch.setattr(protocol, "read_invoice", refusing)
    found, remarks = everything(books)
    assert owing(sandbox) - set(found) == {number}
    assert [remark for remark in remarks if f"Invoice {number} is on the unpaid report" in remark]
