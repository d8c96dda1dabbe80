"""Windows and deadlines pass: also in the very moment in which somebody decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.quote import Outcome, QuoteState, RequestState
from arrears.desk.actors import Refused
from arrears.desk.models import Case, Quote, QuoteRequest
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.sweep_quotes import sweep_quotes
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from tests.desk.builders import OPERATOR
from tests.desk.quotes.conftest import MONDAY, TODAY, Bidding, a_bidder, begin_bidding, flat

SECOND = timedelta(seconds=1)
DECIDE_BY = date(2026, 12, 25)


def swept(now: datetime, today: date | None = None) -> int:
    return sweep_quotes(now=now, today=today or now.date())


def offers_done(bidding: Bidding) -> None:
    """The window is over with an offer; it is Friday 11 December, 17:00."""
    assert swept(bidding.request.closes_at) == 1
    bidding.reload()


@pytest.mark.django_db
def test_nothing_happens_before_the_window_is_over(bidding: Bidding) -> None:
    assert swept(bidding.request.closes_at - SECOND) == 0
    assert bidding.lifecycle is Lifecycle.COLLECTING_QUOTES


@pytest.mark.django_db
def test_after_the_window_the_creditor_has_some_days_to_decide(bidding: Bidding) -> None:
    bidding.offered(bidding.first)
    offers_done(bidding)
    assert (bidding.request.state, bidding.request.decide_by) == (RequestState.OFFERS_DONE, DECIDE_BY)
    assert "The time for quotes is over. Choose one by 25 December 2026." in [
        event.text for event in bidding.case.events.all()
    ]
    assert swept(bidding.request.closes_at) == 0
    assert bidding.lifecycle is Lifecycle.PENDING_QUOTE_SELECTION


@pytest.mark.django_db
def test_a_case_without_quotes_is_closed_as_such(bidding: Bidding) -> None:
    assert swept(bidding.request.closes_at) == 1
    bidding.reload()
    assert (bidding.case.lifecycle, bidding.case.close_code) == (Lifecycle.CLOSED, CloseCode.NO_QUOTES)
    assert (bidding.request.state, bidding.request.outcome) == (RequestState.EXPIRED, Outcome.NO_QUOTES)


@pytest.mark.django_db
def test_a_case_at_work_without_quotes_goes_on(bidding_at_work: Bidding) -> None:
    assert swept(bidding_at_work.request.closes_at) == 1
    assert bidding_at_work.lifecycle is Lifecycle.ACTIVE


@pytest.mark.django_db
def test_the_last_day_to_decide_belongs_to_the_creditor(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    offers_done(bidding)
    assert swept(MONDAY, DECIDE_BY) == 0
    accept_quote(bidding.creditor, quote.public_id, now=MONDAY, today=DECIDE_BY)


@pytest.mark.django_db
def test_quotes_that_nobody_decides_about_expire_with_the_case(bidding: Bidding) -> None:
    bidding.offered(bidding.first)
    offers_done(bidding)
    assert swept(MONDAY, DECIDE_BY + timedelta(days=1)) == 1
    bidding.reload()
    assert bidding.case.close_code == CloseCode.QUOTES_EXPIRED
    assert bidding.request.outcome == Outcome.EXPIRED
    assert Quote.objects.get().state == QuoteState.EXPIRED


@pytest.mark.django_db
def test_quotes_that_nobody_decides_about_expire_and_a_case_at_work_goes_on(bidding_at_work: Bidding) -> None:
    bidding_at_work.offered(bidding_at_work.first)
    offers_done(bidding_at_work)
    assert swept(MONDAY, DECIDE_BY + timedelta(days=1)) == 1
    assert bidding_at_work.lifecycle is Lifecycle.ACTIVE
    assert Quote.objects.get().state == QuoteState.EXPIRED


@pytest.mark.django_db
def test_an_offer_past_its_own_day_expires_and_the_last_one_ends_the_request(bidding: Bidding) -> None:
    bidding.offered(bidding.first, flat(valid_until=date(2026, 12, 12)))
    bidding.offered(bidding.second, flat(valid_until=date(2026, 12, 13)))
    offers_done(bidding)
    assert swept(MONDAY, date(2026, 12, 13)) == 0
    assert [quote.state for quote in Quote.objects.order_by("pk")] == ["Expired", "Offered"]
    assert swept(MONDAY, date(2026, 12, 14)) == 1
    bidding.reload()
    assert bidding.case.close_code == CloseCode.QUOTES_EXPIRED


@pytest.mark.django_db
def test_when_all_offers_are_taken_back_after_the_window_there_are_none(bidding: Bidding) -> None:
    quote = bidding.offered(bidding.first)
    offers_done(bidding)
    withdraw_quote(OPERATOR, quote.public_id, now=bidding.request.closes_at)
    assert swept(bidding.request.closes_at) == 1
    bidding.reload()
    assert bidding.case.close_code == CloseCode.NO_QUOTES


@pytest.mark.django_db
def test_a_request_of_a_case_that_went_another_way_just_ends(bidding: Bidding) -> None:
    bidding.offered(bidding.first)
    Case.objects.update(lifecycle=Lifecycle.CLOSED.value, close_code=CloseCode.OTHER.value)
    assert swept(bidding.request.closes_at) == 1
    bidding.reload()
    assert (bidding.request.outcome, bidding.case.close_code) == (Outcome.CASE_ENDED, CloseCode.OTHER)


# Two at once: the case's row decides who is first.


@pytest.fixture
def shared_bidding(transactional_db: None) -> Bidding:
    bidding = begin_bidding()
    bidding.offered(bidding.first)
    offers_done(bidding)
    return bidding


class _Elsewhere(threading.Thread):
    """Something done over a database connection of its own; `result` is what it gave or raised."""

    def __init__(self, work: object) -> None:
        super().__init__()
        self._work = work
        self.result: object = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self._work()  # type: ignore[operator]
        except Refused as refusal:
            self.result = refusal
        finally:
            connection.close()

    def wait_until_blocked(self) -> None:
        for _ in range(500):
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from pg_locks where not granted")
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.02)
        raise AssertionError("Nothing waits for the case's row.")


@pytest.fixture
def threads() -> Iterator[list[_Elsewhere]]:
    started: list[_Elsewhere] = []
    yield started
    for thread in started:
        thread.join(30)


def test_a_deadline_leaves_a_case_alone_that_is_being_decided(shared_bidding: Bidding) -> None:
    late = DECIDE_BY + timedelta(days=1)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=shared_bidding.case.pk)
        sweep = _Elsewhere(lambda: swept(MONDAY, late))
        sweep.join(30)
        assert sweep.result == 0
        quote = Quote.objects.get()
        accept_quote(shared_bidding.creditor, quote.public_id, now=MONDAY, today=TODAY)
    assert swept(MONDAY, late) == 0
    assert shared_bidding.lifecycle is Lifecycle.ACTIVE


def test_who_accepts_while_the_deadline_passes_is_told(
    shared_bidding: Bidding, threads: list[_Elsewhere]
) -> None:
    quote = Quote.objects.get()
    with transaction.atomic():
        swept(MONDAY, DECIDE_BY + timedelta(days=1))
        accepting = _Elsewhere(
            lambda: accept_quote(shared_bidding.creditor, quote.public_id, now=MONDAY, today=TODAY)
        )
        threads.append(accepting)
        accepting.wait_until_blocked()
    accepting.join(30)
    assert isinstance(accepting.result, Refused)
    assert "it is expired" in str(accepting.result)
    shared_bidding.reload()
    assert shared_bidding.case.close_code == CloseCode.QUOTES_EXPIRED


def test_two_partners_cannot_both_take_the_last_place(
    transactional_db: None, threads: list[_Elsewhere]
) -> None:
    bidding = begin_bidding()
    QuoteRequest.objects.update(max_quotes=1)
    a_bidder("Gamma Law")
    with transaction.atomic():
        bidding.offered(bidding.first)
        other = _Elsewhere(lambda: bidding.offered(bidding.second))
        threads.append(other)
        other.wait_until_blocked()
    other.join(30)
    assert isinstance(other.result, Refused)
    assert [quote.partner for quote in Quote.objects.all()] == [bidding.first]
