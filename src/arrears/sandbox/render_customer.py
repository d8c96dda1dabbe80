"""A customer as KashFlow sends it: list row, detail, and the money on account."""

from datetime import date

from arrears.sandbox import wire
from arrears.sandbox.ledger import Ledger
from arrears.sandbox.places import CURRENCIES
from arrears.sandbox.profiles import Profile
from arrears.sandbox.records import ZERO, Contact, Customer, OnAccount
from arrears.sandbox.render_invoice import address_json
from arrears.sandbox.wire import FALSE, NULL, Fields, amount, day, flag, text

LATER = frozenset(("CustomCheckBoxes", "LastInvoiceDate", "WHTReferences", "Note", "Source"))


def row(ledger: Ledger, customer: Customer, profile: Profile) -> str:
    """The customer in a list; contacts and addresses are null where the profile says so."""
    fields = wire.overridden(_summary(ledger, customer), customer.wire)
    for name in LATER & fields.keys():
        del fields[name]
    if not profile.customer_list_contacts:
        fields["Contacts"] = fields["Addresses"] = NULL
    return wire.joined(fields)


def detail(ledger: Ledger, customer: Customer, profile: Profile) -> str:
    """The single customer."""
    fields = _summary(ledger, customer) | _detail_fields(ledger, customer, profile)
    return wire.joined(wire.overridden(fields, customer.wire))


def on_account(entry: OnAccount, profile: Profile) -> str:
    """One advance payment."""
    return wire.joined(
        {
            "Id": str(entry.id),
            "BankAccountId": "33",
            "Amount": amount(entry.amount),
            "Date": day(entry.day, profile.date_offset),
            "Comment": text(entry.comment),
        }
    )


def _summary(ledger: Ledger, customer: Customer) -> Fields:
    name, symbol, rate = CURRENCIES[customer.currency]
    return {
        "Id": str(customer.id),
        "Code": text(customer.shown_code),
        "Name": text(customer.name),
        "TotalPaidAmount": amount(ZERO),
        "OutstandingBalance": amount(ledger.balance(customer)),
        "IsSchedule": FALSE,
        "SourceName": NULL,
        "DefaultNominalCode": "4000",
        "IsArchived": flag(customer.archived),
        "VATNumber": text(customer.vat_number),
        "TradeBorderType": '"Domestic"',
        "IsCISReverseCharge": FALSE,
        "ApplyWithholdingTax": FALSE,
        "CustomerKey": text(customer.key),
        "Contacts": wire.listed(_contact(customer, contact) for contact in customer.contacts),
        "Addresses": wire.listed([address_json(customer.address)]),
        "Currency": wire.joined(
            {
                "Code": text(customer.currency),
                "Symbol": text(symbol),
                "Name": text(name),
                "ExchangeRate": rate,
                "DisplaySymbolOnRight": FALSE,
                "AutoUpdate": FALSE,
            }
        ),
    }


def _contact(customer: Customer, contact: Contact) -> str:
    whole = " ".join(filter(None, (contact.first, contact.last)))
    return wire.joined(
        {
            "Id": str(customer.id * 10),
            "IsPrimary": flag(contact.primary),
            "ReceiveEmails": flag(bool(contact.email)),
            "Name": text(whole or None),
            "Title": text(contact.title),
            "Firstname": text(contact.first),
            "LastName": text(contact.last),
            "Telephone": text(contact.telephone),
            "Fax": NULL,
            "Mobile": text(contact.mobile),
            "Website": NULL,
            "Email": text(contact.email),
        }
    )


def _detail_fields(ledger: Ledger, customer: Customer, profile: Profile) -> Fields:
    invoices = ledger.of_customer(customer)
    offset = profile.date_offset
    never = date(1900, 1, 1)
    overdue = (entry for entry in invoices if entry.owing and entry.overdue_days(ledger.today))
    return {
        "DisplayName": text(customer.name.strip()),
        "UniqueEntityNumber": NULL,
        "Source": "0",
        "Note": text(customer.note),
        "PaymentTerms": wire.dump({"Type": customer.terms[0], "Days": customer.terms[1]}),
        "EnableCreditLimit": FALSE,
        "CreditLimit": amount(ZERO),
        "OverdueAmount": amount(sum((entry.in_home(entry.outstanding) for entry in overdue), ZERO)),
        "AverageDaysToPay": "41",
        "AutomaticCreditControlEnabled": flag(customer.credit_control),
        "InvoicedNetAmount": amount(sum((entry.in_home(entry.net) for entry in invoices), ZERO)),
        "InvoicedVATAmount": amount(sum((entry.in_home(entry.vat) for entry in invoices), ZERO)),
        "InvoiceCount": str(len(invoices)),
        "FirstInvoiceDate": day(min((entry.issued for entry in invoices), default=never), offset),
        "LastInvoiceDate": day(max((entry.issued for entry in invoices), default=never), offset),
        "WithholdingTaxRate": amount(ZERO),
        "WithholdingTaxReferences": "[]",
        "DeliveryAddresses": "[]",
        "UseCustomDeliveryAddress": FALSE,
        "CustomTextBoxes": "[]",
        "CustomCheckBoxes": "[]",
        "MarkedAsStale": FALSE,
        "CreatedDate": day(customer.created, offset),
        "LastUpdatedDate": day(customer.created, offset),
        "IsGoCardlessMandateSet": FALSE,
        "EnvelopeUrl": text(f"/v2/documents/customers/{customer.key}"),
        "DiscountRate": amount(ZERO),
        "ShowDiscount": FALSE,
    }
