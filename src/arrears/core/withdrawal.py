"""What it takes, and costs, for a creditor to take a case back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arrears.core.case import Lifecycle, Phase
from arrears.core.exclusivity import PeriodStatus
from arrears.core.money import Money
from arrears.core.wording import money_text, number_text


class May(StrEnum):
    """What a creditor may do: end the case at once, or ask the partner to agree."""

    CLOSE = "close"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how a case can be withdrawn.

    `accepted` says whether a partner has taken the case. `period` is how its exclusive period stands, None
    where there is none. `principal` and `collection_fees` are what is left of each for the debtor to pay.
    `rate` is the success fee in percentage points, None while it is not agreed. `by_quote`: the price was
    agreed for this case alone. `has_partner`: somebody is there to be asked.
    """

    lifecycle: Lifecycle
    accepted: bool
    has_partner: bool
    period: PeriodStatus | None
    phase: Phase | None
    by_quote: bool
    principal: Money
    rate: Decimal | None
    collection_fees: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """How a case can be withdrawn today.

    `cost` is what the creditor would owe the partner, before VAT; None when it is a matter of what was agreed
    with the partner. `costs_note` says what makes up the cost. `sentences` tell all of it to a person.
    """

    may: May
    cost: Money | None
    costs_note: str
    sentences: tuple[str, ...]


_ASKED = "The partner is asked to agree, and stops working the case until it has answered."


def is_free_at_first(lifecycle: Lifecycle, *, accepted: bool) -> bool:
    """Whether a case can be closed again as if it had never been opened: open, and no partner has taken it.

    Source: the standard debt collection agreement, section 15.
    """
    return not accepted and lifecycle is not Lifecycle.CLOSED


def withdrawal_terms(facts: Facts) -> Terms | None:
    """How a case can be withdrawn and what that costs, or None when it is closed already."""
    if facts.lifecycle is Lifecycle.CLOSED:
        return None
    if not facts.accepted or not facts.has_partner:
        return _free(facts, "No partner has accepted this case yet, so withdrawing it is free.")
    if facts.phase in (Phase.LEGAL, Phase.ENFORCEMENT):
        return _as_agreed(f"This case is in the {facts.phase.lower()} phase.")
    if facts.by_quote or facts.period is None or facts.rate is None:
        return _as_agreed("The terms of this case were agreed with the partner for this case alone.")
    if facts.period is not PeriodStatus.ACTIVE:
        return _free(facts, "The partner's exclusive period is over, so withdrawing this case is free.")
    return _inside_the_period(facts, facts.rate)


def _free(facts: Facts, why: str) -> Terms:
    return Terms(May.CLOSE, Money.zero(facts.principal.currency), "", (why, "It is closed at once."))


def _as_agreed(why: str) -> Terms:
    cost = "What it costs to withdraw it follows from what was agreed with the partner."
    return Terms(May.REQUEST, None, "As agreed with the partner.", (why, cost, _ASKED))


def _inside_the_period(facts: Facts, rate: Decimal) -> Terms:
    fee = facts.principal.percent(rate)
    cost = fee + facts.collection_fees.rounded()
    note = (
        f"{money_text(fee)} is the full success fee, {number_text(rate)}% of the outstanding principal of "
        f"{money_text(facts.principal)}."
    )
    if facts.collection_fees.amount:
        note += f" {money_text(facts.collection_fees)} is the partner's collection costs."
    sentences = (
        "The partner's exclusive period is running.",
        f"Withdrawing this case now costs {money_text(cost)}, before any VAT on the fee.",
        note,
        _ASKED,
    )
    return Terms(May.REQUEST, cost, note, sentences)
