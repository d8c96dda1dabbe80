"""Changes that a test makes to a record: plain field names, or any key of the wire to override it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from arrears.sandbox.records import Customer, Invoice, rounded

Changes = dict[str, object]


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _amount(value: object) -> Decimal:
    return Decimal(str(value))


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


INVOICE_FIELDS: dict[str, Callable[[object], object]] = {
    "issued": _day,
    "due": _day,
    "currency": str,
    "rate": _amount,
    "net": _amount,
    "vat": _amount,
    "withheld": _amount,
    "reference": _optional,
    "archived": bool,
    "credit_control": bool,
}
CUSTOMER_FIELDS: dict[str, Callable[[object], object]] = {
    "name": str,
    "currency": str,
    "vat_number": _optional,
    "archived": bool,
    "credit_control": bool,
    "note": _optional,
}
ADDRESS_FIELDS = ("line1", "line2", "line3", "line4", "postcode", "country_code", "country_name")
CONTACT_FIELDS = ("first", "last", "title", "email", "telephone", "mobile")


def apply_to_invoice(invoice: Invoice, changes: Changes) -> None:
    """Set fields of INVOICE_FIELDS and ``gross``; keys with a capital override the wire.

    ValueError names a field that does not exist.
    """
    for name, value in changes.items():
        if name == "gross":
            _set_gross(invoice, _amount(value))
        elif name in INVOICE_FIELDS:
            setattr(invoice, name, INVOICE_FIELDS[name](value))
        elif name[:1].isupper():
            invoice.wire = {**(invoice.wire or {}), name: value}
        else:
            raise ValueError(f"An invoice has no field '{name}'.")


def apply_to_customer(customer: Customer, changes: Changes) -> None:
    """Set fields of CUSTOMER_FIELDS, of the address and of the first contact; capitals override the wire.

    ValueError names a field that does not exist.
    """
    for name, value in changes.items():
        if name in CUSTOMER_FIELDS:
            setattr(customer, name, CUSTOMER_FIELDS[name](value))
        elif name in ADDRESS_FIELDS:
            setattr(customer.address, name, _optional(value))
        elif name in CONTACT_FIELDS:
            setattr(customer.contacts[0], name, _optional(value))
        elif name[:1].isupper():
            customer.wire[name] = value
        else:
            raise ValueError(f"A customer has no field '{name}'.")


def _set_gross(invoice: Invoice, gross: Decimal) -> None:
    """Another total with the same share of VAT."""
    share = invoice.vat / invoice.gross if invoice.gross else Decimal(0)
    invoice.vat = rounded(gross * share, invoice.currency)
    invoice.net = gross - invoice.vat
