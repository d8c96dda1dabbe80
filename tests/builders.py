"""Invoices, debtors and claims for tests: sound unless told otherwise, so a test names only its point."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from arrears.core.address import Address, Confidence, PostalLines
from arrears.core.claim import Claim
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.fx import Rates
from arrears.core.invoice import Figures, Invoice, Outstanding, outstanding_of
from arrears.core.money import Money

TODAY = date(2026, 11, 22)

#: Round figures, so that amounts in tests can be worked out by hand: GBP 1 is USD 1.25, EUR 1 is USD 1.
RATES = Rates(
    {"EUR": Decimal(1), "USD": Decimal(1), "GBP": Decimal("0.8"), "JPY": Decimal(150)},
    date(2026, 11, 20),
    "Test rates",
)


def money(text: str) -> Money:
    """An amount from `"100 GBP"`."""
    return Money.parse(text)


def some_figures(total: str = "500 GBP", **changes: Any) -> Figures:
    """Figures of an invoice in the home currency (pounds) on which nothing has been paid.

    Amounts may be given as text. For a foreign invoice give `rate`, and `paid` in pounds.
    """
    gross = money(total)
    amounts: dict[str, Any] = {
        name: Decimal(value) if isinstance(value, str) and name != "home_currency" else value
        for name, value in changes.items()
    }
    known: dict[str, Any] = {"home_currency": "GBP", "paid": Decimal(0), "due": gross.amount} | amounts
    return Figures(**{"currency": gross.currency, "gross": gross.amount, **known})


def an_invoice(owed: str = "500 GBP", figures: Figures | None = None, **changes: Any) -> Invoice:
    """An invoice of 1 July 2026, due on 31 July 2026, of which `owed` is outstanding.

    With `figures` the amount outstanding is worked out from them.
    """
    if figures is None:
        figures = some_figures(owed)
        outstanding = Outstanding(money(owed), "as the test says")
    else:
        outstanding = outstanding_of(figures)
    known: dict[str, Any] = {
        "id": "7001",
        "number": "1001",
        "customer_code": "ACME",
        "customer_name": "Acme Ltd",
        "issued": date(2026, 7, 1),
        "due": date(2026, 7, 31),
        "figures": figures,
        "outstanding": outstanding,
        "url": "https://books.example/invoices/1001",
    }
    return Invoice(**known | changes)


def an_address(**changes: Any) -> Address:
    """1 High Street, Leeds."""
    known: dict[str, Any] = {
        "street": "1 High Street",
        "city": "Leeds",
        "zip": "LS1 4AP",
        "country": "GB",
        "confidence": Confidence.SURE,
    }
    return Address(**known | changes)


def a_debtor(**changes: Any) -> Debtor:
    """Acme Ltd of Leeds, a company that can be reached."""
    known: dict[str, Any] = {
        "code": "ACME",
        "name": "Acme Ltd",
        "type": DebtorType.COMPANY,
        "type_reason": "The name ends in Ltd.",
        "lines": PostalLines(("1 High Street", "Leeds"), "LS1 4AP", "GB", "United Kingdom"),
        "address": an_address(),
        "emails": ("accounts@acme.example",),
        "phones": ("+44 113 496 0000",),
        "url": "https://books.example/customers/ACME",
    }
    return Debtor(**known | changes)


def a_claim(*invoices: Invoice, debtor: Debtor | None = None, country: str = "", **address: Any) -> Claim:
    """A claim on Acme Ltd, for one sound invoice unless others are given.

    `country` and other address fields change the debtor's address.
    """
    if country:
        address["country"] = country
    return Claim("account-1", debtor or a_debtor(address=an_address(**address)), invoices or (an_invoice(),))
