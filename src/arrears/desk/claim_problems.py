"""What is wrong with a claim on invoices, before it can be handed over at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from arrears.core.claim import Claim
from arrears.core.invoice import Invoice
from arrears.core.money import LARGEST_AMOUNT, exponent, is_currency
from arrears.desk.assess import debtor_problems


def claim_problems(claim: Claim) -> tuple[str, ...]:
    """A sentence for each problem, naming the invoice it is about."""
    address = claim.debtor.address
    about_debtor = debtor_problems(claim.debtor.name, address.country, address.state)
    return (*(problem.message for problem in about_debtor), *_invoice_problems(claim))


def _invoice_problems(claim: Claim) -> Iterator[str]:
    currencies = {invoice.currency for invoice in claim.invoices}
    if len(currencies) > 1:
        yield f"The claim mixes {' and '.join(sorted(currencies))}. Hand over one claim for each currency."
    elif not is_currency(claim.currency):
        yield f"The currency “{claim.currency}” is not known. Use an ISO 4217 code such as GBP."
    for invoice in claim.invoices:
        yield from _amount_problems(invoice)
    amounts = (invoice.outstanding.money.amount for invoice in claim.invoices if invoice.outstanding.money)
    if sum(amounts, Decimal(0)) >= LARGEST_AMOUNT:
        yield "The claim is larger than any real one. Check what is owed on its invoices."


def _amount_problems(invoice: Invoice) -> Iterator[str]:
    money = invoice.outstanding.money
    if money is None:
        yield f"What is owed on invoice {invoice.number} is not known. {invoice.outstanding.problem}".strip()
    elif money.currency != invoice.currency:
        yield f"Invoice {invoice.number} is in {invoice.currency}, but what is owed in {money.currency}."
    elif money.amount <= 0:
        yield f"Nothing is owed on invoice {invoice.number}. Leave it out."
    elif money.rounded() != money:
        places = exponent(money.currency)
        yield f"Invoice {invoice.number} has more decimal places than the {places} of {money.currency}."
