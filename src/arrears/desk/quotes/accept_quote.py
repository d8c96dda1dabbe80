"""Choose one partner's offer: the case goes on with that partner at that price."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Party, Phase
from arrears.core.country import jurisdiction
from arrears.core.money import Money
from arrears.core.pricing import PriceSource
from arrears.core.quote import Offer, Outcome, QuoteState, price_text
from arrears.core.routing import Mechanism
from arrears.core.wording import date_text
from arrears.desk import outbox
from arrears.desk.actors import Actor, Refused
from arrears.desk.creditor_trail import note_deed
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import AgreementKind, Assignment, Case, Partner, Quote
from arrears.desk.moves import enter_phase, move
from arrears.desk.placing import give
from arrears.desk.quoting import end_request, offer_of, quote_for
from arrears.desk.roles import only
from arrears.desk.signatures import missing, signing_link


def accept_quote(
    actor: Actor, quote_id: UUID | str, *, now: datetime, today: date, return_url: str = ""
) -> Case:
    """Accept an offer as the creditor; the others are rejected.

    A partner that is new to the case may need a power of attorney first: Refused then carries the address to
    sign at, and nothing has changed. Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR)
    with transaction.atomic():
        quote = quote_for(actor, quote_id, lock=True)
        _check(quote, today)
        unsigned = _unsigned(quote, today)
        if not unsigned:
            _take(quote, actor, now, today)
            note_deed(quote.request.case, actor, f"Accepted the quote of {quote.partner.name} for", now)
    # Making the link writes a request to sign, which has to outlive the refusal.
    if unsigned:
        raise _to_sign(quote, unsigned, return_url, now)
    return quote.request.case


def _check(quote: Quote, today: date) -> None:
    if quote.state != QuoteState.OFFERED or quote.request.decided_at is not None:
        raise Refused(
            f"This quote cannot be accepted: it is {quote.state.lower()}.",
            code="not_now",
            action="Reload the quotes: they may have changed.",
        )
    if quote.valid_until < today:
        raise Refused(
            f"This quote was valid until {date_text(quote.valid_until)}.",
            code="quote_expired",
            action="Choose another quote, or ask the partner on the case for a new one.",
        )
    if not quote.partner.active:
        raise Refused(
            f"{quote.partner.name} takes no new cases at present.",
            code="partner_suspended",
            action="Choose another quote.",
        )


def _unsigned(quote: Quote, today: date) -> list[AgreementKind]:
    """The agreements the creditor still has to sign before a partner that is new to the case can act."""
    case = quote.request.case
    if quote.partner_id == case.partner_id and case.accepted_at is not None:
        return []
    needed = missing(case.creditor_id, quote.partner_id, _place(case), today)
    return [need.kind for need in needed if need.blocking]


def _to_sign(quote: Quote, kinds: list[AgreementKind], return_url: str, now: datetime) -> Refused:
    attorney = AgreementKind.POWER_OF_ATTORNEY in kinds
    what = f"a power of attorney for {quote.partner.name}" if attorney else "the debt collection agreement"
    refused = Refused(
        f"The partner cannot act for you yet: {what} has to be signed first.",
        code="MissingPowerOfAttorney" if attorney else "MissingDebtCollectionContract",
        action="Sign it, then accept the quote again.",
    )
    refused.url = signing_link(
        quote.request.case.creditor_id,
        return_url,
        now=now,
        partner_id=quote.partner_id,
        jurisdiction=_place(quote.request.case),
    )
    return refused


def _place(case: Case) -> str:
    return jurisdiction(case.debtor_country, case.debtor_state)


def _take(quote: Quote, actor: Actor, now: datetime, today: date) -> None:
    case, offer, partner = quote.request.case, offer_of(quote), quote.partner
    quote.state = QuoteState.ACCEPTED.value
    quote.updated_at = now
    quote.save()
    end_request(case, Outcome.ACCEPTED, now=now)
    is_new = partner.pk != case.partner_id
    changes = _terms(case, offer, today) | (_new_partner(partner) if is_new else {})
    for name, value in (changes | {"accepted_at": case.accepted_at or now}).items():
        setattr(case, name, value)
    text = f"The quote of {partner.name} is accepted: {price_text(offer)}."
    happen = give if is_new else move
    happen(case, Event.QUOTE_ACCEPTED, actor, text, now=now)
    _settle_assignments(case, partner, now)
    if case.phase != offer.phase:
        enter_phase(case, Phase(offer.phase), actor, f"The phase is now “{offer.phase}”.", now=now)
    data = {"quoteId": str(quote.public_id), "quoteRequestId": str(quote.request.public_id)}
    outbox.announce(case, "quote.accepted", now=now, data=data)


def _terms(case: Case, offer: Offer, today: date) -> dict[str, Any]:
    """The price agreed takes the place of the one at opening; own terms have no exclusive period."""
    rate = offer.success_fee or Decimal(0)
    return {
        "price_source": PriceSource.QUOTE.value,
        "price_name": price_text(offer),
        "price_as_of": today,
        "rate": rate,
        "uplift": Decimal(0),
        "expected_fee": Money(left_to_pay(case).principal, case.currency).percent(rate).amount,
        "period_start": None,
    }


def _new_partner(partner: Partner) -> dict[str, Any]:
    return {
        "partner": partner,
        "partner_reference": "",
        "mechanism": Mechanism.NETWORK.value,
        "routing_reason": f"The creditor accepted the quote of {partner.name}.",
    }


def _settle_assignments(case: Case, partner: Partner, now: datetime) -> None:
    """No assignment waits for an answer any more."""
    waiting = case.assignments.filter(outcome=Assignment.Outcome.WAITING)
    waiting.exclude(partner=partner).update(
        outcome=Assignment.Outcome.WITHDRAWN, decided_at=now, reason="Another partner's quote was accepted."
    )
    waiting.filter(partner=partner).update(
        outcome=Assignment.Outcome.ACCEPTED, decided_at=now, reason="Quote accepted."
    )
