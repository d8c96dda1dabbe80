"""From what KashFlow sends to what the rest of the product understands. Pure.

Classification is by amounts and dates; KashFlow's status is only a cross-check.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from arrears.connectors.kashflow import wire
from arrears.core.address import PostalLines, split_address
from arrears.core.debtor import Debtor, debtor_type_of, read_emails, read_phones
from arrears.core.invoice import Figures, Invoice, Status, outstanding_of

APP = "https://app.kashflow.com"

_STATUSES = {
    "unpaid": Status.UNPAID,
    "partpaid": Status.PART_PAID,
    "overdue": Status.OVERDUE,
    "overduepartpaid": Status.OVERDUE_PART_PAID,
    "paid": Status.PAID,
    "overpaid": Status.OVERPAID,
    "na": Status.NOTHING_DUE,
}
_OWED = {Status.UNPAID, Status.PART_PAID, Status.OVERDUE, Status.OVERDUE_PART_PAID}
_HALF_A_PENNY = Decimal("0.005")
_CONVERSION = Decimal("0.02")


def status_of(text: str) -> Status:
    """KashFlow's label, whichever of its spellings was used (`Overdue - Part Paid`, `OverduePartPaid`)."""
    return _STATUSES.get("".join(letter for letter in text.lower() if letter.isalnum()), Status.UNKNOWN)


def is_settled(row: wire.Invoice | wire.Listed) -> bool:
    """Whether nothing is left to look at: nothing is owed, and the label does not say otherwise.

    Works without knowing the currency, by the figures in home currency; whatever is in doubt is not settled.
    """
    if row.deleted:
        return True
    if row.due_amount is None or row.home_gross is None or row.paid is None:
        return False
    left_at_home = row.home_gross - row.paid
    overpaid = row.due_amount < 0 and left_at_home < 0 and row.home_gross >= 0
    nothing_left = abs(row.due_amount) < _HALF_A_PENNY and abs(left_at_home) <= _CONVERSION
    return (overpaid or nothing_left) and status_of(row.status) not in _OWED


def invoice_from(row: wire.Invoice, home_currency: str, complete: bool) -> Invoice:
    """One invoice. `complete` says that `row` is the detail and not a list row.

    List rows often lack their currency. That of the detail counts, and where even the detail lacks it, home
    currency does, provided that the total is the same at home.
    """
    figures = _figures(row, home_currency, complete)
    return Invoice(
        id=str(row.id or ""),
        number=row.number.strip(),
        customer_code=row.customer_code.strip(),
        customer_name=row.customer_name.strip(),
        issued=row.issued,
        due=row.due,
        figures=figures,
        outstanding=outstanding_of(figures),
        status=status_of(row.status),
        status_text=row.status.strip(),
        is_credit_note=_is_credit_note(row),
        deleted=row.deleted,
        archived=row.is_archived,
        chasing_on=row.chasing_on,
        reminders=_reminders(row),
        last_payment=_last_payment(row),
        customer_reference=row.customer_reference.strip(),
        lines=_lines_of(row.address) if row.address else None,
        document=row.permalink.strip(),
        url=f"{APP}/#invoices/{quote(row.number.strip(), safe='')}",
    )


def _figures(row: wire.Invoice, home_currency: str, complete: bool) -> Figures:
    currency = row.currency.code.strip().upper() if row.currency else ""
    if not currency and complete and row.home_gross in (None, row.gross):
        currency = home_currency
    return Figures(
        currency=currency,
        home_currency=home_currency,
        gross=row.gross,
        paid=_paid(row, currency == home_currency),
        due=row.due_amount,
        rate=row.currency.rate if row.currency else None,
        home_gross=row.home_gross,
        withheld=row.withheld,
    )


def _paid(row: wire.Invoice, at_home: bool) -> Decimal | None:
    """What has been paid, in home currency.

    The payment lines decide where there are any: a bounced cheque is a negative line. On foreign invoices
    the currency of the lines is not documented, so there KashFlow's own sum is used.
    """
    amounts = [payment.amount for payment in row.payments if payment.amount is not None]
    if at_home and amounts:
        return sum(amounts, Decimal(0))
    return row.paid


def _is_credit_note(row: wire.Invoice) -> bool:
    return "credit" in row.type.lower() or (row.gross is not None and row.gross < 0)


def _last_payment(row: wire.Invoice) -> date | None:
    """When money last came in. Credit notes set against the invoice and bounced payments are not money."""
    if not row.payments:
        return row.last_payment if row.paid else None
    dated = [
        (payment.day, payment.amount)
        for payment in row.payments
        if payment.day and payment.amount and not payment.is_credit_note
    ]
    received: list[tuple[date, Decimal]] = []
    for day, amount in sorted(dated, key=lambda line: (line[0], -line[1])):
        if amount > 0:
            received.append((day, amount))
            continue
        taken_back = next((line for line in reversed(received) if line[1] == -amount), None)
        if taken_back:
            received.remove(taken_back)
    return received[-1][0] if received else None


def _reminders(row: wire.Invoice) -> int | None:
    """How many reminder letters went out; one that was only written is none."""
    if row.reminder_letters is None:
        return None
    return sum(letter.is_sent for letter in row.reminder_letters)


def credit_in(row: wire.Invoice | wire.Listed) -> Decimal | None:
    """What the customer is owed by this row, in home currency: an open credit note or an overpayment."""
    if row.deleted or row.home_gross is None or row.paid is None:
        return None
    if row.due_amount is not None and row.due_amount >= 0:
        return None  # paid in full at another exchange rate than booked: a gain, and nobody's credit
    left = row.home_gross - row.paid
    return -left if left < -_CONVERSION else None


def _lines_of(address: wire.Address) -> PostalLines:
    lines = (address.line1, address.line2, address.line3, address.line4)
    return PostalLines(
        tuple(line.strip() for line in lines if line.strip()),
        address.postcode.strip(),
        address.country_code.strip(),
        address.country_name.strip(),
    )


# --- Debtors ------------------------------------------------------------------------------------------------


def debtor_from(
    customer: wire.Customer | None, row: wire.Invoice, home_country: str, credit: Decimal | None
) -> Debtor:
    """Who owes `row`. What the customer's record lacks comes from the invoice.

    `credit` is the customer's unallocated money in home currency, None when it is not known.
    """
    known = customer or wire.Customer()
    lines = _postal_lines(known, row)
    address = split_address(lines, home_country)
    contacts = _contacts(known)
    emails, unusable_emails = _emails(known, contacts)
    phones, unusable_phones = read_phones(_phones(known, contacts), address.country or home_country)
    name = known.name.strip() or row.customer_name.strip()
    vat_number = known.vat_number.strip() or row.vat_number.strip()
    company_number = _company_number(known)
    kind, reason = debtor_type_of(
        name,
        person=_person(contacts),
        title=contacts[0].title.strip() if contacts else "",
        vat_number=vat_number,
        company_number=company_number,
    )
    code = known.code.strip() or row.customer_code.strip()
    return Debtor(
        code=code,
        name=name,
        type=kind,
        type_reason=reason,
        lines=lines,
        address=address,
        emails=emails,
        phones=phones,
        unusable_emails=unusable_emails,
        unusable_phones=unusable_phones,
        contact_person=_person(contacts),
        vat_number=vat_number,
        company_number=company_number,
        unallocated_credit=credit,
        chasing_on=known.chasing_on,
        tags=_tags(known),
        url=f"{APP}/#customers/{quote(code, safe='')}" if code else "",
    )


def _postal_lines(customer: wire.Customer, row: wire.Invoice) -> PostalLines:
    """The customer's address as it is now; the invoice's copy may be older."""
    candidates = [*customer.addresses, *([row.address] if row.address else [])]
    for address in candidates:
        lines = _lines_of(address)
        if lines.lines or lines.postcode:
            return lines
    return _lines_of(candidates[0]) if candidates else PostalLines()


def _contacts(customer: wire.Customer) -> list[wire.Contact]:
    """The contacts, best first: the primary one, those who get the invoices, those with an email."""

    def rank(contact: wire.Contact) -> tuple[bool, bool, bool]:
        return (not contact.is_primary, not contact.receives_emails, not contact.email.strip())

    return sorted(customer.contacts, key=rank)


def _emails(customer: wire.Customer, contacts: list[wire.Contact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Usable and unusable addresses; one field can hold several."""
    read = [
        read_emails(text) for text in _distinct([*(contact.email for contact in contacts), customer.email])
    ]
    good = _distinct(address for usable, _ in read for address in usable)
    bad = _distinct(address for _, unusable in read for address in unusable)
    return tuple(good), tuple(bad)


def _phones(customer: wire.Customer, contacts: list[wire.Contact]) -> list[str]:
    numbers = [number for contact in contacts for number in (contact.telephone, contact.mobile)]
    return _distinct([*numbers, customer.telephone, customer.mobile])


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _tags(customer: wire.Customer) -> tuple[str, ...] | None:
    """What the customer is marked with: where it came from, and the names of its ticked boxes.

    KashFlow has no tags; these are what its users mark customers with.
    """
    if customer.check_boxes is None:
        return None
    ticked = (box.name for box in customer.check_boxes if box.ticked)
    return tuple(_distinct([customer.source_name, *ticked]))


def _person(contacts: list[wire.Contact]) -> str:
    if not contacts:
        return ""
    first = contacts[0]
    return " ".join(_distinct([first.first_name, first.last_name])) or first.name.strip()


def _company_number(customer: wire.Customer) -> str:
    """The registration number, kept among tax references; the others are personal and are left alone."""
    for reference in customer.references:
        label = reference.name.lower()
        if "company" in label and "reg" in label:
            return reference.value.strip()
    return ""
