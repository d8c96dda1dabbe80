"""Is the invoice owed, due and stated without contradiction? The findings about one invoice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from arrears.core.finding import Finding, Known, Severity
from arrears.core.invoice import Invoice, Position, Status, position_of, status_agrees
from arrears.core.money import Money, is_currency
from arrears.core.wording import date_text, money_text

#: Positions in which money is certainly owed on the invoice.
_OWED = frozenset({Position.OVERDUE, Position.NOT_DUE, Position.DUE_DATE_UNKNOWN})

_TOLERANCE = Decimal("0.02")


def check_invoice(invoice: Invoice, known: Known, today: date) -> Iterator[Finding]:
    """All findings about one invoice on `today`."""
    position = position_of(invoice, today)
    yield from _identity(invoice)
    yield from _settled(invoice, position)
    yield from _amount(invoice)
    yield from _dates(invoice, position, today)
    if position in _OWED:
        yield from _control(invoice, known)
    yield from _notes(invoice, position, known, today)


def _blocks(code: str, field: str, message: str, fix: str, invoice: Invoice) -> Finding:
    return Finding(code, Severity.BLOCKS, field, message, fix, invoice.url)


def _identity(invoice: Invoice) -> Iterator[Finding]:
    """What keeps an invoice from being submitted twice is its id: numbers can change."""
    if not invoice.id:
        message = f"KashFlow sent invoice {invoice.number} without the id that tells it from all others."
        fix = "Fetch the invoices again. If it stays like this, KashFlow has changed: update Arrears."
        yield _blocks("invoice_id_missing", "invoice.id", message, fix, invoice)


def _settled(invoice: Invoice, position: Position) -> Iterator[Finding]:
    """There is nothing to collect: deleted, a credit note, paid or overpaid."""
    name, field = f"Invoice {invoice.number}", "invoice.outstanding"
    money = invoice.outstanding.money
    if position is Position.DELETED:
        fix = "Leave it out, or restore the invoice in KashFlow if it was deleted by mistake."
        yield _blocks("deleted", "invoice.deleted", f"{name} has been deleted in KashFlow.", fix, invoice)
    elif position is Position.CREDIT_NOTE:
        fix = "In KashFlow, set the credit note against the invoice that it belongs to."
        yield _blocks("credit_note", field, f"{name} is a credit note: you owe it, not they.", fix, invoice)
    elif position is Position.PAID:
        fix = "Nothing needs doing. If a payment was entered by mistake, remove it in KashFlow."
        yield _blocks("paid", field, f"{name} has nothing left to pay.", fix, invoice)
    elif position is Position.OVERPAID and money is not None:
        fix = "In KashFlow, refund the difference or set it against another invoice."
        over = money_text(Money(-money.amount, money.currency))
        yield _blocks("overpaid", field, f"{name} has been overpaid by {over}.", fix, invoice)


def _amount(invoice: Invoice) -> Iterator[Finding]:
    """The currency is real, and the figures lead to one amount."""
    name, figures = f"Invoice {invoice.number}", invoice.figures
    if not figures.currency:
        fix = "Open the invoice in KashFlow and choose its currency."
        yield _blocks("currency_unknown", "invoice.currency", f"{name} has no currency.", fix, invoice)
        return
    if not is_currency(figures.currency):
        message = f"{name} is in “{figures.currency}”, which is not the code of a currency in use."
        fix = "Correct the currency's code in KashFlow, under Settings, Currencies."
        yield _blocks("currency_invalid", "invoice.currency", message, fix, invoice)
    if invoice.outstanding.money is None:
        message = f"{name}: {invoice.outstanding.problem}"
        rate = "" if figures.currency == figures.home_currency else ", and its exchange rate"
        fix = f"Open the invoice in KashFlow and check its total and its payments{rate}."
        yield _blocks(_amount_code(invoice), "invoice.outstanding", message, fix, invoice)


def _amount_code(invoice: Invoice) -> str:
    figures = invoice.figures
    if figures.gross is None or figures.paid is None or figures.due is None:
        return "amount_unknown"
    foreign = figures.currency != figures.home_currency
    if foreign and (figures.rate is None or figures.rate <= 0):
        return "exchange_rate_missing"
    return "amounts_disagree"


def _dates(invoice: Invoice, position: Position, today: date) -> Iterator[Finding]:
    name, issued, due = f"Invoice {invoice.number}", invoice.issued, invoice.due
    date_fix = "Open the invoice in KashFlow and correct its dates."
    if issued is None:
        message = f"{name} has no invoice date."
        yield _blocks("invoice_date_missing", "invoice.issued", message, date_fix, invoice)
    elif issued > today:
        message = f"{name} is dated {date_text(issued)}, which is still to come."
        yield _blocks("invoice_date_in_future", "invoice.issued", message, date_fix, invoice)
    if due is None:
        message = f"{name} has no due date, so it cannot be told whether it is overdue."
        yield _blocks("due_date_missing", "invoice.due", message, date_fix, invoice)
        return
    if issued is not None and due < issued:
        message = f"{name} was due on {date_text(due)}, before its own date, {date_text(issued)}."
        yield _blocks("due_before_invoice", "invoice.due", message, date_fix, invoice)
    if due >= today and position in (Position.NOT_DUE, Position.AMOUNT_UNKNOWN):
        when = "today" if due == today else f"on {date_text(due)}"
        message = f"{name} is due {when}, so it is not overdue yet."
        fix = "Wait until it is overdue. If the date is wrong, correct it in KashFlow."
        yield _blocks("not_overdue_yet", "invoice.due", message, fix, invoice)


def _control(invoice: Invoice, known: Known) -> Iterator[Finding]:
    """KashFlow's own unpaid report says the same as the invoice."""
    name, field, money = f"Invoice {invoice.number}", "invoice.outstanding", invoice.outstanding.money
    if money is None:
        return
    if known.control_owed is None:
        yield Finding(
            "control_unavailable",
            Severity.WARNS,
            field,
            f"{name} could not be compared with KashFlow's own report of unpaid invoices.",
            "Fetch the invoices again later, or compare the amount with that report yourself.",
            invoice.url,
        )
        return
    fix = "Look the invoice up in KashFlow's report of unpaid invoices, then fetch the invoices again."
    reported = known.control_owed.get(invoice.number)
    if reported is None:
        message = f"{name} has {money_text(money)} outstanding but is not in KashFlow's unpaid report."
        yield _blocks("control_differs", field, message, fix, invoice)
    elif not _fits(invoice, money.amount, reported):
        message = (
            f"{name} has {money_text(money)} outstanding, but KashFlow's unpaid report says {reported:,.2f}, "
            "which fits neither in the invoice's currency nor in your own."
        )
        yield _blocks("control_differs", field, message, fix, invoice)


def _fits(invoice: Invoice, owed: Decimal, reported: Decimal) -> bool:
    """The report does not name its currency: the invoice's own and the company's are both accepted."""
    if abs(reported - owed) <= _TOLERANCE:
        return True
    rate = invoice.figures.rate
    if rate is None or rate <= 0 or invoice.currency == invoice.figures.home_currency:
        return False
    return abs(reported - owed / rate) <= _TOLERANCE * max(Decimal(1), 1 / rate)


def _notes(invoice: Invoice, position: Position, known: Known, today: date) -> Iterator[Finding]:
    """What does not stand in the way but should be known."""
    name = f"Invoice {invoice.number}"
    if invoice.status is not Status.UNKNOWN and not status_agrees(invoice, today):
        yield Finding(
            "status_disagrees",
            Severity.INFORMS,
            "invoice.status",
            f"{name} is called “{invoice.status_text or invoice.status}” in KashFlow, "
            f"but by its amounts and dates it is {position}. The amounts and dates decide.",
            "Check the invoice in KashFlow if that surprises you.",
            invoice.url,
        )
    reference = known.submitted.get(invoice.id)
    if reference:
        yield Finding(
            "already_submitted",
            Severity.INFORMS,
            "invoice.number",
            f"{name} has already been submitted, as {reference}. It will not be submitted twice.",
            "",
            invoice.url,
        )
    if invoice.archived:
        yield Finding(
            "archived",
            Severity.INFORMS,
            "invoice.archived",
            f"{name} is archived in KashFlow. That changes nothing about what is owed.",
            "",
            invoice.url,
        )
