"""Paged lists: which rows, in which order, and the links to the pages around."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode

from arrears.sandbox import render_customer, render_invoice, wire
from arrears.sandbox.call import Call, ok
from arrears.sandbox.http_server import Response
from arrears.sandbox.records import ZERO, Customer, Invoice
from arrears.sandbox.sessions import RefusedError

Row = TypeVar("Row")
COLUMNS = ("number", "customerref", "customername", "invoicedate", "paymentduedate", "grossamount")
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")


def invoices(call: Call) -> Response:
    """``GET /invoices``."""
    ledger, profile = call.world.ledger, call.world.profile
    found = _chosen(call)
    page, size = _page_and_size(call)
    rows = [render_invoice.row(invoice, profile, ledger.today) for invoice in _slice(call, found, page, size)]
    total = ledger.total_gross if found is ledger.by_number(_descending(call)) else lambda: _gross(found)
    head = _metadata(call, len(found), page, size, total())
    return Response(200, b'{"MetaData":' + head.encode() + b',"Data":[' + b",".join(rows) + b"]}")


def customers(call: Call) -> Response:
    """``GET /customers``."""
    ledger, profile = call.world.ledger, call.world.profile
    by_code = call.query.get("sortby", "").lower() in ("1", "code")
    needle = call.query.get("searchtext", "").lower()
    start = call.query.get("namestartswith", "").lower()
    found = [
        customer
        for customer in ledger.customers.values()
        if needle in f"{customer.code} {customer.name}".lower() and customer.name.lower().startswith(start)
    ]
    found.sort(key=lambda customer: customer.code if by_code else customer.name, reverse=_descending(call))
    page, size = _page_and_size(call)
    rows = wire.listed(
        render_customer.row(ledger, customer, profile) for customer in _slice(call, found, page, size)
    )
    return _envelope(call, len(found), page, size, rows)


def advance_payments(call: Call, customer: Customer) -> Response:
    """``GET /customers/{code}/advancepayments``: ten a page unless asked otherwise."""
    page, size = call.whole("page", 1), call.whole("perpage", 10)
    entries = customer.on_account[(page - 1) * size : page * size]
    rows = wire.listed(render_customer.on_account(entry, call.world.profile) for entry in entries)
    return _envelope(call, len(customer.on_account), page, size, rows)


def _envelope(call: Call, total: int, page: int, size: int, rows: str) -> Response:
    return ok(wire.joined({"MetaData": _metadata(call, total, page, size, ZERO), "Data": rows}))


def _chosen(call: Call) -> Sequence[Invoice]:
    """The invoices that the filters leave, in order."""
    ledger, query = call.world.ledger, call.query
    column = _column(query.get("sortby", "number"))
    descending = _descending(call)
    found = ledger.by_number(descending)
    if code := query.get("customercode", "").strip().upper():
        found = [invoice for invoice in found if invoice.customer.code.upper() == code]
    if needle := query.get("searchtext", "").lower():
        found = [invoice for invoice in found if needle in f"{invoice.number} {invoice.reference}".lower()]
    if query.get("issuedatefrom") or query.get("issuedateto"):
        first, last = _bound(call, "issuedatefrom", date.min), _bound(call, "issuedateto", date.max)
        found = [invoice for invoice in found if first <= invoice.issued <= last]
    if call.world.profile.status_filter == "honoured" and (wanted := query.get("statusfilter", "")):
        found = [invoice for invoice in found if _has_status(call, invoice, wanted)]
    return found if column == "number" else ledger.ordered(column, descending, found)


def _column(name: str) -> str:
    if name.isdecimal():
        return COLUMNS[int(name)] if int(name) < len(COLUMNS) else "number"
    return name.lower()


def _descending(call: Call) -> bool:
    return call.query.get("order", "asc").lower() == "desc"


def _bound(call: Call, name: str, default: date) -> date:
    text = call.query.get(name, "")
    if not text:
        return default
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise RefusedError(400, "InvalidRequest", f"The value '{text}' is not valid for {name}.")


def _has_status(call: Call, invoice: Invoice, wanted: str) -> bool:
    """The filter's names are the compact ones of the published description."""
    state = render_invoice.status(invoice, call.world.profile, call.world.ledger.today)
    name = "".join(letter for letter in state.lower() if letter.isalpha())
    if wanted.lower() == "notfullypaid":
        return invoice.owing
    return wanted.lower() in ("all", name)


def _page_and_size(call: Call) -> tuple[int, int]:
    profile = call.world.profile
    size = call.whole("perpage", profile.page_default)
    if size > profile.page_limit:
        if profile.over_limit == "refuse":
            raise RefusedError(400, "InvalidRequest", f"perpage cannot exceed {profile.page_limit}.")
        size = profile.page_limit
    return call.whole("page", 1), size


def _slice(call: Call, found: Sequence[Row], page: int, size: int) -> Sequence[Row]:
    start = (page - 1) * size
    if start >= len(found) and page > 1 and call.world.profile.past_the_end == "not-found":
        raise RefusedError(404, "NotFound", "There is no such page.")
    if call.struck_by("page-overlap") and start:
        start -= 1
    rows = found[start : start + size]
    return rows[1:] if call.struck_by("missing-row") else rows


def _metadata(call: Call, total: int, page: int, size: int, amount: Decimal) -> str:
    last = max(1, -(-total // size))
    following = page + 1 if page < last else None
    if call.struck_by("next-link-loop"):
        following = page
    link = wire.text(_link(call, following, size))
    if call.struck_by("next-link-elsewhere"):
        link = wire.text(
            f"https://elsewhere.example/v2{call.request.path[3:]}?page={page + 1}&perpage={size}"
        )
    return wire.joined(
        {
            "TotalRecords": str(total),
            "FirstPageUrl": wire.text(_link(call, 1, size)),
            "LastPageUrl": wire.text(_link(call, last, size)),
            "PreviousPageUrl": wire.text(_link(call, page - 1 if page > 1 else None, size)),
            call.world.profile.next_link_key: link,
            "TotalAmount": wire.amount(amount),
            "InvoiceLimitReached": wire.FALSE,
        }
    )


def _link(call: Call, page: int | None, size: int) -> str | None:
    if page is None:
        return None
    kept = {name: value for name, value in call.query.items() if name not in ("page", "perpage")}
    below = f"{call.request.path[4:]}?{urlencode({'page': page, 'perpage': size, **kept})}"
    match call.world.profile.next_link:
        case "relative":
            return below
        case "relative-v2":
            return f"/v2/{below}"
        case _:
            return f"http://{call.request.headers.get('host', 'localhost')}/v2/{below}"


def _gross(found: Sequence[Invoice]) -> Decimal:
    return sum((invoice.in_home(invoice.gross) for invoice in found), ZERO)
