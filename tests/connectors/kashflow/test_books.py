"""The rest of the Books port against the stand-in: company, single invoices, documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from arrears.connectors.kashflow import KashFlowBooks, read_unpaid
from arrears.ports import Books, Company, Owed, TryAgainLater
from arrears.sandbox.client import Sandbox
from tests.connectors.kashflow.conftest import TODAY, MakeBooks, credentials_of, everything, owing


def owed_number(sandbox: Sandbox) -> int:
    """An ordinary invoice that is owed."""
    return next(entry.number for entry in sandbox.invoices() if entry.owing and not entry.quirks)


def only(books: KashFlowBooks, number: int) -> Owed:
    found = books.fresh([str(number)])[str(number)]
    assert found is not None
    return found


def test_it_is_a_books(books: KashFlowBooks) -> None:
    port: Books = books
    assert port is books


@pytest.mark.parametrize("profile", ["standard", "compact"])
def test_the_company_is_named_at_login_or_by_its_details(
    sandbox: Sandbox, books: KashFlowBooks, profile: str
) -> None:
    sandbox.set_profile(profile)
    assert books.company() == Company("50417", "Pennine Fasteners Ltd", "GBP", "GB")


def test_a_forbidden_company_record_leaves_what_the_login_tells(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.fault("permission", path="/settings", times=None)
    assert books.company() == Company("50417", "Pennine Fasteners Ltd", "", "")
    found, _ = everything(books)
    assert owing(sandbox) <= set(found)


def test_currencies_with_their_rates(books: KashFlowBooks) -> None:
    rates = {code: currency.rate for code, currency in books.currencies().items()}
    assert rates["GBP"] == 1
    assert {"EUR", "USD", "JPY", "AED"} <= set(rates)


def test_an_invoice_is_read_as_it_stands_now(sandbox: Sandbox, books: KashFlowBooks) -> None:
    added = sandbox.insert(like=owed_number(sandbox))
    assert only(books, added.number).invoice.outstanding.money is not None
    sandbox.pay(added.number)
    paid = only(books, added.number).invoice
    assert paid.outstanding.money is not None
    assert paid.outstanding.money.amount == 0
    assert paid.id == str(added.id)


def test_an_invoice_that_is_gone_is_none_and_a_voided_one_says_so(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    gone, voided = sandbox.insert(), sandbox.insert()
    sandbox.delete(gone.number)
    sandbox.delete(voided.number, voided=True)
    found = books.fresh([str(gone.number), str(voided.number), "no such number"])
    assert found[str(gone.number)] is None
    assert found["no such number"] is None
    assert only(books, voided.number).invoice.deleted


def test_a_renumbered_invoice_shows_by_its_id(sandbox: Sandbox, books: KashFlowBooks) -> None:
    first = sandbox.insert()
    second = sandbox.insert()
    sandbox.delete(second.number)
    sandbox.renumber(first.number, second.number)
    assert books.fresh([str(first.number)]) == {str(first.number): None}
    assert only(books, second.number).invoice.id == str(first.id)
    sandbox.delete(second.number)


def test_many_invoices_of_one_customer_cost_one_read_of_the_customer(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    by_customer: dict[str, list[str]] = {}
    for entry in sandbox.invoices():
        if entry.owing:
            by_customer.setdefault(entry.customer_code, []).append(str(entry.number))
    numbers = max(by_customer.values(), key=len)
    assert len(books.fresh([*numbers, *numbers])) == len(numbers) > 1
    reads = [entry["path"] for entry in sandbox.requests() if entry["path"].startswith("/v2/customers/")]
    assert len(reads) == 2  # the record and the money on account


def test_a_customer_that_cannot_be_read_is_never_replaced_by_the_invoices_copy(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    number = owed_number(sandbox)
    sandbox.fault("http-500", path="/customers", times=None)
    with pytest.raises(TryAgainLater):
        books.fresh([str(number)])


@pytest.mark.parametrize("quirk", ["", "Q26"])
def test_q26_the_pdf_is_found_whatever_the_form_of_its_link(
    sandbox: Sandbox, books: KashFlowBooks, quirk: str
) -> None:
    number = next(entry.number for entry in sandbox.invoices() if not quirk or quirk in entry.quirks)
    content = books.document(only(books, number).invoice)
    assert content is not None
    assert content.startswith(b"%PDF-")


def test_the_pdf_of_a_list_row_is_found_through_its_detail(sandbox: Sandbox, books: KashFlowBooks) -> None:
    sandbox.set_profile("standard,list_sub_objects=true")
    owed = next(owed for batch in books.unpaid(TODAY) for owed in batch.owed if not owed.invoice.document)
    assert (books.document(owed.invoice) or b"").startswith(b"%PDF-")


def test_a_web_page_instead_of_a_pdf_is_none(sandbox: Sandbox, books: KashFlowBooks) -> None:
    invoice = only(books, owed_number(sandbox)).invoice
    sandbox.fault("html", path="/documents", times=None)
    assert books.document(invoice) is None


def test_a_document_on_another_host_is_not_fetched(sandbox: Sandbox, books: KashFlowBooks) -> None:
    invoice = only(books, owed_number(sandbox)).invoice
    sandbox.clear_requests()
    assert books.document(replace(invoice, document="https://elsewhere.example/v2/documents/1")) is None
    assert sandbox.requests() == []


def test_a_hanging_answer_ends_at_the_deadline(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books(deadline=0.3)
    books.company()
    sandbox.fault("hang", path="/invoices", times=1, seconds=5)
    assert books.fresh(["999999"]) == {"999999": None}


def test_several_threads_list_at_once_with_one_login(sandbox: Sandbox, books: KashFlowBooks) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: set(everything(books)[0]), range(4)))
    assert all(result == results[0] for result in results)
    assert len(sandbox.logins()) == 2


def test_the_library_function_reads_and_logs_out(sandbox: Sandbox) -> None:
    found = {owed.invoice.number for owed in read_unpaid(credentials_of(sandbox), TODAY, sandbox.base_url)}
    assert owing(sandbox) <= found
    assert [entry["method"] for entry in sandbox.requests()].count("DELETE") == 1


def test_plain_http_to_another_machine_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="https://"):
        KashFlowBooks(credentials_of(sandbox), base_url="http://api.kashflow.com/v2")
