"""Exactly what leaves: each field as KashFlow has it, beside what the collector would be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from arrears.core.debtor import Debtor, DebtorType
from arrears.core.handover import description_of
from arrears.core.invoice import Figures, Invoice
from arrears.core.money import Money
from arrears.core.submission import reference_of
from arrears.web.formats import country, day, money
from arrears.web.preview_row import Line


class Mark(StrEnum):
    """How what is sent differs from what KashFlow has. Empty when it does not."""

    SAME = ""
    CHANGED = "Changed"
    ADDED = "Added"
    NOT_SENT = "Not sent"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as KashFlow has it and as it would be sent, in lines. `note` says how it came about."""

    label: str
    books: tuple[str, ...]
    sent: tuple[str, ...]
    note: str = ""

    @property
    def mark(self) -> Mark:
        if not self.sent:
            return Mark.NOT_SENT if self.books else Mark.SAME
        if not self.books:
            return Mark.ADDED
        return Mark.SAME if self.books == self.sent else Mark.CHANGED


#: What no collector is ever sent.
NEVER_SENT = (
    "notes and history in KashFlow",
    "the customer’s other invoices",
    "the customer’s VAT number",
    "your bank details",
    "your KashFlow login",
)


def fields_of(line: Line, source: str, *, elsewhere: bool, test: bool) -> tuple[Field, ...]:
    """Every field of a row, in the order in which people read a letter.

    `source` names the books. A collector `elsewhere` takes one email address and one telephone number.
    """
    invoice, debtor = line.invoice, line.debtor
    pdf = f"Invoice {invoice.number}.pdf"
    reference = reference_of(source, line.row.claim.account, [invoice.id], test=test)
    return (
        *_who(debtor, invoice),
        *_address(debtor),
        *_contact(debtor, most=1 if elsewhere else None),
        *_invoice(invoice),
        _amount(invoice, line.outstanding),
        Field("Document", (pdf,), (pdf,), "As it is, with all that is printed on it."),
        Field("Description", (), (description_of((invoice,)),)),
        Field("Our reference", (), (reference,), "Made from the invoice’s id in KashFlow."),
    )


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _who(debtor: Debtor, invoice: Invoice) -> Iterator[Field]:
    yield Field("Name", _given(invoice.customer_name or debtor.name), _given(debtor.name))
    kind = "Private person" if debtor.type is DebtorType.PRIVATE else "Company"
    yield Field("Company or person", (), (kind,), debtor.type_reason)
    if debtor.contact_person:
        yield Field("Contact person", (debtor.contact_person,), (debtor.contact_person,))
    if debtor.company_number:
        yield Field("Company number", (debtor.company_number,), (debtor.company_number,))


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def _words(text: str) -> str:
    return f" {_BETWEEN_WORDS.sub(' ', text).strip().casefold()} "


def _address(debtor: Debtor) -> Iterator[Field]:
    """Each part that is sent, beside the typed lines that it was found in; then the lines left over."""
    typed, address = debtor.lines, debtor.address
    rest = [line for line in typed.lines if line.strip()]
    words = {line: _words(line) for line in rest}
    used: set[str] = set()
    parts = (("Street", address.street), ("Town", address.city), ("State or county", address.state))
    for label, value in parts:
        found = [line for line in rest if value and _shares(words[line], _words(value))]
        used.update(found)
        if value or label != "State or county":
            yield Field(label, tuple(found), _given(value))
    sent = _words(address.zip)
    by_hand = [line for line in rest if address.zip and sent in words[line]]
    used.update(by_hand)
    yield Field("Postcode", _given(typed.postcode) or tuple(by_hand), _given(address.zip))
    name = country(address.country) if address.country else ""
    used.update(
        line for line in rest if address.country and words[line] in (_words(name), _words(address.country))
    )
    yield Field("Country", _given(typed.country_name or typed.country_code), _given(name))
    left = tuple(line for line in rest if line not in used)
    if left:
        yield Field("Other address lines", left, ())


def _shares(line: str, value: str) -> bool:
    """Whether a typed line holds the value, or is a part of it."""
    return value in line or line in value


def _contact(debtor: Debtor, most: int | None) -> Iterator[Field]:
    note = "It takes only one." if most else ""
    for label, good, unusable in (
        ("Email", debtor.emails, debtor.unusable_emails),
        ("Telephone", debtor.phones, debtor.unusable_phones),
    ):
        sent = good[:most]
        yield Field(label, (*good, *unusable), sent, note if len(sent) < len(good) else "")


def _invoice(invoice: Invoice) -> Iterator[Field]:
    yield Field("Invoice", (invoice.number,), (invoice.number,))
    for label, value in (("Issued", invoice.issued), ("Due", invoice.due)):
        text = _given(day(value) if value else "")
        yield Field(label, text, text)


def _amount(invoice: Invoice, left: Money | None) -> Field:
    reading = invoice.outstanding.reading
    note = f"{reading[0].upper()}{reading[1:]}." if reading else invoice.outstanding.problem
    return Field("Amount", _figures(invoice.figures), _given(money(left) if left else ""), note)


def _figures(figures: Figures) -> tuple[str, ...]:
    """The total, and what was paid of it where anything was: payments are kept in the company's currency."""
    if figures.gross is None or not figures.currency:
        return ()
    total = money(Money(figures.gross, figures.currency))
    if not figures.paid or not figures.home_currency:
        return (total,)
    return (total, f"of which paid {money(Money(figures.paid, figures.home_currency))}")
