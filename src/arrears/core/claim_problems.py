"""What is wrong with a claim on invoices, before it can be handed over to any collector at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from arrears.core.claim import Claim
from arrears.core.country import COUNTRIES, jurisdiction
from arrears.core.invoice import Invoice
from arrears.core.money import LARGEST_AMOUNT, exponent, is_currency


@dataclass(frozen=True, slots=True)
class DebtorProblem:
    """One thing wrong with who owes: `debtor_name`, `country` or `state`, and what to do in a sentence."""

    field: str
    sentence: str


def claim_problems(claim: Claim) -> tuple[str, ...]:
    """A sentence for each problem, naming the invoice it is about."""
    address = claim.debtor.address
    about_debtor = debtor_problems(claim.debtor.name, address.country, address.state)
    return (*(problem.sentence for problem in about_debtor), *_invoice_problems(claim))


def debtor_problems(name: str, country: str, state: str) -> Iterator[DebtorProblem]:
    """A debtor without a name, or in no country where a case can be worked."""
    if not name.strip():
        text = "The debtor's name is missing. Enter it in the customer's record."
        yield DebtorProblem("debtor_name", text)
    if not country:
        text = "The debtor's country is missing. Enter it in the customer's address."
        yield DebtorProblem("country", text)
    elif country not in COUNTRIES:
        text = f"The debtor's country “{country}” is not known. Correct it in the customer's address."
        yield DebtorProblem("country", text)
    elif not jurisdiction(country, state):
        text = "The debtor's US state is missing or not known. Enter it in the customer's address."
        yield DebtorProblem("state", text)


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
