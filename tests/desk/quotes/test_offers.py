"""Offering a price, changing it, taking it back, and holding offers against each other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import simplejson

from arrears.core.case import Lifecycle, Phase
from arrears.core.quote import AgreementType, Offer, QuoteState, RequestState
from arrears.desk.actors import NotThere, Refused
from arrears.desk.models import Case, Delivery, Quote, QuoteRequest, Webhook
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.list_quotes import list_quotes
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from arrears.desk.quoting import offer_of
from tests.desk.builders import OPERATOR
from tests.desk.quotes.conftest import MONDAY, TODAY, Bidding, a_bidder, as_partner, flat

pytestmark = pytest.mark.django_db

SUCCESS = Offer(AgreementType.SUCCESS, "GBP", date(2027, 3, 1), success_fee=Decimal(20))


def test_the_first_offer_asks_the_creditor_to_choose_and_is_announced(bidding: Bidding) -> None:
    Webhook.objects.create(
        organisation_id=bidding.case.creditor_id,
        url="https://acme.example/hook",
        events=["quote.created"],
        created_at=MONDAY,
        updated_at=MONDAY,
    )
    quote = bidding.offered(bidding.first)
    assert bidding.lifecycle is Lifecycle.PENDING_QUOTE_SELECTION
    told = simplejson.loads(Delivery.objects.get().payload)["data"]
    assert told["quoteId"] == str(quote.public_id)
    assert told["quoteRequestId"] == str(bidding.request.public_id)
    bidding.offered(bidding.first, flat("700"))
    assert Delivery.objects.count() == 1


def test_everything_offered_is_kept(bidding: Bidding) -> None:
    offer = Offer(
        AgreementType.HYBRID,
        "GBP",
        date(2027, 3, 1),
        phase=Phase.ENFORCEMENT,
        hourly_rate=Decimal("150.50"),
        hours=Decimal("7.25"),
        success_fee=Decimal("12.5"),
        court_costs=Decimal(455),
        solution="A claim at the county court.",
        fee_comments="Plus VAT.",
        why_us="We know the court.",
    )
    quote = bidding.offered(bidding.first, offer)
    assert offer_of(Quote.objects.get(pk=quote.pk)) == offer


def test_the_timeline_tells_no_price_while_others_may_still_bid(bidding: Bidding) -> None:
    bidding.offered(bidding.first, flat("777"))
    texts = [event.text for event in bidding.case.events.all()]
    assert "Alpha Law has offered a quote." in texts
    assert not any("777" in text for text in texts)


def test_a_partner_has_one_offer_and_may_change_it(bidding: Bidding) -> None:
    bidding.offered(bidding.first)
    bidding.offered(bidding.first, SUCCESS)
    quote = Quote.objects.get()
    assert (quote.agreement, quote.success_fee, quote.flat_fee) == ("Success Fee", Decimal(20), None)


def test_who_is_not_invited_cannot_offer(bidding: Bidding) -> None:
    stranger = a_bidder("Stranger", "FR")
    with pytest.raises(NotThere):
        bidding.offered(stranger)
    with pytest.raises(Refused, match="not invited"):
        offer_quote(
            OPERATOR,
            bidding.request.public_id,
            flat(),
            now=MONDAY,
            today=TODAY,
            partner_id=stranger.public_id,
        )
    with pytest.raises(Refused, match="not invited"):
        offer_quote(OPERATOR, bidding.request.public_id, flat(), now=MONDAY, today=TODAY)
    with pytest.raises(Refused, match="Only the partner"):
        offer_quote(bidding.creditor, bidding.request.public_id, flat(), now=MONDAY, today=TODAY)
    assert not Quote.objects.exists()


def test_a_partner_offers_in_its_own_name_only(bidding: Bidding) -> None:
    quote = offer_quote(
        as_partner(bidding.first),
        bidding.request.public_id,
        flat(),
        now=MONDAY,
        today=TODAY,
        partner_id=bidding.second.public_id,
    )
    assert quote.partner == bidding.first


def test_an_operator_offers_on_behalf_of_an_invited_partner(bidding: Bidding) -> None:
    ref = str(bidding.second.public_id)
    quote = offer_quote(OPERATOR, bidding.request.public_id, flat(), now=MONDAY, today=TODAY, partner_id=ref)
    assert quote.partner == bidding.second


def test_a_suspended_partner_cannot_offer(bidding: Bidding) -> None:
    bidding.first.active = False
    bidding.first.save()
    with pytest.raises(Refused, match="takes no new cases"):
        bidding.offered(bidding.first)


def test_the_window_closes_to_the_second(bidding: Bidding) -> None:
    closes = bidding.request.closes_at
    bidding.offered(bidding.first, now=closes - timedelta(seconds=1))
    with pytest.raises(Refused, match="no longer taken"):
        bidding.offered(bidding.second, now=closes)
    with pytest.raises(Refused, match="no longer taken"):
        bidding.offered(bidding.first, flat("1"), now=closes)


def test_the_last_offer_wanted_ends_the_window(bidding: Bidding) -> None:
    QuoteRequest.objects.update(max_quotes=1)
    bidding.offered(bidding.first)
    bidding.reload()
    assert bidding.request.state == RequestState.OFFERS_DONE
    assert bidding.request.decide_by == date(2026, 12, 7)
    with pytest.raises(Refused, match="no longer taken"):
        bidding.offered(bidding.second)


def test_an_offer_taken_back_frees_its_place(bidding: Bidding) -> None:
    QuoteRequest.objects.update(max_quotes=1)
    quote = bidding.offered(bidding.first)
    withdraw_quote(as_partner(bidding.first), quote.public_id, "Too busy.", now=MONDAY)
    bidding.offered(bidding.second)
    assert [row.state for row in Quote.objects.order_by("pk")] == ["Withdrawn", "Offered"]
    assert "Alpha Law has taken back its quote. Too busy." in [e.text for e in bidding.case.events.all()]


def test_after_the_window_a_withdrawn_offer_frees_nothing(bidding: Bidding) -> None:
    QuoteRequest.objects.update(max_quotes=1)
    quote = bidding.offered(bidding.first)
    withdraw_quote(as_partner(bidding.first), quote.public_id, now=bidding.request.closes_at)
    bidding.reload()
    assert bidding.request.state == RequestState.OFFERS_DONE


def test_only_its_partner_or_an_operator_takes_an_offer_back_and_only_once(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    with pytest.raises(NotThere, match="no such quote"):
        withdraw_quote(as_partner(bidding.second), quote.public_id, now=MONDAY)
    with pytest.raises(Refused, match="Only the partner"):
        withdraw_quote(bidding.creditor, quote.public_id, now=MONDAY)
    withdraw_quote(OPERATOR, quote.public_id, now=MONDAY)
    with pytest.raises(Refused, match="it is withdrawn"):
        withdraw_quote(OPERATOR, quote.public_id, now=MONDAY)


def test_a_broken_offer_is_refused_with_every_problem(bidding: Bidding) -> None:
    broken = Offer(AgreementType.FLAT, "EUR", date(2026, 11, 22))
    with pytest.raises(Refused) as refusal:
        bidding.offered(bidding.first, broken)
    for part in ("needs a flat fee", "in EUR", "valid until 22 November 2026"):
        assert part in str(refusal.value)
    assert bidding.lifecycle is Lifecycle.COLLECTING_QUOTES


def test_an_offer_for_a_phase_the_case_is_past_is_refused(bidding: Bidding) -> None:
    Case.objects.update(phase="Legal")
    with pytest.raises(Refused, match="past the phase “Pre-legal”"):
        bidding.offered(bidding.first, flat(phase=Phase.PRE_LEGAL))


def test_a_partner_sees_its_own_offer_and_a_creditor_all_that_stand(bidding: Bidding) -> None:
    mine, other = bidding.offered(bidding.first), bidding.offered(bidding.second)
    ref = bidding.request.public_id
    assert list(list_quotes(as_partner(bidding.first), ref)) == [mine]
    assert list(list_quotes(bidding.creditor, ref)) == [mine, other]
    withdraw_quote(OPERATOR, other.public_id, now=MONDAY)
    assert list(list_quotes(bidding.creditor, ref)) == [mine]
    assert list(list_quotes(OPERATOR, ref)) == [mine, other]
    with pytest.raises(NotThere):
        list_quotes(as_partner(a_bidder("Stranger", "FR")), ref)


def test_offers_are_compared_on_what_is_outstanding(bidding: Bidding) -> None:
    dear, cheap = bidding.offered(bidding.first), bidding.offered(bidding.second, SUCCESS)
    ref = bidding.request.public_id
    rows = compare_quotes(bidding.creditor, ref)
    assert [(row.key, str(row.cost.total), str(row.if_nothing)) for row in rows] == [
        (str(cheap.public_id), "100.00 GBP", "0.00 GBP"),
        (str(dear.public_id), "800.00 GBP", "800.00 GBP"),
    ]
    assert (
        str(compare_quotes(bidding.creditor, ref, recovered_points=Decimal(50))[0].cost.total) == "50.00 GBP"
    )
    quote = Quote.objects.get(pk=dear.pk)
    quote.state = QuoteState.WITHDRAWN.value
    quote.save()
    assert len(compare_quotes(bidding.creditor, ref)) == 1


def test_bidders_cannot_compare_and_assumptions_are_checked(bidding: Bidding) -> None:
    ref = bidding.request.public_id
    with pytest.raises(Refused, match="Only the creditor"):
        compare_quotes(as_partner(bidding.first), ref)
    for wrong in (Decimal(-1), Decimal(101), Decimal("NaN")):
        with pytest.raises(Refused, match="Assume"):
            compare_quotes(bidding.creditor, ref, recovered_points=wrong)
