"""Accepting and declining quotes: what becomes of the case, its price, its partner and the other offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import simplejson

from arrears.core.case import CloseCode, Lifecycle, Party, Phase
from arrears.core.quote import AgreementType, Offer, Outcome, QuoteState, RequestState
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import (
    AgreementKind,
    AgreementVersion,
    Assignment,
    Case,
    Delivery,
    Disclosure,
    Quote,
    QuoteRequest,
    SigningRequest,
    Webhook,
)
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.decline_quotes import decline_quotes
from tests.desk.builders import OPERATOR, an_organisation, partner_of
from tests.desk.quotes.conftest import MONDAY, TODAY, Bidding, as_partner, flat

pytestmark = pytest.mark.django_db

PERCENT = Offer(
    AgreementType.HYBRID, "GBP", date(2027, 3, 1), flat_fee=Decimal(100), success_fee=Decimal("12.5")
)


def accepted(bidding: Bidding, quote: Quote, actor: Actor | None = None, **changes: Any) -> Case:
    known: dict[str, Any] = {"now": MONDAY, "today": TODAY}
    return accept_quote(actor or bidding.creditor, quote.public_id, **(known | changes))


def test_the_case_goes_on_with_the_quotes_partner_phase_and_price(bidding: Bidding) -> None:
    accepted(bidding, bidding.offered(bidding.first, PERCENT))
    bidding.reload()
    case = bidding.case
    assert (case.lifecycle, case.phase, case.partner) == (Lifecycle.ACTIVE, Phase.LEGAL, bidding.first)
    assert (case.price_source, case.price_as_of) == ("Accepted quote", TODAY)
    assert (case.rate, case.uplift, case.expected_fee) == (Decimal("12.5"), Decimal(0), Decimal("62.5"))
    assert case.price_name == "a flat fee of GBP 100.00 and 12.5% of what is recovered"
    assert (case.mechanism, case.accepted_at) == ("request for quotes", MONDAY)
    assert partner_of(case).partner == bidding.first.pk


def test_without_a_success_fee_nothing_is_owed_on_what_is_recovered(bidding: Bidding) -> None:
    case = accepted(bidding, bidding.offered(bidding.first))
    assert (case.rate, case.expected_fee) == (Decimal(0), Decimal(0))


def test_the_request_is_decided_and_the_other_offers_are_rejected(bidding: Bidding) -> None:
    won, lost = bidding.offered(bidding.first), bidding.offered(bidding.second)
    accepted(bidding, won)
    bidding.reload()
    assert (bidding.request.state, bidding.request.outcome) == (RequestState.DECIDED, Outcome.ACCEPTED)
    states = {quote.pk: quote.state for quote in Quote.objects.all()}
    assert states == {won.pk: QuoteState.ACCEPTED, lost.pk: QuoteState.REJECTED}
    assert len(compare_quotes(bidding.creditor, bidding.request.public_id)) == 2


def test_the_new_partner_is_assigned_and_what_it_was_told_is_written_down(bidding: Bidding) -> None:
    accepted(bidding, bidding.offered(bidding.first))
    assignment = Assignment.objects.get()
    assert (assignment.partner, assignment.outcome) == (bidding.first, Assignment.Outcome.ACCEPTED)
    assert Disclosure.objects.get().to == "Alpha Law"


def test_a_case_keeps_its_partner_when_that_ones_quote_is_accepted(bidding_at_work: Bidding) -> None:
    bidding, home = bidding_at_work, bidding_at_work.case.partner
    assert home is not None
    Assignment.objects.create(
        case=bidding.case, partner=home, given_at=MONDAY, outcome=Assignment.Outcome.ACCEPTED
    )
    bidding.request.invited.add(home)
    before = bidding.case.accepted_at
    case = accepted(bidding, bidding.offered(home))
    assert (case.partner, case.accepted_at, case.phase) == (home, before, Phase.LEGAL)
    assert Assignment.objects.count() == 1
    assert not Disclosure.objects.exists()


def test_own_terms_end_the_exclusive_period(bidding_at_work: Bidding) -> None:
    Case.objects.update(period_start=date(2026, 11, 2))
    case = accepted(bidding_at_work, bidding_at_work.offered(bidding_at_work.first))
    assert case.period_start is None


def test_accepting_is_announced(bidding: Bidding) -> None:
    Webhook.objects.create(
        organisation_id=bidding.case.creditor_id,
        url="https://acme.example/hook",
        events=["quote.accepted", "case.phase_changed"],
        created_at=MONDAY,
        updated_at=MONDAY,
    )
    quote = bidding.offered(bidding.first)
    accepted(bidding, quote)
    told = {delivery.event: simplejson.loads(delivery.payload)["data"] for delivery in Delivery.objects.all()}
    assert set(told) == {"quote.accepted", "case.phase_changed"}
    assert told["quote.accepted"]["quoteId"] == str(quote.public_id)


def test_only_the_cases_creditor_accepts(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    for actor in (as_partner(bidding.first), OPERATOR):
        with pytest.raises(Refused, match="Only the creditor"):
            accepted(bidding, quote, actor)
    stranger = Actor(Party.CREDITOR, "Stranger", organisation=an_organisation("Other").pk)
    with pytest.raises(NotThere, match="no such quote"):
        accepted(bidding, quote, stranger)
    assert bidding.lifecycle is Lifecycle.PENDING_QUOTE_SELECTION


def test_one_quote_is_accepted_once(bidding: Bidding) -> None:
    won, lost = bidding.offered(bidding.first), bidding.offered(bidding.second)
    accepted(bidding, won)
    for quote, state in ((won, "accepted"), (lost, "rejected")):
        with pytest.raises(Refused, match=f"it is {state}"):
            accepted(bidding, quote)


def test_an_offer_is_good_to_the_end_of_its_last_day(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first, flat(valid_until=date(2026, 11, 25)))
    with pytest.raises(Refused, match="valid until 25 November 2026"):
        accepted(bidding, quote, today=date(2026, 11, 26))
    accepted(bidding, quote, today=date(2026, 11, 25))


def test_a_suspended_partner_gets_no_case(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    bidding.first.active = False
    bidding.first.save()
    with pytest.raises(Refused, match="takes no new cases"):
        accepted(bidding, quote)


def test_without_a_power_of_attorney_for_the_new_partner_there_is_a_link_to_sign(bidding: Bidding) -> None:
    AgreementVersion.objects.create(
        kind=AgreementKind.POWER_OF_ATTORNEY, version="1", text="{creditor}", since=date(2026, 1, 1)
    )
    quote = bidding.offered(bidding.first)
    with pytest.raises(Refused) as refusal:
        accepted(bidding, quote, return_url="https://acme.example/back")
    assert refusal.value.code == "MissingPowerOfAttorney"
    assert "/sign/" in refusal.value.url
    assert SigningRequest.objects.get().partner == bidding.first
    assert bidding.lifecycle is Lifecycle.PENDING_QUOTE_SELECTION
    assert Quote.objects.get().state == QuoteState.OFFERED


def test_declining_withdraws_a_case_that_nobody_has_worked_on(bidding: Bidding) -> None:
    bidding.offered(bidding.first)
    decline_quotes(bidding.creditor, bidding.request.public_id, "Too dear.", now=MONDAY)
    bidding.reload()
    assert (bidding.case.lifecycle, bidding.case.close_code) == (Lifecycle.CLOSED, CloseCode.WITHDRAWN)
    assert (bidding.request.state, bidding.request.outcome) == (RequestState.DECIDED, Outcome.DECLINED)
    assert Quote.objects.get().state == QuoteState.REJECTED


def test_declining_lets_a_case_at_work_go_on(bidding_at_work: Bidding) -> None:
    bidding, home = bidding_at_work, bidding_at_work.case.partner
    decline_quotes(bidding.creditor, bidding.request.public_id, now=MONDAY)
    bidding.reload()
    assert (bidding.case.lifecycle, bidding.case.partner) == (Lifecycle.ACTIVE, home)
    with pytest.raises(Refused, match="ended already"):
        decline_quotes(bidding.creditor, bidding.request.public_id, now=MONDAY)


def test_only_the_cases_creditor_declines(bidding: Bidding) -> None:
    for actor in (as_partner(bidding.first), OPERATOR):
        with pytest.raises(Refused, match="Only the creditor"):
            decline_quotes(actor, bidding.request.public_id, now=MONDAY)
    stranger = Actor(Party.CREDITOR, "Stranger", organisation=an_organisation("Other").pk)
    with pytest.raises(NotThere):
        decline_quotes(stranger, bidding.request.public_id, now=MONDAY)
    assert QuoteRequest.objects.get().decided_at is None
