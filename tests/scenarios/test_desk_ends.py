"""The other ways a claim can go: refused, unanswered, declined, not quoted for, withdrawn, bounced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from arrears.core.case import Lifecycle, Party
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType
from arrears.core.withdrawal import May
from arrears.desk.actors import NotThere, Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, QuoteRequest
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.statement import statement
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.offer_quote import offer_quote
from tests.desk.api.world import a_case_body, a_program
from tests.desk.builders import sign_everything
from tests.scenarios.desk_world import World, a_world, an_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsigned(settings: Settings) -> World:
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.ARREARS_URL = "https://desk.example"
    return a_world()


@pytest.fixture
def world(unsigned: World) -> World:
    """The creditor has signed the agreement, and a power of attorney for every partner."""
    sign_everything(unsigned.program.creditor)
    return unsigned


def opened(world: World, **changes: Any) -> None:
    """A claim over 1,200.50: below 2,000 US dollars no papers are needed, so it is verified at once."""
    world.case_id = world.program.open(**changes)["id"]


def accepted(world: World) -> None:
    """Opened on Monday 23 November, accepted by Oriel on the next day with 70.00 of collection fees."""
    opened(world)
    world.until(2026, 11, 24, 10)
    accept_case(world.partner("Oriel Agency"), world.case_id, collection_fees=Decimal(70), **world.when)


def ended(world: World) -> tuple[str, str]:
    told = world.shown()
    return told["lifecycle"], told["closeCode"]


def test_without_a_signature_a_program_is_told_where_to_sign_and_nothing_is_opened(unsigned: World) -> None:
    refused = unsigned.program.post("/cases", a_case_body(), 422)

    types = [error["type"] for error in refused["businessErrors"]]
    assert types == ["MissingDebtCollectionContract", "MissingPowerOfAttorney"]
    assert refused["signingHandoff"]["combinedSigningUrl"].startswith("https://desk.example/")
    assert not Case.objects.exists()


def test_what_is_somebody_elses_looks_as_if_it_were_not_there(world: World) -> None:
    opened(world)
    a_program("Other Ltd").get(f"/cases/{world.case_id}", 404)
    with pytest.raises(NotThere):
        accept_case(world.partner("Crown Law"), world.case_id, **world.when)


def test_before_anybody_has_accepted_there_is_nothing_to_be_paid(world: World) -> None:
    opened(world)
    with pytest.raises(Refused, match="No partner has accepted the case yet"):
        record_payment(
            world.partner("Oriel Agency"),
            world.case_id,
            paid_on=world.today,
            amount=Decimal(100),
            recipient=Recipient.PARTNER,
            **world.when,
        )


def test_a_creditor_who_never_answers_is_asked_and_then_let_go(world: World) -> None:
    # About 8,200 US dollars with neither a file nor a description.
    opened(world, amountToRecover=6123.45, claimDescription=None)
    assert world.shown()["lifecycle"] == "Pending Verification Internal"
    world.until(2026, 11, 23, 10, 59)
    assert world.tasks(Party.CREDITOR) == []
    world.until(2026, 11, 23, 11)  # an hour is over
    assert world.shown()["validation"]["needsInfo"]
    # Ten business days are two weeks from Monday 23 November.
    assert world.tasks(Party.CREDITOR) == [("CaseValidationNeedsInfo", date(2026, 12, 7))]

    world.until(2026, 12, 9, 12)  # two business days more are given
    assert world.shown()["lifecycle"] == "More Info Required"
    assert (
        "The creditor was reminded: complete the case, which was due on 7 December 2026." in world.timeline()
    )
    world.until(2026, 12, 10, 12)
    assert ended(world) == ("Closed", "Unresponsive Client")
    assert world.tasks(Party.CREDITOR) == []
    world.deliver()
    assert world.told == ["case.created", "task.created", "case.updated", "case.closed"]


def declined_by_all(world: World) -> QuoteRequest:
    """Two partners say no, so the network is asked, except for those two."""
    opened(world)
    decline_case(world.partner("Oriel Agency"), world.case_id, "A conflict of interest.", **world.when)
    assert world.shown()["collectionPartner"]["name"] == "Second Agency"
    assert world.shown()["lifecycle"] == "Pending Verification"
    decline_case(world.partner("Second Agency"), world.case_id, "No capacity.", **world.when)
    told = world.shown()
    assert told["lifecycle"] == "Collecting Quotes"
    assert "collectionPartner" not in told
    request = QuoteRequest.objects.get(case=world.case())
    assert {partner.name for partner in request.invited.all()} == {"Beacon Law", "Crown Law"}
    return request


def test_a_claim_that_nobody_quotes_for_is_closed(world: World) -> None:
    request = declined_by_all(world)

    # 120 business hours of eight a day from Monday 23 November, 10:00.
    assert request.closes_at.isoformat() == "2026-12-14T10:00:00+00:00"
    world.until(2026, 12, 14, 9, 59)
    assert world.shown()["lifecycle"] == "Collecting Quotes"
    world.until(2026, 12, 14, 10)
    assert ended(world) == ("Closed", "No Quotes Received")
    with pytest.raises(Refused, match="Offers are no longer taken"):
        offer_quote(world.partner("Crown Law"), request.public_id, a_tenth(), **world.when)


def a_tenth() -> Any:
    return an_offer(AgreementType.SUCCESS, success_fee=Decimal(10))


def test_quotes_that_nobody_accepts_expire(world: World) -> None:
    request = declined_by_all(world)
    quote = offer_quote(world.partner("Crown Law"), request.public_id, a_tenth(), **world.when)
    world.until(2026, 12, 14, 10)
    # 14 days from 14 December.
    assert world.tasks(Party.CREDITOR) == [("SelectQuoteWinner", date(2026, 12, 28))]
    world.until(2026, 12, 28, 12)
    assert world.shown()["lifecycle"] == "Pending Quote Selection"
    world.until(2026, 12, 29, 12)
    assert ended(world) == ("Closed", "Quotes Expired – Not Accepted")
    with pytest.raises(Refused, match="cannot be accepted: it is expired"):
        accept_quote(world.creditor, quote.public_id, **world.when)
    world.deliver()
    assert world.told == [
        *("case.created", "case.updated"),  # opened, verified
        "case.updated",  # to the network; from one partner to the next the case stays where it is
        *("task.created", "case.updated", "quote.created"),
        "case.closed",
    ]


def test_withdrawing_costs_the_whole_fee_while_the_partner_alone_works_the_case(world: World) -> None:
    accepted(world)
    record_payment(
        world.partner("Oriel Agency"),
        world.case_id,
        paid_on=date(2026, 11, 24),
        amount=Decimal("200.50"),
        recipient=Recipient.PARTNER,
        **world.when,
    )
    terms = read_withdrawal_terms(world.creditor, world.case_id, world.today)
    # 9.5% of the 1,000.00 principal left = 95.00, and the partner's 70.00.
    assert (terms.may, terms.cost and terms.cost.amount) == (May.REQUEST, Decimal(165))

    with pytest.raises(Refused, match="has not been confirmed"):
        withdraw_case(
            world.creditor, world.case_id, "Settled.", confirmed_cost=Decimal("184.05"), **world.when
        )
    withdraw_case(world.creditor, world.case_id, "Settled.", confirmed_cost=Decimal(165), **world.when)
    assert world.shown()["lifecycle"] == "Paused"
    assert ("DecideWithdrawal", None) in world.tasks(Party.PARTNER)
    world.until(2026, 11, 26, 9)
    decide_withdrawal(world.partner("Oriel Agency"), world.case_id, True, **world.when)

    assert ended(world) == ("Closed", "Withdrawn by Client")
    assert "The creditor owes the partner GBP 165.00, before any VAT." in world.timeline()[-1]
    period = world.program.get(f"/cases/{world.case_id}/exclusive-period")
    assert (period["status"], period["daysRemaining"]) == ("Terminated", 0)


def test_withdrawing_is_free_before_a_partner_has_accepted(world: World) -> None:
    opened(world)
    withdraw_case(world.creditor, world.case_id, "Paid after all.", **world.when)
    assert ended(world) == ("Closed", "Withdrawn by Client")


def test_a_payment_that_bounces_opens_the_case_again(world: World) -> None:
    accepted(world)
    oriel = world.partner("Oriel Agency")
    world.until(2026, 12, 1, 9)
    payment = record_payment(
        oriel,
        world.case_id,
        paid_on=date(2026, 12, 1),
        amount=Decimal("1270.50"),
        recipient=Recipient.PARTNER,
        close=True,
        **world.when,
    )
    # 9.5% of 1,200.50 = 114.0475, so 114.05; VAT 20% = 22.81; 70.00 were added;
    # 1,270.50 - 114.05 - 22.81 - 70.00 = 1,063.64.
    assert (payment.fee, payment.fee_vat, payment.partner_share, payment.creditor_share) == tuple(
        map(Decimal, ("114.05", "22.81", "70", "1063.64"))
    )
    assert ended(world) == ("Closed", "Paid")
    assert world.shown()["exclusivePeriodEndDate"][:10] == "2027-12-01"

    world.until(2026, 12, 4, 9)
    reverse_payment(oriel, payment.public_id, "The cheque bounced.", now=world.now)
    told = world.shown()
    assert (told["lifecycle"], told["closeCode"], told["remainder"]) == ("Active", None, Decimal("1270.50"))
    # What the payment had prolonged runs to its first end again: six months from 23 November.
    assert told["exclusivePeriodEndDate"][:10] == "2027-05-23"
    account = statement(world.creditor, first=date(2026, 12, 1), last=date(2026, 12, 31))
    assert [line.gross.amount for line in account.lines] == [Decimal("1270.50"), Decimal("-1270.50")]
    assert account.totals["GBP"].fee.amount == 0
    assert account.closing["GBP"].by_partners.amount == 0
    world.deliver()
    assert world.told[-4:] == ["payment.created", "case.closed", "payment.deleted", "case.updated"]
    assert Lifecycle(world.case().lifecycle) is Lifecycle.ACTIVE
