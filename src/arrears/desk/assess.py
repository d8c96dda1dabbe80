"""What the desk makes of a claim, before anything is written: the step that preview and opening share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.core.claim import Claim, usd_value_of
from arrears.core.country import COUNTRIES, jurisdiction
from arrears.core.fx import ECB
from arrears.core.invoice import Invoice
from arrears.core.money import LARGEST_AMOUNT, exponent, is_currency
from arrears.core.pricing import Estimate, estimate
from arrears.core.routing import Network, Route


@dataclass(frozen=True, slots=True)
class Assessment:
    """Either `problems`, each a sentence, and no route; or a route, and a price where a partner was found."""

    problems: tuple[str, ...]
    route: Route
    price: Estimate | None = None


def assess(claim: Claim, network: Network, today: date) -> Assessment:
    """Check the claim's data, choose the partner and work out the price. Writes nothing.

    Without a partner there is no price either: the price will come with the quotes.
    """
    problems = tuple(_problems(claim))
    if problems:
        return Assessment(problems, Route(None, "", "The claim cannot be taken as it is."))
    address = claim.debtor.address
    value = usd_value_of(claim, ECB)
    route = network.route(
        jurisdiction(address.country, address.state),
        claim.debtor.type,
        claim.currency,
        value.amount if value else None,
    )
    return Assessment((), route, estimate(claim, ECB, today) if route.partner else None)


def _problems(claim: Claim) -> Iterator[str]:
    """The desk checks again what the creditor's side has checked: it answers for what it opens."""
    if not claim.debtor.name.strip():
        yield "The debtor's name is missing. Enter it in the customer's record."
    yield from _country_problems(claim)
    if not claim.invoices:
        yield "The claim holds no invoice. Choose at least one."
        return
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


def _country_problems(claim: Claim) -> Iterator[str]:
    address = claim.debtor.address
    if not address.country:
        yield "The debtor's country is missing. Enter it in the customer's address."
    elif address.country not in COUNTRIES:
        yield f"The debtor's country “{address.country}” is not known. Correct it in the customer's address."
    elif not jurisdiction(address.country, address.state):
        yield "The debtor's US state is missing or not known. Enter it in the customer's address."


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
