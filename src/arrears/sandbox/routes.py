"""Which path and method leads where. Everything needs a session except login and documents."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from urllib.parse import unquote

from arrears.sandbox import listing, pdf, render_customer, render_invoice, render_report, routes_login, wire
from arrears.sandbox.call import Call, decimal, ok
from arrears.sandbox.http_server import Response
from arrears.sandbox.ledger import NotThereError
from arrears.sandbox.records import Note
from arrears.sandbox.sessions import Account, RefusedError

Handler = Callable[..., Response]
PUBLIC = ("sessiontoken", "documents")
NEEDS_INVOICE_PERMISSION = ("invoices", "reports", "internal")


def answer(call: Call) -> Response:
    """The answer to a call below /v2. RefusedError for every documented error."""
    parts = [unquote(part) for part in call.request.path.split("/")[2:] if part]
    handler, arguments = _find(call.request.method, parts)
    if parts[0].lower() not in PUBLIC:
        _authorise(call, parts[0].lower())
    try:
        return handler(call, *arguments)
    except NotThereError as missing:
        raise RefusedError(404, "NotFound", str(missing)) from None


def _find(method: str, parts: list[str]) -> tuple[Handler, list[str]]:
    allowed = False
    for pattern, handlers in ROUTES.items():
        wanted = pattern.split("/")
        if len(wanted) == len(parts) and all(
            name == "{}" or name == part.lower() for name, part in zip(wanted, parts, strict=True)
        ):
            if method in handlers:
                arguments = [part for name, part in zip(wanted, parts, strict=True) if name == "{}"]
                return handlers[method], arguments
            allowed = True
    if allowed:
        raise RefusedError(405, "MethodNotAllowed", f"The resource does not support {method}.")
    raise RefusedError(404, "NotFound", "No resource was found that matches the request.")


def _authorise(call: Call, area: str) -> None:
    scheme, _, token = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "kftoken":
        raise RefusedError(401, "InvalidSessionToken", "The session token is missing.")
    call.world.sessions.check(token.strip())
    blocked = (
        call.world.sessions.account is Account.NO_INVOICE_PERMISSION and area in NEEDS_INVOICE_PERMISSION
    )
    if blocked or call.struck_by("permission"):
        raise RefusedError(401, "Unauthorized", "user role does not allow this")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise NotThereError(f"'{text}' is not an invoice number.")
    return int(text)


def invoice(call: Call, number: str) -> Response:
    """``GET /invoices/{number}``."""
    ledger = call.world.ledger
    return ok(render_invoice.detail(ledger, ledger.invoice(_number(number)), call.world.profile))


def top_due(call: Call) -> Response:
    """``GET /invoices/topdue``."""
    customer = call.world.ledger.customer(call.query.get("customercode", ""))
    return ok(render_report.top_due(call.world.ledger.of_customer(customer)))


def notes(call: Call, number: str) -> Response:
    """``GET /invoices/{number}/notes``: a bare array."""
    ledger = call.world.ledger
    found = ledger.notes(ledger.invoice(_number(number)), call.world.clock.seconds())
    return ok(wire.listed(_note(call, note) for note in found))


def add_note(call: Call, number: str) -> Response:
    """``POST /invoices/{number}/notes``."""
    content = call.body().get("text")
    if not isinstance(content, str) or not content.strip():
        raise RefusedError(400, "InvalidRequest", "Text is required.")
    visible = call.world.clock.seconds() + _lag(call)
    note = call.world.ledger.add_note(_number(number), content, "Harriet Lumb", visible)
    response = ok(_note(call, note), 201)
    response.headers.append(("Location", f"/v2/invoices/{number}/notes/{note.number}"))
    return response


def _note(call: Call, note: Note) -> str:
    return render_report.note(
        note.number, note.text, wire.day(note.day, call.world.profile.date_offset), note.author
    )


def _lag(call: Call) -> float:
    return call.fault.number("seconds", 5) if call.fault and call.fault.name == "read-lag" else 0.0


def pay_in_bulk(call: Call) -> Response:
    """``POST /invoices/bulk/payments``: all items or, when one is wrong, none."""
    body = call.body()
    entries = body.get("paymentitems")
    if not isinstance(entries, list) or not entries:
        raise RefusedError(400, "InvalidRequest", "PaymentItems is required.")
    try:
        day = date.fromisoformat(str(body.get("date"))[:10])
    except ValueError:
        raise RefusedError(400, "InvalidRequest", "Date is not valid.") from None
    items = [_payment_item(call, entry) for entry in entries]
    ledger = call.world.ledger
    for number, amount in items:
        ledger.later(call.world.clock.seconds() + _lag(call), partial(ledger.pay, number, amount, day))
    ledger.catch_up(call.world.clock.seconds())
    return ok(wire.dump({"BulkPaymentNumber": len(items)}), 201)


def _payment_item(call: Call, entry: object) -> tuple[int, Decimal]:
    item = {str(key).lower(): value for key, value in entry.items()} if isinstance(entry, dict) else {}
    number = item.get("objectnumber")
    if not isinstance(number, int) or number not in call.world.ledger.invoices:
        raise RefusedError(400, "InvalidRequest", f"There is no invoice {number}.")
    return number, decimal(item.get("amount"), "Amount")


def open_credits(call: Call, key: str) -> Response:
    """``GET /internal/invoices/{id}/credits``: by Id, not by Number."""
    ledger = call.world.ledger
    for candidate in ledger.invoices.values():
        if candidate.id == _number(key):
            return ok(render_report.open_credits(ledger, candidate))
    raise NotThereError(f"There is no invoice with Id {key}.")


def customer(call: Call, code: str) -> Response:
    """``GET /customers/{code}``."""
    ledger = call.world.ledger
    return ok(render_customer.detail(ledger, ledger.customer(code), call.world.profile))


def search_customers(call: Call) -> Response:
    """``GET /customers/search``: key and value pairs."""
    needle, by = call.query.get("searchtext", "").lower(), call.query.get("searchby", "name").lower()
    found = []
    for entry in call.world.ledger.customers.values():
        emails = " ".join(contact.email or "" for contact in entry.contacts)
        text = {"code": entry.code, "email": emails}.get(by, entry.name)
        if needle in text.lower():
            found.append({"key": entry.id, "value": text})
    return ok(wire.dump(found))


def advance_payments(call: Call, code: str) -> Response:
    """``GET /customers/{code}/advancepayments``."""
    return listing.advance_payments(call, call.world.ledger.customer(code))


def document(call: Call, guid: str) -> Response:
    """``GET /documents/invoice/{guid}``: the link itself is the permission."""
    ledger = call.world.ledger
    found = ledger.document(guid)
    if found.gone:
        raise NotThereError("The document was not found.")
    return Response(200, pdf.invoice_pdf(found, ledger.company.name), "application/pdf")


def _report(overdue_only: bool) -> Handler:
    def handler(call: Call) -> Response:
        ledger, profile = call.world.ledger, call.world.profile
        name = "overdue report" if overdue_only else "unpaid report"
        return ok(ledger.derived(name, lambda: render_report.owed_report(ledger, profile, overdue_only)))

    return handler


ROUTES: dict[str, dict[str, Handler]] = {
    "sessiontoken": {"POST": routes_login.begin, "PUT": routes_login.complete, "GET": routes_login.exchange},
    "sessiontoken/{}": {"DELETE": routes_login.end},
    "invoices": {"GET": listing.invoices},
    "invoices/topdue": {"GET": top_due},
    "invoices/bulk/payments": {"POST": pay_in_bulk},
    "invoices/{}": {"GET": invoice},
    "invoices/{}/notes": {"GET": notes, "POST": add_note},
    "internal/invoices/{}/credits": {"GET": open_credits},
    "customers": {"GET": listing.customers},
    "customers/search": {"GET": search_customers},
    "customers/{}": {"GET": customer},
    "customers/{}/advancepayments": {"GET": advance_payments},
    "documents/invoice/{}": {"GET": document},
    "reports/sales/unpaid-invoices": {"GET": _report(overdue_only=False)},
    "reports/sales/overdue-invoices": {"GET": _report(overdue_only=True)},
    "settings/companydetails": {"GET": lambda call: ok(render_report.company(call.world.ledger))},
    "currencies": {"GET": lambda _: ok(render_report.currencies())},
    "countries": {"GET": lambda _: ok(render_report.countries())},
    "paymentstatuses": {"GET": lambda call: ok(render_report.payment_statuses(call.world.profile))},
}
