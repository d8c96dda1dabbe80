"""Partners' quotes: what an offer must say, what it would cost on stated assumptions, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from arrears.core.case import Phase
from arrears.core.money import LARGEST_AMOUNT, Money, exponent, round_amount
from arrears.core.wording import date_text, list_text, money_text, number_text


class AgreementType(StrEnum):
    """How a partner wants to be paid."""

    HOURLY = "Hourly"
    FLAT = "Flat Fee"
    SUCCESS = "Success Fee"
    HYBRID = "Hybrid"


class Scenario(StrEnum):
    """Who is asked: whoever covers the place, or only the partner who has the case."""

    NETWORK = "Network"
    EXCLUSIVE = "Exclusive"


class Purpose(StrEnum):
    """What a quote is wanted for."""

    PHASE_CHANGE = "PhaseChange"
    ADDITIONAL_SERVICE = "AdditionalService"


class RequestState(StrEnum):
    """Where a request stands. While it is OPEN offers come in; with OFFERS_DONE the creditor decides."""

    OPEN = "Open"
    OFFERS_DONE = "Offers done"
    DECIDED = "Decided"
    EXPIRED = "Expired"


class QuoteState(StrEnum):
    """Where one offer stands. Only an OFFERED one can be accepted."""

    OFFERED = "Offered"
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    EXPIRED = "Expired"
    WITHDRAWN = "Withdrawn"


class Nature(StrEnum):
    """Whether the partner recommends the step or cannot go on without it. For display only."""

    RECOMMENDATION = "Recommendation"
    REQUIRED = "Required"


class Outcome(StrEnum):
    """How a request for quotes ended."""

    ACCEPTED = "Quote accepted"
    DECLINED = "Quotes declined"
    NO_QUOTES = "No quotes received"
    EXPIRED = "Quotes expired"
    CASE_ENDED = "Case went another way"


#: What an outcome makes of the request, and of the offers that were still standing.
ENDINGS: Mapping[Outcome, tuple[RequestState, QuoteState]] = MappingProxyType(
    {
        Outcome.ACCEPTED: (RequestState.DECIDED, QuoteState.REJECTED),
        Outcome.DECLINED: (RequestState.DECIDED, QuoteState.REJECTED),
        Outcome.NO_QUOTES: (RequestState.EXPIRED, QuoteState.EXPIRED),
        Outcome.EXPIRED: (RequestState.EXPIRED, QuoteState.EXPIRED),
        Outcome.CASE_ENDED: (RequestState.EXPIRED, QuoteState.EXPIRED),
    }
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A partner's price for a step.

    Amounts are in `currency`, the case's; `hourly_rate` for one hour and `hours` as the partner expects them;
    `success_fee` in percentage points of what is recovered; `court_costs` are what courts and bailiffs
    charge. `fixed_price` promises that the partner asks for nothing beyond the flat fee and the court costs.
    """

    agreement: AgreementType
    currency: str
    valid_until: date
    phase: Phase = Phase.LEGAL
    hourly_rate: Decimal | None = None
    hours: Decimal | None = None
    flat_fee: Decimal | None = None
    success_fee: Decimal | None = None
    court_costs: Decimal | None = None
    fixed_price: bool = False
    nature: Nature = Nature.RECOMMENDATION
    solution: str = ""
    fee_comments: str = ""
    why_us: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """On what terms offers are compared, the same for all of them.

    `principal` is what is left of it: what the debtor pays beyond that stays with the partner, and no fee is
    owed on it. `recovered_points` is how many per cent of it are recovered and `hours_points` how many per
    cent of the estimated hours are worked.
    """

    principal: Money
    recovered_points: Decimal = Decimal(100)
    hours_points: Decimal = Decimal(100)
    court_costs: bool = True

    @property
    def recovered(self) -> Money:
        return self.principal.percent(self.recovered_points)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One part of what an offer costs."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Cost:
    """What an offer costs on stated assumptions. The lines add up to the total."""

    total: Money
    lines: tuple[CostLine, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One offer beside the others. `net` is what is left of the recovered money; negative when it costs more.

    `if_nothing` is what the offer costs when nothing is recovered: the risk of taking it.
    """

    key: str
    offer: Offer
    cost: Cost
    net: Money
    if_nothing: Money


_MOST_HOURS = Decimal(100_000)
_MOST_POINTS = Decimal(100)
_PARTS = ("an hourly rate", "a flat fee", "a success fee")
_NEEDED = MappingProxyType(
    {AgreementType.HOURLY: _PARTS[0], AgreementType.FLAT: _PARTS[1], AgreementType.SUCCESS: _PARTS[2]}
)


def problems_of(offer: Offer, currency: str, today: date) -> tuple[str, ...]:
    """What is wrong with an offer on a case in `currency`, a sentence each; empty when it is complete."""
    return (
        *_figure_problems(offer),
        *_agreement_problems(offer),
        *_term_problems(offer, currency, today),
    )


def purpose_of(now: Phase | None, wanted: Phase) -> Purpose | None:
    """What quotes for a phase are for in a case that is in phase `now`; None when it is past that phase."""
    phases = tuple(Phase)
    if now is None or phases.index(wanted) > phases.index(now):
        return Purpose.PHASE_CHANGE
    return Purpose.ADDITIONAL_SERVICE if wanted is now else None


def expected_cost(offer: Offer, assumptions: Assumptions) -> Cost:
    """Hours at their rate, the flat fee, the success fee on what is recovered, and the court costs.

    Each line is rounded by the one rule, and the total is the sum of the lines.
    """
    lines = tuple(_cost_lines(offer, assumptions))
    total = sum((line.amount for line in lines), Money.zero(offer.currency))
    return Cost(total, lines, _stated(assumptions))


def compare(offers: Mapping[str, Offer], assumptions: Assumptions) -> tuple[Compared, ...]:
    """Offers by what they cost on the same assumptions, the cheapest first; then by what they risk."""
    nothing = replace(assumptions, recovered_points=Decimal(0))
    compared = []
    for key, offer in offers.items():
        cost = expected_cost(offer, assumptions)
        at_risk = expected_cost(offer, nothing).total
        compared.append(Compared(key, offer, cost, assumptions.recovered - cost.total, at_risk))
    return tuple(sorted(compared, key=lambda one: (one.cost.total.amount, one.if_nothing.amount, one.key)))


def price_text(offer: Offer) -> str:
    """An offer's price in words: `GBP 150.00 an hour for about 10 hours and 5% of what is recovered`."""
    parts = []
    if offer.hourly_rate is not None and offer.hours is not None:
        rate = money_text(Money(offer.hourly_rate, offer.currency))
        parts.append(f"{rate} an hour for about {number_text(offer.hours)} hours")
    if offer.flat_fee is not None:
        kind = "fixed price" if offer.fixed_price else "flat fee"
        parts.append(f"a {kind} of {money_text(Money(offer.flat_fee, offer.currency))}")
    if offer.success_fee is not None:
        parts.append(f"{number_text(offer.success_fee)}% of what is recovered")
    if offer.court_costs:
        parts.append(f"court costs of about {money_text(Money(offer.court_costs, offer.currency))}")
    return list_text(parts)


def _cost_lines(offer: Offer, assumptions: Assumptions) -> Iterator[CostLine]:
    currency = offer.currency
    if offer.hourly_rate is not None and offer.hours is not None:
        hours = offer.hours * assumptions.hours_points / 100
        label = f"{number_text(hours)} hours at {money_text(Money(offer.hourly_rate, currency))}"
        yield CostLine(label, Money(offer.hourly_rate * hours, currency).rounded())
    if offer.flat_fee is not None:
        yield CostLine("Flat fee", Money(offer.flat_fee, currency).rounded())
    if offer.success_fee is not None:
        recovered = assumptions.recovered
        label = f"{number_text(offer.success_fee)}% of {money_text(recovered)} recovered"
        yield CostLine(label, recovered.percent(offer.success_fee))
    if offer.court_costs is not None and assumptions.court_costs:
        yield CostLine("Court costs", Money(offer.court_costs, currency).rounded())


def _stated(assumptions: Assumptions) -> tuple[str, ...]:
    owed, recovered = money_text(assumptions.principal), money_text(assumptions.recovered)
    if assumptions.recovered_points == _MOST_POINTS:
        recovery = f"All that is left of the principal, {owed}, is recovered."
    elif assumptions.recovered_points:
        share = number_text(assumptions.recovered_points)
        recovery = f"{share}% of the principal of {owed} is recovered: {recovered}."
    else:
        recovery = f"Nothing of the principal of {owed} is recovered."
    if assumptions.hours_points == _MOST_POINTS:
        work = "Hourly work takes as many hours as estimated."
    else:
        work = f"Hourly work takes {number_text(assumptions.hours_points)}% of the hours estimated."
    court = "Court costs are included." if assumptions.court_costs else "Court costs are left out."
    return (recovery, work, court)


def _figure_problems(offer: Offer) -> Iterator[str]:
    amounts = {
        "hourly rate": offer.hourly_rate,
        "flat fee": offer.flat_fee,
        "court costs": offer.court_costs,
    }
    for name, amount in amounts.items():
        if amount is None:
            continue
        if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
            yield f"The {name} must be an amount of 0 or more."
        elif round_amount(amount, offer.currency) != amount:
            places = exponent(offer.currency)
            yield f"The {name} has more decimal places than the {places} of {offer.currency}."
    yield from _range_problem("estimated hours", offer.hours, _MOST_HOURS, 2)
    yield from _range_problem("success fee", offer.success_fee, _MOST_POINTS, 3)


def _range_problem(name: str, number: Decimal | None, most: Decimal, places: int) -> Iterator[str]:
    if number is None:
        return
    if not number.is_finite() or not 0 <= number <= most:
        yield f"The {name} must be a number from 0 to {number_text(most)}."
    elif round(number, places) != number:
        yield f"The {name} must have at most {places} decimal places."


def _agreement_problems(offer: Offer) -> Iterator[str]:
    """Each agreement says what it charges, and nothing that it does not mean."""
    if (offer.hourly_rate is None) != (offer.hours is None):
        yield "An hourly price needs both a rate for one hour and the estimated hours."
    figures = (offer.hourly_rate, offer.flat_fee, offer.success_fee)
    given = [part for part, figure in zip(_PARTS, figures, strict=True) if figure is not None]
    needed = _NEEDED.get(offer.agreement)
    if needed is None:
        if len(given) < 2:
            yield "A hybrid quote needs at least two of an hourly rate, a flat fee and a success fee."
    elif needed not in given:
        yield f"A quote of the kind “{offer.agreement}” needs {needed}."
    elif len(given) > 1:
        others = list_text([part for part in given if part != needed])
        yield f"A quote of the kind “{offer.agreement}” has no room for {others}. Offer it as “Hybrid”."
    if offer.fixed_price and (offer.flat_fee is None or offer.hourly_rate is not None):
        yield "Only a flat fee without hourly work can be a fixed price."


def _term_problems(offer: Offer, currency: str, today: date) -> Iterator[str]:
    if offer.currency != currency:
        yield f"The quote is in {offer.currency or 'no currency'}, but the case in {currency}."
    if offer.valid_until < today:
        yield f"The quote was valid until {date_text(offer.valid_until)}. Give a day that is still to come."
