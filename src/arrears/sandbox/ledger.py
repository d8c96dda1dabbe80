"""The books while the stand-in runs: look-ups, and what a bookkeeper or a test changes."""

import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar, cast

from arrears.sandbox.edits import apply_to_customer, apply_to_invoice
from arrears.sandbox.generator import Books
from arrears.sandbox.records import ZERO, Customer, Invoice, Note, OnAccount, Payment

Derived = TypeVar("Derived")


class NotThereError(LookupError):
    """No such invoice or customer in the books; the text says which."""


class Ledger:
    """Invoices by number, customers by code. ``version`` rises with every change."""

    def __init__(self, books: Books, today: date) -> None:
        self.company = books.company
        self.keeper = books.keeper
        self.today = today
        self.version = 0
        self.customers = {customer.code.upper(): customer for customer in books.customers}
        self.invoices = {invoice.number: invoice for invoice in books.invoices}
        self.gone: list[Invoice] = []
        self._notes: dict[int, list[Note]] = {}
        self._sorted: dict[bool, list[Invoice]] = {}
        self._documents: dict[str, Invoice] | None = None
        self._pending: list[tuple[float, Callable[[], object]]] = []
        self._derived: tuple[int, dict[str, object]] = (0, {})

    def turn_to(self, today: date) -> None:
        """Another calendar day: days overdue and states change everywhere."""
        if today != self.today:
            self.today = self.keeper.today = today
            self.forget_rows()

    def forget_rows(self) -> None:
        """Drop every rendered row."""
        for invoice in self.invoices.values():
            invoice.row = None
        self.version += 1

    # Look-ups

    def invoice(self, number: int) -> Invoice:
        """The invoice with that number; NotThereError when there is none."""
        try:
            return self.invoices[number]
        except KeyError:
            raise NotThereError(f"Invoice {number} was not found.") from None

    def customer(self, code: str) -> Customer:
        """The customer with that code, padding and case ignored; NotThereError when there is none."""
        try:
            return self.customers[code.strip().upper()]
        except KeyError:
            raise NotThereError(f"Customer {code.strip()} was not found.") from None

    def by_number(self, descending: bool = False) -> list[Invoice]:
        """All listed invoices in order of number."""
        if descending not in self._sorted:
            found = sorted(self.invoices.values(), key=lambda invoice: invoice.number, reverse=descending)
            self._sorted[descending] = found
        return self._sorted[descending]

    def derived(self, name: str, make: Callable[[], Derived]) -> Derived:
        """Something worked out from the whole books, kept under that name until the next change."""
        if self._derived[0] != self.version:
            self._derived = (self.version, {})
        kept = self._derived[1]
        if name not in kept:
            kept[name] = make()
        return cast("Derived", kept[name])

    def total_gross(self) -> Decimal:
        """The gross of everything listed, in home currency."""
        return self.derived(
            "gross", lambda: sum((entry.in_home(entry.gross) for entry in self.invoices.values()), ZERO)
        )

    def neighbours(self, number: int) -> tuple[int, int]:
        """The numbers before and after, 0 where the list ends."""
        found = self.by_number()
        place = bisect_left(found, number, key=lambda invoice: invoice.number)
        before = found[place - 1].number if place else 0
        return before, found[place + 1].number if place + 1 < len(found) else 0

    def ordered(self, column: str, descending: bool, chosen: Iterable[Invoice]) -> list[Invoice]:
        """Sorted by a column that is not unique: ties fall differently on every call, as they do there."""
        luck = Random()
        found = sorted(((_sort_value(invoice, column), luck.random(), invoice) for invoice in chosen),
                       key=lambda entry: entry[:2], reverse=descending)  # fmt: skip
        return [invoice for _, _, invoice in found]

    def of_customer(self, customer: Customer) -> list[Invoice]:
        """The customer's invoices in order of number."""
        return self.derived("customers", self._by_customer).get(customer.code, [])

    def balance(self, customer: Customer) -> Decimal:
        """What the customer owes in home currency."""
        return self.derived("balances", self._balances).get(customer.code, ZERO)

    def guid(self, invoice: Invoice) -> str:
        """The unguessable-looking part of the invoice's permalink; it survives edits and renumbering."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.company.id}/{invoice.id}"))

    def document(self, guid: str) -> Invoice:
        """The invoice behind a permalink; NotThereError when there is none."""
        if self._documents is None:
            self._documents = {self.guid(invoice): invoice for invoice in self.invoices.values()}
        try:
            return self._documents[guid.lower()]
        except KeyError:
            raise NotThereError("The document was not found.") from None

    def notes(self, invoice: Invoice, seconds: float) -> list[Note]:
        """The invoice's notes that a reader sees at that clock second."""
        return [note for note in self._notes.get(invoice.id, []) if note.seen_from <= seconds]

    # Changes

    def pay(self, number: int, home: Decimal | None = None, day: date | None = None) -> Payment:
        """Add a payment line of that home amount, or of all that is owed."""
        invoice = self.invoice(number)
        line = self.keeper.pay(invoice, home=home, on=day or self.today)
        self._changed(invoice)
        return line

    def later(self, second: float, change: Callable[[], object]) -> None:
        """Put a change off until that clock second."""
        self._pending.append((second, change))

    def catch_up(self, seconds: float) -> None:
        """Carry out what was put off until now."""
        if self._pending:
            due = [change for second, change in self._pending if second <= seconds]
            self._pending = [entry for entry in self._pending if entry[0] > seconds]
            for change in due:
                change()

    def add_note(self, number: int, text: str, author: str, seen_from: float = 0.0) -> Note:
        """Add a note; it has no key of its own, so sending it twice makes two."""
        notes = self._notes.setdefault(self.invoice(number).id, [])
        note = Note(len(notes) + 1, text, self.today, author, seen_from)
        notes.append(note)
        return note

    def edit_invoice(self, number: int, changes: dict[str, object]) -> None:
        """Change fields (see edits.py); ValueError names a field that does not exist."""
        invoice = self.invoice(number)
        code = changes.pop("customer", None)
        if code is not None:
            invoice.customer = self.customer(str(code))
        apply_to_invoice(invoice, changes)
        self._changed(invoice)

    def edit_customer(self, code: str, changes: dict[str, object]) -> None:
        """Change fields (see edits.py); ValueError names a field that does not exist."""
        customer = self.customer(code)
        apply_to_customer(customer, changes)
        for invoice in self.invoices.values():
            if invoice.customer is customer:
                invoice.row = None
        self.version += 1

    def set_on_account(self, code: str, amounts: list[Decimal]) -> None:
        """Replace the customer's unallocated money."""
        entries = [OnAccount(900 + place, amount, self.today) for place, amount in enumerate(amounts)]
        self.customer(code).on_account = entries
        self.version += 1

    def delete(self, number: int, voided: bool = False) -> None:
        """Take the invoice away, or leave it in the list with DeletedAt when ``voided``."""
        invoice = self.invoice(number)
        if voided:
            invoice.voided_on = self.today
        else:
            invoice.gone = True
            self.gone.append(self.invoices.pop(number))
        self._changed(invoice, membership=True)

    def renumber(self, number: int, new: int) -> None:
        """The same invoice under another number; ValueError when that is taken."""
        if new in self.invoices:
            raise ValueError(f"Number {new} is taken.")
        invoice = self.invoice(number)
        del self.invoices[number]
        invoice.number = new
        self.invoices[new] = invoice
        self._changed(invoice, membership=True)

    def insert(self, like: int | None, number: int | None, changes: dict[str, object]) -> Invoice:
        """A new unpaid invoice: a copy of ``like`` (or of the first one owed) with the given changes.

        ``number`` defaults to the next free one. ValueError when it is taken.
        """
        number = number or max(self.invoices) + 1
        if number in self.invoices:
            raise ValueError(f"Number {number} is taken.")
        owed = (entry for entry in self.by_number() if entry.owing and not entry.wire)
        model = self.invoice(like) if like else next(owed)
        newest = max(invoice.id for invoice in [*self.invoices.values(), *self.gone])
        fresh = replace(model, id=newest + 1, number=number, payments=[], wire=None, tags=(), row=None)
        self.invoices[number] = fresh
        self._changed(fresh, membership=True)
        self._documents = None
        self.edit_invoice(number, changes)
        return fresh

    def _by_customer(self) -> dict[str, list[Invoice]]:
        index: dict[str, list[Invoice]] = {}
        for invoice in self.by_number():
            index.setdefault(invoice.customer.code, []).append(invoice)
        return index

    def _balances(self) -> dict[str, Decimal]:
        balances: dict[str, Decimal] = {}
        for invoice in self.invoices.values():
            if invoice.owing:
                code = invoice.customer.code
                owed = invoice.in_home(invoice.outstanding)
                balances[code] = balances.get(code, ZERO) + owed
        return balances

    def _changed(self, invoice: Invoice, membership: bool = False) -> None:
        invoice.row = None
        self.version += 1
        if membership:
            self._sorted.clear()


def _sort_value(invoice: Invoice, column: str) -> str | Decimal | int:
    match column:
        case "customerref":
            return invoice.reference or ""
        case "customername":
            return invoice.customer.name
        case "invoicedate":
            return invoice.issued.toordinal()
        case "paymentduedate":
            return (invoice.due or invoice.issued).toordinal()
        case "grossamount":
            return invoice.gross
        case _:
            return invoice.number
