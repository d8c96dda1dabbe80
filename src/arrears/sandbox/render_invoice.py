"""An invoice as KashFlow sends it: the list row, and the detail with its lines, payments and letters."""

from datetime import date
from decimal import Decimal
from random import Random

from arrears.sandbox import wire
from arrears.sandbox.ledger import Ledger
from arrears.sandbox.places import CURRENCIES
from arrears.sandbox.profiles import Profile
from arrears.sandbox.records import HOME, Address, Invoice, Payment, rounded
from arrears.sandbox.wire import FALSE, NULL, Fields, amount, day, flag, text

GOODS = (
    ("Hex bolts M12 zinc, box of 500", "BOLT-M12"),
    ("Wood screws 5 x 70, box of 1000", "SCREW-70"),
    ("Anchor fixings, resin", "ANCH-R"),
    ("Threaded rod M16, 3 m", "ROD-M16"),
    ("Stainless washers, mixed", "WASH-SS"),
    ("Carriage and packing", "CARR"),
)


def status(invoice: Invoice, profile: Profile, today: date) -> str:
    """The payment state in the profile's spelling."""
    return _status(invoice, profile, invoice.outstanding, invoice.overdue_days(today))


def _status(invoice: Invoice, profile: Profile, owed: Decimal, overdue: int) -> str:
    if invoice.gross == 0:
        return "NA"
    if owed == 0:
        return "Paid"
    if invoice.gross > 0 > owed:
        return "Overpaid"
    part = bool(invoice.paid_home)
    if overdue:
        return profile.overdue_part_paid if part else "Overdue"
    return profile.part_paid if part else "Unpaid"


def row(invoice: Invoice, profile: Profile, today: date) -> bytes:
    """The invoice in a list, rendered once and kept until the invoice changes."""
    if invoice.row is None:
        fields = wire.overridden(_summary(invoice, profile, today), invoice.wire)
        for name in DETAIL_ONLY & fields.keys():
            del fields[name]
        invoice.row = wire.joined(fields).encode()
    return invoice.row


def render_rows(ledger: Ledger, profile: Profile) -> None:
    """Render every list row beforehand, so that pages cost next to nothing."""
    for invoice in ledger.invoices.values():
        row(invoice, profile, ledger.today)


def detail(ledger: Ledger, invoice: Invoice, profile: Profile) -> str:
    """The single invoice, every sub-object filled in."""
    fields = _summary(invoice, profile, ledger.today)
    fields["Currency"] = _currency(invoice)
    fields["Address"] = address_json(invoice.address or invoice.customer.address)
    fields["LineItems"] = wire.dump(_lines(invoice))
    fields |= _detail_fields(ledger, invoice, profile)
    return wire.joined(wire.overridden(fields, invoice.wire))


def address_json(address: Address) -> str:
    """The four lines, postcode and country."""
    return wire.joined(
        {
            "Line1": text(address.line1),
            "Line2": text(address.line2),
            "Line3": text(address.line3),
            "Line4": text(address.line4),
            "PostCode": text(address.postcode),
            "CountryName": text(address.country_name),
            "CountryCode": text(address.country_code),
            "CountryId": NULL,
        }
    )


def _summary(invoice: Invoice, profile: Profile, today: date) -> Fields:
    customer, offset = invoice.customer, profile.date_offset
    overdue = invoice.overdue_days(today)
    owed, gross, vat = invoice.outstanding, invoice.gross, invoice.vat
    domestic = invoice.currency == HOME
    paid_on = invoice.payments[-1].day if invoice.payments and owed <= 0 else None
    full = profile.list_sub_objects
    gross_text, vat_text = amount(gross), amount(vat)
    fields = {
        "Id": str(invoice.id),
        "Number": str(invoice.number),
        "IssuedDate": day(invoice.issued, offset),
        "DueDate": day(invoice.due, offset),
        "PaidDate": day(paid_on, offset),
        "NetAmount": amount(invoice.net),
        "VATAmount": vat_text,
        "GrossAmount": gross_text,
        "HomeCurrencyGrossAmount": gross_text if domestic else amount(invoice.in_home(gross)),
        "HomeCurrencyVATAmount": vat_text if domestic else amount(invoice.in_home(vat)),
        "TotalPaidAmount": amount(invoice.paid_home),
        "DueAmount": amount(invoice.in_home(owed) if profile.due_amount == "home" else owed),
        "OverdueDays": str(overdue),
        "Status": text(_status(invoice, profile, owed, overdue)),
        "Type": '"Credit Note"' if gross < 0 else '"Invoice"',
        "CustomerId": str(customer.id),
        "CustomerCode": text(customer.shown_code),
        "CustomerName": text(customer.name),
        "CustomerReference": text(invoice.reference),
        "CustomerKey": text(customer.key),
        "Currency": _currency(invoice) if full or _names_currency(invoice, profile) else NULL,
        "Address": address_json(invoice.address or customer.address) if full else NULL,
        "LineItems": NULL,
        "ProjectNumber": "0",
        "ProjectName": NULL,
        "ProjectGrossAmount": "0.0000",
        "EmailCount": "1" if overdue else "0",
        "FileCount": "0",
        "VATReturnId": "0",
        "TradeBorderType": '"Domestic"' if domestic else '"RestOfWorld"',
        "IsArchived": flag(invoice.archived),
        "IsCISReverseCharge": FALSE,
        "CISRCVatAmount": "0.0000",
        "AutomaticCreditControlEnabled": flag(invoice.credit_control),
    }
    if invoice.voided_on:
        fields["DeletedAt"] = day(invoice.voided_on, offset)
    return fields


DETAIL_ONLY = {"LastPaymentDate", "FormattedDueAmount", "IsWhtDeductionToBeApplied"}


def _detail_fields(ledger: Ledger, invoice: Invoice, profile: Profile) -> Fields:
    customer, guid, offset = invoice.customer, ledger.guid(invoice), profile.date_offset
    contact = customer.contacts[0] if customer.contacts else None
    slash = "" if "Q26" in invoice.tags else "/"
    in_home = profile.due_amount == "home"
    owed = invoice.in_home(invoice.outstanding) if in_home else invoice.outstanding
    previous, following = ledger.neighbours(invoice.number)
    shown_in = HOME if in_home else invoice.currency
    return {
        "PaymentLines": wire.listed(_payment(line, profile) for line in invoice.payments),
        "ReminderLetters": wire.dump(_letters(invoice, ledger.today)),
        "DeliveryAddress": NULL,
        "LastPaymentDate": day(invoice.payments[-1].day if invoice.payments else date(1900, 1, 1), offset),
        "CreatedDate": day(invoice.issued, offset),
        "VATNumber": text(customer.vat_number),
        "CustomerDiscount": "0.0000",
        "CustomerContactName": text(
            " ".join(filter(None, (contact.first, contact.last))) if contact else None
        ),
        "CustomerContactFirstName": text(contact.first if contact else None),
        "CustomerContactLastName": text(contact.last if contact else None),
        "Permalink": text(f"{slash}v2/documents/invoice/{guid}"),
        "PackingSlipPermalink": text(f"v2/documents/packingslip/{guid}"),
        "IsWhtDeductionToBeApplied": flag(bool(invoice.withheld)),
        "CISRCNetAmount": "0.0000",
        "FormattedDueAmount": text(f"{CURRENCIES[shown_in][1]}{owed:,.2f}"),
        "PreviousNumber": str(previous),
        "NextNumber": str(following),
        "UseCustomDeliveryAddress": FALSE,
    }


def _names_currency(invoice: Invoice, profile: Profile) -> bool:
    """Whether its list row names the currency: one in thirty leaves it out even where most do not."""
    return profile.list_currency == "mostly" and invoice.number % 30 != 0 and "Q3" not in invoice.tags


def _currency(invoice: Invoice) -> str:
    name, symbol, _ = CURRENCIES[invoice.currency]
    right = "DisplayOnRight" if "Q21" in invoice.tags else "DisplaySymbolOnRight"
    return wire.joined(
        {
            "Code": text(invoice.currency),
            "Symbol": text(symbol),
            "Name": text(name),
            "ExchangeRate": amount(invoice.rate),
            right: FALSE,
            "AutoUpdate": FALSE,
        }
    )


def _payment(line: Payment, profile: Profile) -> str:
    return wire.joined(
        {
            "Id": str(line.id),
            "InvoiceNumber": "0",
            "Date": day(line.day, profile.date_offset),
            "Amount": amount(line.home if profile.payment_lines == "home" else line.amount),
            "Method": str(line.method),
            "Reference": text(line.reference),
            "Note": NULL,
            "AccountId": "33",
            "BulkId": "0",
            "BulkPaymentNumber": "0",
            "BFSTransactionId": "0",
            "BankTransactionId": "0",
            "BankReconciliationId": "0",
            "PaymentProcessor": NULL,
            "VATReturnId": "0",
            "IsPaymentCreditNote": flag(line.credit_note),
        }
    )


def _letters(invoice: Invoice, today: date) -> list[dict[str, object]]:
    if invoice.letters is not None:
        return invoice.letters
    sent = min(3, invoice.overdue_days(today) // 30)
    when = invoice.due or invoice.issued
    return [
        {"Number": number, "IsSent": True, "SentDate": f"{when} 12:00:00"} for number in range(1, sent + 1)
    ]


def _lines(invoice: Invoice) -> list[dict[str, object]]:
    """One to three lines that add up to the net amount, the same at every look."""
    rng = Random(invoice.id)
    shares = [rng.randint(1, 9) for _ in range(rng.randint(1, 3))]
    left, lines = invoice.net, []
    for place, share in enumerate(shares, start=1):
        net = left if place == len(shares) else rounded(invoice.net * share / sum(shares), invoice.currency)
        left -= net
        lines.append(_line(invoice, place, net, rng.choice(GOODS)))
    return lines


def _line(invoice: Invoice, place: int, net: Decimal, goods: tuple[str, str]) -> dict[str, object]:
    taxed = invoice.vat != 0
    vat = rounded(net * invoice.vat / invoice.net, invoice.currency) if invoice.net else invoice.vat
    return {
        "Number": place,
        "Description": goods[0],
        "Quantity": Decimal(1),
        "Rate": net,
        "HomeCurrencyRate": invoice.in_home(net),
        "VATLevel": Decimal(20 if taxed else 0),
        "VATExempt": (0 if taxed else 1) if "Q22" in invoice.tags else not taxed,
        "VATAmount": vat,
        "HomeCurrencyVATAmount": invoice.in_home(vat),
        "NominalCode": 4000,
        "NominalName": "Sale of Goods",
        "ProductCode": goods[1],
        "ProjectNumber": 0,
        "Disallowed": 0,
    }
