"""Asking for quotes: who is invited, for how long, and what a bidder gets to know."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from arrears.core.case import Lifecycle, Party, Phase
from arrears.core.quote import Outcome, QuoteState, RequestState, Scenario
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Assignment, Case, DeskSettings, Disclosure, QuoteRequest
from arrears.desk.quotes.invite_partner import invite_partner
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.quotes.read_quote_request import read_quote_request
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.quoting import InvitedCase, end_request, invited_case
from tests.desk.builders import OPERATOR, a_case, a_partner, an_organisation, creditor_of, partner_of
from tests.desk.quotes.conftest import MONDAY, TODAY, Bidding, a_bidder, as_partner

pytestmark = pytest.mark.django_db


def asked(case: Case, actor: Actor | None = None, **changes: Any) -> QuoteRequest:
    known: dict[str, Any] = {
        "phase": Phase.LEGAL,
        "text": "Court, please.",
        "scenario": Scenario.NETWORK,
        "now": MONDAY,
        "today": TODAY,
    }
    return request_quotes(actor or creditor_of(case), case.public_id, **(known | changes))


def at(day: int, hour: int, month: int = 11, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_asking_moves_the_case_and_invites_who_covers_the_place() -> None:
    case = a_case(phase="Pre-legal")
    here, _ = a_bidder("Here"), a_bidder("Elsewhere", "FR")
    request = asked(case)
    assert list(request.invited.all()) == [here]
    assert Case.objects.get().lifecycle == Lifecycle.COLLECTING_QUOTES
    assert (request.purpose, request.state, request.max_quotes) == ("PhaseChange", "Open", 5)
    assert "1 partner is asked for quotes until 11 December 2026." in [e.text for e in case.events.all()]


@pytest.mark.parametrize("may_bid", [True, False])
def test_the_present_partner_bids_only_if_it_may(may_bid: bool) -> None:
    home = a_bidder("Home")
    request = asked(a_case(partner=home, phase="Pre-legal"), partner_may_bid=may_bid)
    assert list(request.invited.all()) == ([home] if may_bid else [])


def test_whoever_declined_the_case_is_not_invited() -> None:
    case, decliner = a_case(phase="Pre-legal"), a_bidder("Decliner")
    Assignment.objects.create(
        case=case, partner=decliner, given_at=MONDAY, outcome=Assignment.Outcome.DECLINED
    )
    assert not asked(case).invited.exists()


def test_an_exclusive_request_asks_the_cases_partner_alone_for_one_quote() -> None:
    home = a_partner("Home")
    a_bidder("Other")
    request = asked(a_case(partner=home, phase="Pre-legal"), scenario=Scenario.EXCLUSIVE)
    assert list(request.invited.all()) == [home]
    assert request.max_quotes == 1


def test_an_exclusive_request_needs_a_partner() -> None:
    case = a_case(partner=None)
    with pytest.raises(Refused, match="no partner who could be asked alone"):
        asked(case, scenario=Scenario.EXCLUSIVE)
    assert not QuoteRequest.objects.exists()


def test_a_partner_can_ask_to_offer_terms_of_its_own_before_it_accepts() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    with pytest.raises(Refused):
        asked(case, scenario=Scenario.EXCLUSIVE)
    with pytest.raises(Refused):
        asked(case, partner_of(case))
    assert not QuoteRequest.objects.exists()
    asked(case, partner_of(case), scenario=Scenario.EXCLUSIVE)
    assert Case.objects.get().lifecycle == Lifecycle.COLLECTING_QUOTES


@pytest.mark.parametrize("lifecycle", [Lifecycle.PAUSED, Lifecycle.CLOSED, Lifecycle.MORE_INFO])
def test_quotes_are_asked_for_on_active_cases_only(lifecycle: Lifecycle) -> None:
    case = a_case(lifecycle)
    with pytest.raises(Refused):
        asked(case)
    assert not QuoteRequest.objects.exists()


def test_a_case_never_goes_back_to_an_earlier_phase() -> None:
    with pytest.raises(Refused, match="past that phase"):
        asked(a_case(phase="Enforcement"))
    assert asked(a_case(phase="Legal", creditor=an_organisation("Other"))).purpose == "AdditionalService"


def test_a_case_has_one_open_request_at_a_time(bidding: Bidding) -> None:
    Case.objects.filter(pk=bidding.case.pk).update(lifecycle=Lifecycle.ACTIVE.value)
    with pytest.raises(Refused, match="already"):
        asked(bidding.case)
    end_request(bidding.case, Outcome.CASE_ENDED, now=MONDAY)
    asked(bidding.case)
    assert QuoteRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("now", "hours", "closes"),
    [
        (at(23, 8), 120, at(11, 17, 12)),
        (at(27, 16), 8, at(30, 16)),
        (at(27, 17), 8, at(30, 17)),
        (at(27, 20), 1, at(30, 10)),
        (at(28, 12), 120, at(18, 17, 12)),
        (at(27, 16, minute=30), 120, at(18, 16, 12, 30)),
    ],
)
def test_the_window_counts_business_hours_only(now: datetime, hours: int, closes: datetime) -> None:
    settings = DeskSettings.current()
    settings.quote_business_hours = hours
    settings.save()
    request = asked(a_case(phase="Pre-legal"), now=now, today=now.date())
    assert request.closes_at == closes


def test_a_bidder_learns_about_the_debt_and_nothing_about_who_owes_it(bidding: Bidding) -> None:
    told = invited_case(as_partner(bidding.first), bidding.request.public_id)
    assert (told.country, str(told.outstanding), told.debtor_type) == ("GB", "500.00 GBP", "company")
    shown = " ".join(str(getattr(told, field.name)) for field in fields(InvitedCase))
    for personal in ("Debtor Ltd", "Low Road", "Leeds", "LS1"):
        assert personal not in shown
    assert not Disclosure.objects.exists()


def test_requests_are_seen_by_the_creditor_the_invited_and_operators(bidding: Bidding) -> None:
    seeing = [bidding.creditor, as_partner(bidding.first), OPERATOR]
    stranger = Actor(Party.CREDITOR, "Stranger", organisation=an_organisation("Other").pk)
    blind = [stranger, as_partner(a_bidder("Uninvited", "FR")), Actor(Party.PARTNER, "Nobody")]
    for actor in seeing:
        assert read_quote_request(actor, str(bidding.request.public_id)) == bidding.request
        assert [row.pk for row in list_quote_requests(actor, undecided=True)] == [bidding.request.pk]
    for actor in blind:
        assert not list_quote_requests(actor).exists()
        with pytest.raises(NotThere):
            read_quote_request(actor, bidding.request.public_id)
        with pytest.raises(NotThere):
            invited_case(actor, bidding.request.public_id)


@pytest.mark.parametrize("address", ["nonsense", uuid4()])
def test_a_request_that_is_not_there_looks_like_somebody_elses(bidding: Bidding, address: Any) -> None:
    with pytest.raises(NotThere, match="no such quote request"):
        read_quote_request(bidding.creditor, address)


def test_partners_do_not_see_requests_of_test_cases(bidding: Bidding) -> None:
    Case.objects.update(is_test=True)
    assert not list_quote_requests(as_partner(bidding.first)).exists()
    assert list_quote_requests(bidding.creditor).exists()


def test_requests_are_listed_newest_first_with_the_number_of_standing_offers(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    bidding.offered(bidding.second)
    quote.state = QuoteState.WITHDRAWN.value
    quote.save()
    rows = list_quote_requests(bidding.creditor, case_id=bidding.case.public_id)
    assert [row.offers for row in rows] == [1]  # type: ignore[attr-defined]
    with pytest.raises(NotThere):
        list_quote_requests(as_partner(bidding.first), case_id=bidding.case.public_id)


def test_an_operator_invites_a_partner_from_anywhere_once(bidding: Bidding) -> None:
    more = a_bidder("Gamma", "FR")
    for _ in range(2):
        invite_partner(OPERATOR, bidding.request.public_id, str(more.public_id), now=MONDAY)
    assert read_quote_request(as_partner(more), bidding.request.public_id) == bidding.request
    assert [e.text for e in bidding.case.events.all()].count("Gamma is asked for a quote as well.") == 1


def test_inviting_is_refused_to_others_and_for_partners_that_cannot_quote(bidding: Bidding) -> None:
    sleeper = a_bidder("Sleeper", active=False)
    ref = bidding.request.public_id
    with pytest.raises(Refused, match="Only the operator"):
        invite_partner(bidding.creditor, ref, sleeper.public_id, now=MONDAY)
    with pytest.raises(Refused, match="takes no new cases"):
        invite_partner(OPERATOR, ref, sleeper.public_id, now=MONDAY)
    with pytest.raises(NotThere, match="no such partner"):
        invite_partner(OPERATOR, ref, "nobody", now=MONDAY)
    with pytest.raises(Refused, match="no longer taken"):
        invite_partner(OPERATOR, ref, bidding.first.public_id, now=bidding.request.closes_at)


@pytest.mark.parametrize(
    ("outcome", "state", "standing"),
    [
        (Outcome.DECLINED, RequestState.DECIDED, QuoteState.REJECTED),
        (Outcome.EXPIRED, RequestState.EXPIRED, QuoteState.EXPIRED),
        (Outcome.CASE_ENDED, RequestState.EXPIRED, QuoteState.EXPIRED),
    ],
)
def test_an_ended_request_ends_its_standing_offers_only(
    bidding: Bidding, outcome: Outcome, state: RequestState, standing: QuoteState
) -> None:
    taken_back = bidding.offered(bidding.first)
    taken_back.state = QuoteState.WITHDRAWN.value
    taken_back.save()
    bidding.offered(bidding.second)
    for _ in range(2):
        end_request(bidding.case, outcome, now=MONDAY)
    bidding.reload()
    assert (bidding.request.state, bidding.request.outcome) == (state, outcome)
    assert [quote.state for quote in bidding.request.quotes.all()] == [QuoteState.WITHDRAWN, standing]
