"""Every read of KashFlow's REST API as a pair: build the request, read the answer. No I/O.

Readers raise what `answers.read_json` raises. Paths are below https://api.kashflow.com/v2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from arrears.connectors.kashflow.answers import raise_refusal, read_json
from arrears.connectors.kashflow.values import read_text, read_whole
from arrears.connectors.kashflow.wire import (
    AdvancePayment,
    Company,
    Currency,
    Customer,
    Entry,
    Invoice,
    Listed,
    Page,
    Report,
    ReportRow,
    Row,
    records,
)
from arrears.connectors.message import Request, Response
from arrears.core.money import read_amount
from arrears.ports import TryAgainLater

#: The largest page that KashFlow is known to give; it may give less than is asked for.
PAGE_SIZE = 100

_ACCEPT = {"Accept": "application/json"}
_PDF_DEADLINE = 120.0
_PDF_BYTES = 20_000_000

INVOICES = "the list of invoices"
CUSTOMERS = "the list of customers"
REPORT = "the unpaid report"
COMPANY = "the company's details"
CREDIT = "the customers' money on account"


def _get(path: str, purpose: str, **query: str | int) -> Request:
    return Request("GET", f"{path}?{urlencode(query)}" if query else path, purpose, headers=_ACCEPT)


# --- Invoices -----------------------------------------------------------------------------------------------


def invoices_request(page: int, size: int = PAGE_SIZE) -> Request:
    """One page of all invoices, by number: the only column without ties, so that no row swaps pages."""
    return _get("invoices", INVOICES, page=page, perpage=size, sortby="Number", order="asc")


def linked_invoices_request(address: str) -> Request:
    """The page that a next link, already checked to lead to the same host, names."""
    return Request("GET", address, INVOICES, headers=_ACCEPT)


def read_invoices(response: Response) -> Page[Listed]:
    return _page(read_json(response, INVOICES), Listed.read, INVOICES)


def invoice_request(number: str) -> Request:
    """One invoice with its payments. The key is the number people see, not the id."""
    return _get(f"invoices/{quote(number, safe='')}", "an invoice")


def read_invoice(response: Response) -> Invoice | None:
    """The invoice, or None where there is none under that number."""
    return _single(response, Invoice, "an invoice")


def unpaid_report_request() -> Request:
    """Everything owed, in one answer: the independent total to hold the list against."""
    return _get("reports/sales/unpaid-invoices", REPORT)


def read_unpaid_report(response: Response) -> Report:
    """The report; its totals are called `Metadata`, where lists say `MetaData`."""
    body = read_json(response, REPORT)
    if isinstance(body, list):
        return Report(records(body, ReportRow), None)
    rows = body.get("Invoices") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise _senseless(REPORT)
    return Report(records(rows, ReportRow), read_amount(_metadata(body).get("TotalOwed")))


# --- Customers ----------------------------------------------------------------------------------------------


def customers_request(page: int, size: int = PAGE_SIZE) -> Request:
    """One page of all customers, sorted by code."""
    return _get("customers", CUSTOMERS, page=page, perpage=size, sortby="Code", order="asc")


def customer_search_request(text: str) -> Request:
    """Customers whose code or name contains `text`, for a code that cannot stand in a path."""
    return _get("customers", CUSTOMERS, searchtext=text, perpage=PAGE_SIZE)


def read_customers(response: Response) -> Page[Customer]:
    return _page(read_json(response, CUSTOMERS), Customer.model_validate, CUSTOMERS)


def customer_request(code: str) -> Request:
    """One customer. Codes can hold spaces, slashes and padding; they go into the path as they came."""
    return _get(f"customers/{quote(code, safe='')}", "a customer")


def read_customer(response: Response) -> Customer | None:
    """The customer, or None where there is none under that code."""
    return _single(response, Customer, "a customer")


def advance_payments_request(code: str, page: int = 1) -> Request:
    """Money of a customer that is not set against any invoice."""
    path = f"customers/{quote(code, safe='')}/advancepayments"
    return _get(path, CREDIT, page=page, perpage=PAGE_SIZE)


def read_advance_payments(response: Response) -> Page[AdvancePayment]:
    """Amounts, probably in home currency. A customer without any may also be answered with 404."""
    if response.status == 404:
        return Page((), 0)
    return _page(read_json(response, CREDIT), AdvancePayment.model_validate, CREDIT)


# --- The account --------------------------------------------------------------------------------------------


def company_request() -> Request:
    return _get("settings/companydetails", COMPANY)


def read_company(response: Response) -> Company:
    body = read_json(response, COMPANY)
    if not isinstance(body, dict):
        raise _senseless(COMPANY)
    return Company.model_validate(body)


def currencies_request() -> Request:
    """The account's currencies with today's rates, which need not be those of any invoice."""
    return _get("currencies", "the list of currencies")


def read_currencies(response: Response) -> tuple[Currency, ...]:
    body = read_json(response, "the list of currencies")
    return _page(body, Currency.model_validate, "the list of currencies").rows


# --- Documents ----------------------------------------------------------------------------------------------


def document_request(address: str) -> Request:
    """The PDF behind a permalink, already checked to lead to the same host. The link is itself a secret."""
    return Request(
        "GET",
        address,
        "the invoice as PDF",
        headers={"Accept": "application/pdf"},
        deadline=_PDF_DEADLINE,
        most_bytes=_PDF_BYTES,
    )


def read_document(response: Response) -> bytes | None:
    """The PDF, or None when KashFlow has none, or answers with a web page instead."""
    if response.status in (404, 410):
        return None
    if not response.succeeded:
        raise_refusal(response, "the invoice as PDF")
    return response.body if response.body.startswith(b"%PDF-") else None


# --- What answers have in common ----------------------------------------------------------------------------


def size_in_link(link: str) -> int | None:
    """The page size that a next link carries: what the server really gives, whatever was asked for."""
    values = {name.lower(): value for name, value in parse_qs(urlsplit(link).query).items()}
    return read_whole(values.get("perpage", [""])[0]) or None


def _page(body: Any, read: Callable[[dict[str, Any]], Entry], purpose: str) -> Page[Entry]:
    """Read a list: usually an envelope with `MetaData` and `Data`, sometimes a bare array."""
    if isinstance(body, list):
        body = {"Data": body}  # it may be one page of several, so its length is no total
    rows = body.get("Data") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise _senseless(purpose)
    metadata = _metadata(body)
    link = read_text(metadata.get("NextPageUrl") or metadata.get("NextPageURL"))
    total = read_whole(metadata.get("TotalRecords"))
    return Page(tuple(read(row) for row in rows if isinstance(row, dict)), total, link)


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("MetaData") or body.get("Metadata") or body.get("metadata")
    return found if isinstance(found, dict) else {}


def _single(response: Response, model: type[Row], purpose: str) -> Row | None:
    if response.status == 404:
        return None
    body = read_json(response, purpose)
    if not isinstance(body, dict):
        raise _senseless(purpose)
    return model.model_validate(body)


def _senseless(purpose: str) -> TryAgainLater:
    return TryAgainLater(f"KashFlow's answer does not have the form of {purpose}.")
