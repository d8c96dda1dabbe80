"""Reports and reference lists, derived from the same books as everything else."""

from collections.abc import Iterable
from decimal import Decimal

from arrears.sandbox import wire
from arrears.sandbox.ledger import Ledger
from arrears.sandbox.places import COUNTRIES, CURRENCIES, EU
from arrears.sandbox.profiles import Profile
from arrears.sandbox.records import HOME, ZERO, Invoice, rounded
from arrears.sandbox.wire import FALSE, amount, day, text


def owed_report(ledger: Ledger, profile: Profile, overdue_only: bool) -> str:
    """Everything owed in home currency, with the metadata key spelt as reports spell it: ``Metadata``."""
    owing = [
        invoice
        for invoice in ledger.by_number()
        if invoice.owing and (invoice.overdue_days(ledger.today) or not overdue_only)
    ]
    metadata = {
        "TotalOwed": amount(sum((invoice.in_home(invoice.outstanding) for invoice in owing), ZERO)),
        "TotalOwedExcludingTax": amount(sum((_without_tax(invoice) for invoice in owing), ZERO)),
    }
    rows = wire.listed(_owed_row(ledger, invoice, profile) for invoice in owing)
    return wire.joined({"Metadata": wire.joined(metadata), "Invoices": rows})


def _without_tax(invoice: Invoice) -> Decimal:
    return rounded(invoice.in_home(invoice.outstanding) * invoice.net / invoice.gross, HOME)


def _owed_row(ledger: Ledger, invoice: Invoice, profile: Profile) -> str:
    offset = profile.date_offset
    payments = (
        wire.joined({"Date": day(line.day, offset), "PaymentAmount": amount(line.home)})
        for line in invoice.payments
    )
    return wire.joined(
        {
            "InvoiceNumber": str(invoice.number),
            "CustomerName": text(invoice.customer.name),
            "CustomerCode": text(invoice.customer.shown_code),
            "InvoiceAmount": amount(invoice.in_home(invoice.gross)),
            "InvoiceAmountOwed": amount(invoice.in_home(invoice.outstanding)),
            "DueDate": day(invoice.due, offset),
            "OverdueBy": str(invoice.overdue_days(ledger.today)),
            "EmailLettersSent": "[]",
            "PartPayments": wire.listed(payments),
        }
    )


def top_due(invoices: Iterable[Invoice]) -> str:
    """The short list of what is owed."""
    return wire.dump(
        [
            {"Id": invoice.id, "Number": invoice.number, "DueAmount": invoice.outstanding}
            for invoice in invoices
            if invoice.owing
        ]
    )


def open_credits(ledger: Ledger, invoice: Invoice) -> str:
    """What could be set against the invoice: money on account, open credit notes, overpayments."""
    customer = invoice.customer
    entries = [_credit(entry.amount, entry.id, "AdvancePayment") for entry in customer.on_account]
    for other in ledger.of_customer(customer):
        if other.outstanding < 0 and other is not invoice:
            kind = "CreditNote" if other.gross < 0 else "OverPayment"
            entries.append(_credit(-other.in_home(other.outstanding), other.id, kind))
    return wire.dump(entries)


def _credit(owed: Decimal, key: int, kind: str) -> dict[str, object]:
    return {"Amount": owed, "Comment": None, "Date": None, "Id": key, "Type": kind}


def company(ledger: Ledger) -> str:
    """The account holder: ``/settings/companydetails``."""
    own = ledger.company
    address = {"Line1": "Unit 9, Calder Works", "Line2": "Canal Wharf", "Line3": "Halifax", "Line4": None,
               "PostCode": "HX1 5AB", "CountryName": "United Kingdom", "CountryCode": "GB"}  # fmt: skip
    return wire.dump(
        {
            "CompanyId": own.id,
            "CompanyName": own.name,
            "Address": address,
            "VATNumber": own.vat_number,
            "VATRegistered": True,
            "BusinessType": 1,
            "HomeCurrency": {
                "Code": HOME,
                "Symbol": "£",
                "Name": "Pound Sterling",
                "ExchangeRate": Decimal(1),
            },
            "DateFormat": "dd/MM/yyyy",
            "PaymentTerms": 30,
            "SubscriptionStatus": 0,
            "IsDemoAccount": False,
            "AccountingType": 1,
            "Contact": {"Email": own.email, "Telephone": own.telephone},
        }
    )


def currencies() -> str:
    """A bare array, with the account's current rates."""
    rows = enumerate(CURRENCIES.items(), start=1)
    return wire.listed(
        wire.joined(
            {
                "Id": str(place),
                "Code": text(code),
                "Name": text(name),
                "Symbol": text(symbol),
                "DisplaySymbolOnRight": FALSE,
                "ExchangeRate": rate,
            }
        )
        for place, (code, (name, symbol, rate)) in rows
    )


def countries() -> str:
    """A bare array, with EL for Greece."""
    return wire.dump(
        [
            {"Id": place, "Code": country.code, "Name": country.name, "IsEU": country.code in EU}
            for place, country in enumerate(COUNTRIES, start=1)
        ]
    )


def payment_statuses(profile: Profile) -> str:
    """The spellings this account uses. The published description does not give the shape: a guess."""
    names = ("NA", "Unpaid", profile.part_paid, "Overdue", profile.overdue_part_paid, "Overpaid", "Paid")
    return wire.dump([{"Id": place, "Name": name} for place, name in enumerate(names)])


def note(number: int, content: str, when: str, author: str) -> str:
    """One note."""
    return wire.joined(
        {"Number": str(number), "Text": text(content), "Date": when, "LastModifiedBy": text(author)}
    )
