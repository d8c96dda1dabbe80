"""What KashFlow sends, as models: only the fields that are used, everything optional, the rest ignored.

KashFlow adds, drops and renames fields without notice, so a field that is missing or makes no sense never
spoils its record. Names are those of https://api.kashflow.com/v2/swagger/ui/index; where spellings
differ between pages of the documentation, both are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PlainValidator

from arrears.connectors.kashflow.values import (
    read_day,
    read_deleted,
    read_flag,
    read_rate,
    read_text,
    read_whole,
)
from arrears.core.money import read_amount

Row = TypeVar("Row", bound="Record")
Entry = TypeVar("Entry")

Text = Annotated[str, PlainValidator(read_text)]
Amount = Annotated[Decimal | None, PlainValidator(read_amount)]
Day = Annotated[date | None, PlainValidator(read_day)]
Flag = Annotated[bool, PlainValidator(read_flag)]
Whole = Annotated[int | None, PlainValidator(read_whole)]


class Record(BaseModel):
    """Anything KashFlow sends as a JSON object. Representations show no values: they are other people's."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


def _one(model: Callable[[], type[Row]]) -> Any:
    def read(value: object) -> Row | None:
        return model().model_validate(value) if isinstance(value, dict) else None

    return PlainValidator(read)


def _many(model: Callable[[], type[Row]]) -> Any:
    def read(value: object) -> tuple[Row, ...]:
        return records(value, model())

    return PlainValidator(read)


def _some(model: Callable[[], type[Row]]) -> Any:
    """As many, with None for what is not told: nothing at all is something else than an empty list."""

    def read(value: object) -> tuple[Row, ...] | None:
        return records(value, model()) if isinstance(value, list) else None

    return PlainValidator(read)


def records(value: object, model: type[Row]) -> tuple[Row, ...]:
    """The objects of a JSON array as records; anything that is not an object is left out."""
    if not isinstance(value, list):
        return ()
    return tuple(model.model_validate(item) for item in value if isinstance(item, dict))


class Currency(Record):
    code: Text = Field("", alias="Code")
    rate: Annotated[Decimal | None, PlainValidator(read_rate)] = Field(None, alias="ExchangeRate")


class Address(Record):
    line1: Text = Field("", alias="Line1")
    line2: Text = Field("", alias="Line2")
    line3: Text = Field("", alias="Line3")
    line4: Text = Field("", alias="Line4")
    postcode: Text = Field("", alias="PostCode")
    country_name: Text = Field("", alias="CountryName")
    country_code: Text = Field("", alias="CountryCode")


class Payment(Record):
    day: Day = Field(None, alias="Date")
    amount: Amount = Field(None, alias="Amount")
    is_credit_note: Flag = Field(False, alias="IsPaymentCreditNote")


class ReminderLetter(Record):
    is_sent: Flag = Field(False, alias="IsSent")


class Invoice(Record):
    """A list row, or the detail, which has everything the row has and more.

    `GrossAmount` is in the invoice's currency, `TotalPaidAmount` and `HomeCurrencyGrossAmount` in the
    company's; which of the two `DueAmount` is in is not documented. List rows have no `payments`, and their
    `reminder_letters` are None.
    """

    id: Whole = Field(None, alias="Id")
    number: Text = Field("", alias="Number")
    issued: Day = Field(None, alias="IssuedDate")
    due: Day = Field(None, alias="DueDate")
    gross: Amount = Field(None, alias="GrossAmount")
    home_gross: Amount = Field(None, alias="HomeCurrencyGrossAmount")
    paid: Amount = Field(None, alias="TotalPaidAmount")
    due_amount: Amount = Field(None, alias="DueAmount")
    status: Text = Field("", alias="Status")
    type: Text = Field("", alias="Type")
    customer_code: Text = Field("", alias="CustomerCode")
    customer_name: Text = Field("", alias="CustomerName")
    customer_reference: Text = Field("", alias="CustomerReference")
    currency: Annotated[Currency | None, _one(lambda: Currency)] = Field(None, alias="Currency")
    address: Annotated[Address | None, _one(lambda: Address)] = Field(None, alias="Address")
    is_archived: Flag = Field(False, alias="IsArchived")
    chasing_on: Flag = Field(False, alias="AutomaticCreditControlEnabled")
    deleted: Annotated[bool, PlainValidator(read_deleted)] = Field(False, alias="DeletedAt")
    payments: Annotated[tuple[Payment, ...], _many(lambda: Payment)] = Field((), alias="PaymentLines")
    reminder_letters: Annotated[tuple[ReminderLetter, ...] | None, _some(lambda: ReminderLetter)] = Field(
        None, alias="ReminderLetters"
    )
    last_payment: Day = Field(None, alias="LastPaymentDate")
    permalink: Text = Field("", alias="Permalink")
    withheld: Flag = Field(
        False, validation_alias=AliasChoices("IsWhtDeductionToBeApplied", "IsWHTDeductionToBeApplied")
    )
    vat_number: Text = Field("", validation_alias=AliasChoices("VATNumber", "VatNumber"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the invoice list at a glance: enough to tell whether it is settled.

    Nearly all rows of an old ledger are, and reading them any further would take most of the time.
    """

    id: int | None
    number: str
    customer_code: str
    home_gross: Decimal | None
    paid: Decimal | None
    due_amount: Decimal | None
    status: str
    deleted: bool
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Listed:
        return cls(
            read_whole(raw.get("Id")),
            read_text(raw.get("Number")),
            read_text(raw.get("CustomerCode")),
            read_amount(raw.get("HomeCurrencyGrossAmount")),
            read_amount(raw.get("TotalPaidAmount")),
            read_amount(raw.get("DueAmount")),
            read_text(raw.get("Status")),
            read_deleted(raw.get("DeletedAt")),
            raw,
        )

    def invoice(self) -> Invoice:
        """The whole row."""
        return Invoice.model_validate(self.raw)


class Contact(Record):
    is_primary: Flag = Field(False, alias="IsPrimary")
    receives_emails: Flag = Field(False, alias="ReceiveEmails")
    name: Text = Field("", alias="Name")
    title: Text = Field("", alias="Title")
    first_name: Text = Field("", validation_alias=AliasChoices("Firstname", "FirstName"))
    last_name: Text = Field("", validation_alias=AliasChoices("LastName", "Lastname"))
    telephone: Text = Field("", alias="Telephone")
    mobile: Text = Field("", alias="Mobile")
    email: Text = Field("", alias="Email")


class Reference(Record):
    """A labelled number kept for withholding tax; one of the labels is the company's registration number."""

    name: Text = Field("", alias="Name")
    value: Text = Field("", alias="Value")


class CheckBox(Record):
    """A box of the company's own making on its customers' records, ticked or not."""

    name: Text = Field("", alias="Name")
    ticked: Flag = Field(False, alias="Value")


class Customer(Record):
    """A list row or the detail. On list rows contacts and addresses may be missing altogether.

    `check_boxes` is None on list rows, which do not have them.
    """

    code: Text = Field("", alias="Code")
    name: Text = Field("", alias="Name")
    vat_number: Text = Field("", validation_alias=AliasChoices("VATNumber", "VatNumber"))
    addresses: Annotated[tuple[Address, ...], _many(lambda: Address)] = Field((), alias="Addresses")
    contacts: Annotated[tuple[Contact, ...], _many(lambda: Contact)] = Field((), alias="Contacts")
    references: Annotated[tuple[Reference, ...], _many(lambda: Reference)] = Field(
        (), validation_alias=AliasChoices("WithholdingTaxReferences", "WHTReferences")
    )
    source_name: Text = Field("", alias="SourceName")
    check_boxes: Annotated[tuple[CheckBox, ...] | None, _some(lambda: CheckBox)] = Field(
        None, alias="CustomCheckBoxes"
    )
    chasing_on: Flag = Field(False, alias="AutomaticCreditControlEnabled")
    email: Text = Field("", alias="Email")
    telephone: Text = Field("", validation_alias=AliasChoices("TelephoneNumber", "Telephone"))
    mobile: Text = Field("", validation_alias=AliasChoices("MobileNumber", "Mobile"))


class ReportRow(Record):
    """One row of the unpaid report. The currency of the amount is not documented."""

    number: Text = Field("", alias="InvoiceNumber")
    customer_code: Text = Field("", alias="CustomerCode")
    owed: Amount = Field(None, alias="InvoiceAmountOwed")


class AdvancePayment(Record):
    amount: Amount = Field(None, alias="Amount")


class Company(Record):
    """The account holder, from `/settings/companydetails`."""

    id: Whole = Field(None, validation_alias=AliasChoices("CompanyId", "Id"))
    name: Text = Field("", alias="CompanyName")
    home_currency: Annotated[Currency | None, _one(lambda: Currency)] = Field(None, alias="HomeCurrency")
    address: Annotated[Address | None, _one(lambda: Address)] = Field(None, alias="Address")


class Position(Record):
    position: Whole = Field(None, alias="Position")


class Login(Record):
    """The answer to either step of the login."""

    temporary_token: Text = Field("", alias="TemporaryToken")
    session_token: Text = Field("", alias="SessionToken")
    positions: Annotated[tuple[Position, ...], _many(lambda: Position)] = Field((), alias="MemorableWordList")
    company_name: Text = Field("", alias="CompanyName")
    company_id: Whole = Field(None, alias="CompanyId")
    tenant_id: Whole = Field(None, alias="TenantId")
    has_temporary_password: Flag = Field(False, alias="HasTemporaryPassword")
    subscription_expired: Flag = Field(False, alias="SubscriptionExpired")
    is_locked_out: Flag = Field(False, alias="IsLockedOut")
    disabled: Flag = Field(False, alias="Disabled")


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """One page of a list. `total` counts the whole list, when told; `next_link` is empty on the last page."""

    rows: tuple[Entry, ...]
    total: int | None = None
    next_link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """The unpaid report with its own total."""

    rows: tuple[ReportRow, ...]
    total: Decimal | None
