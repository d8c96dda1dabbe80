"""Draws up invoices and payment lines: ids, VAT and home amounts that agree with each other."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from arrears.sandbox.places import CURRENCIES
from arrears.sandbox.records import HOME, Address, Customer, Invoice, Payment, rounded

TWENTY_PERCENT = Decimal("0.2")
NO_VAT = Decimal("0.00")


class Bookkeeper:
    """Makes records with fresh ids. Amounts given are in the invoice's currency unless named home."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self.today = today
        self._next_id = 880_000
        self._next_payment = 40_000
        self._next_customer = 21_000

    def days_ago(self, days: int) -> date:
        """The calendar day that many days before the books' today."""
        return self.today - timedelta(days=days)

    def customer(self, code: str, name: str, address: Address, **fields: object) -> Customer:
        """A customer with a fresh id and statement key."""
        self._next_customer += 1
        customer = Customer(self._next_customer, code, name, address, contacts=[])
        for field, value in fields.items():
            setattr(customer, field, value)
        customer.shown_code = customer.shown_code or code
        customer.key = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        return customer

    def invoice(
        self,
        customer: Customer,
        issued_days_ago: int,
        gross: Decimal | str,
        *,
        due_after: int | None = 30,
        currency: str | None = None,
        rate: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> Invoice:
        """An unpaid invoice, numbered later. UK customers are charged 20 % VAT, others none."""
        self._next_id += 1 + self._next_id % 3
        currency = currency or customer.currency
        total = rounded(Decimal(gross), currency)
        domestic = currency == HOME and customer.address.country_code in ("GB", "UK")
        vat = total - rounded(total / (1 + TWENTY_PERCENT), currency) if domestic else NO_VAT
        issued = self.days_ago(issued_days_ago)
        return Invoice(
            id=self._next_id,
            number=0,
            customer=customer,
            issued=issued,
            due=None if due_after is None else issued + timedelta(days=due_after),
            currency=currency,
            rate=Decimal(rate) if rate else self._rate(currency),
            net=total - vat,
            vat=vat,
            tags=tags,
        )

    def pay(
        self,
        invoice: Invoice,
        amount: Decimal | str | None = None,
        *,
        on: date | None = None,
        home: Decimal | str | None = None,
        reference: str | None = None,
        credit_note: bool = False,
    ) -> Payment:
        """Add a payment line: by ``amount`` or ``home`` amount, or everything still owed."""
        if home is not None:
            home = Decimal(home)
            paid = home if invoice.currency == HOME else rounded(home * invoice.rate, invoice.currency)
        else:
            paid = invoice.outstanding if amount is None else Decimal(amount)
            home = paid if invoice.currency == HOME else invoice.in_home(paid)
        self._next_payment += 1
        day = on or self.today
        line = Payment(self._next_payment, day, paid, home, reference=reference, credit_note=credit_note)
        invoice.payments.append(line)
        return line

    def _rate(self, currency: str) -> Decimal:
        usual = Decimal(CURRENCIES[currency][2])
        if currency == HOME:
            return usual
        drift = Decimal(self.rng.randint(-400, 400)) / Decimal(10_000)
        return (usual * (1 + drift)).quantize(Decimal("0.0001"))
