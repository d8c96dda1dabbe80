"""What a collector is handed: one debtor, one amount, its age; from a claim or from an API request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.core.claim import AgeBuckets, Claim, age_buckets, older_than, usd_value_of
from arrears.core.debtor import DebtorType
from arrears.core.fx import Rates, UsdValue
from arrears.core.invoice import Invoice
from arrears.core.money import Money
from arrears.core.wording import date_text

#: The longest description of a claim that is kept.
LONGEST_TEXT = 4000
_ROOM_FOR_THE_REST = 20


@dataclass(frozen=True, slots=True)
class Handover:
    """One debt as its creditor hands it over, in the collector's terms.

    `country` is an alpha-2 code and `state` a US state's code or free text. `usd` is what the principal is
    worth in US dollars, None when no rate is known. `aged` says how much of the principal is how old.
    `complex_claim` marks anything but an unpaid invoice or loan, which no price list covers.
    """

    debtor_name: str
    debtor_type: DebtorType
    country: str
    principal: Money
    usd: UsdValue | None
    aged: AgeBuckets
    street: str = ""
    city: str = ""
    zip: str = ""
    state: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    contact_person: str = ""
    company_number: str = ""
    invoice_numbers: tuple[str, ...] = ()
    issued: date | None = None
    due: date | None = None
    description: str = ""
    comments: str = ""
    disputed: bool = False
    complex_claim: bool = False


def handover_of(claim: Claim, rates: Rates, today: date) -> Handover | None:
    """A claim in the collector's terms; None when what is owed cannot be told."""
    principal = claim.principal
    if principal is None:
        return None
    debtor, address = claim.debtor, claim.debtor.address
    return Handover(
        debtor_name=debtor.name,
        debtor_type=debtor.type,
        country=address.country,
        principal=principal,
        usd=usd_value_of(claim, rates),
        aged=age_buckets(claim, today),
        street=address.street,
        city=address.city,
        zip=address.zip,
        state=address.state,
        emails=debtor.emails,
        phones=debtor.phones,
        contact_person=debtor.contact_person,
        company_number=debtor.company_number,
        invoice_numbers=claim.numbers,
        issued=claim.oldest_issued,
        due=claim.oldest_due,
        description=description_of(claim.invoices),
    )


def description_of(invoices: tuple[Invoice, ...]) -> str:
    """The claim in words, a sentence for each invoice, as far as they fit."""
    text = ""
    for told, invoice in enumerate(invoices):
        longer = f"{text} {_sentence(invoice)}".lstrip()
        if len(longer) > LONGEST_TEXT - _ROOM_FOR_THE_REST:
            return f"{text} And {len(invoices) - told} more.".lstrip()
        text = longer
    return text


def _sentence(invoice: Invoice) -> str:
    issued = f" of {date_text(invoice.issued)}" if invoice.issued else ""
    due = f", due {date_text(invoice.due)}" if invoice.due else ""
    paid = f", last part payment {date_text(invoice.last_payment)}" if invoice.last_payment else ""
    return f"Unpaid invoice {invoice.number}{issued}{due}{paid}."


def aged_from_due(principal: Decimal, due: date | None, today: date) -> AgeBuckets:
    """The whole principal in the age bucket of one due date."""
    over = [principal if due and older_than(due, months, today) else Decimal(0) for months in (6, 12, 24)]
    return AgeBuckets(*over)
