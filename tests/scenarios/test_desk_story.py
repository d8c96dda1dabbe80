"""One claim from its arrival to the last penny: three partners, two phases, money going both ways."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from arrears.core.case import CloseCode, Party, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType, Scenario
from arrears.core.task import Recommendation
from arrears.core.verification import CheckArea
from arrears.desk.actors import Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.models import Payment
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.report_direct_payment import report_direct_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.money.statement import statement
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.send_message import send_message
from tests.desk.api.world import a_case_body
from tests.fakes import PDF
from tests.scenarios.desk_world import World, a_world, an_offer

pytestmark = pytest.mark.django_db

#: Every event that the creditor's receiver gets, chapter by chapter.
EVENTS = [
    *("case.created", "task.created"),  # opened; sign the agreements
    *("case.updated", "document.created", "case.updated"),  # signed; the invoice; verified
    *("chat.created", "case.updated"),  # the welcome; accepted
    "payment.created",
    *("chat.created", "task.created", "chat.created"),  # a message; reply to it; the reply
    *("task.created", "case.updated", "document.created", "case.updated"),  # asked; answered
    *("case.updated", "case.updated"),  # paused; resumed
    "case.updated",  # quotes wanted
    *("task.created", "case.updated", "quote.created", "quote.created", "quote.created"),
    *("case.updated", "case.phase_changed", "quote.accepted"),
    "payment.created",
    *("task.created", "payment.created"),  # pass on the partner's part; paid directly
    "case.closed",
]


@pytest.fixture
def world(settings: Settings) -> World:
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.ARREARS_URL = "https://desk.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return a_world()


def pounds(text: str) -> Money:
    return Money(Decimal(text), "GBP").rounded()


def parts(told: Any) -> dict[str, Decimal]:
    """What is left of each part of the debt, as the API tells it."""
    return dict(told["allocationOutstanding"])


def left(principal: str, interest: str, reminder: str, collection: str) -> dict[str, Decimal]:
    names = ("principal", "interest", "reminderFees", "collectionFees")
    return dict(zip(names, map(Decimal, (principal, interest, reminder, collection)), strict=True))


def shares(payment: Payment) -> tuple[Decimal, ...]:
    """Fee, VAT on it, the partner's other share, the creditor's share."""
    return payment.fee, payment.fee_vat, payment.partner_share, payment.creditor_share


def amounts(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def test_a_claim_goes_from_its_arrival_to_the_last_penny(world: World) -> None:
    arrives(world)
    is_signed_for_and_verified(world)
    is_accepted(world)
    a_promise_prolongs_the_period(world)
    a_part_is_paid_to_the_partner(world)
    is_disputed(world)
    quotes_come_in(world)
    the_cheapest_is_accepted(world)
    the_rest_is_paid(world)
    everybody_passes_on_what_is_not_theirs(world)
    the_statements_add_up(world)
    world.deliver()
    assert world.told == EVENTS
    assert world.undelivered() == 0


def arrives(world: World) -> None:
    body = a_case_body(
        amountToRecover=6123.45,
        date="2025-10-01",
        dueDate="2025-10-31",
        claimDescription=None,
        allowPendingContracts=True,
    )
    opened = world.program.post("/cases", body)
    world.case_id = opened["id"]

    # Due on 31 October 2025, so more than 12 months ago: 9.5% and 8 points more.
    # 17.5% of 6,123.45 is 1,071.60375, which is 1,071.60.
    assert opened["lifecycle"] == "Pending contract signing"
    assert opened["preLegalSuccessFee"] == Decimal("17.5")
    assert world.case().expected_fee == Decimal("1071.60")
    assert opened["collectionPartner"]["name"] == "Oriel Agency"
    assert world.tasks(Party.CREDITOR) == [("SignContract", None)]
    world.deliver()


def is_signed_for_and_verified(world: World) -> None:
    world.until(2026, 11, 23, 11)
    signed = world.sign(world.program.get(f"/cases/{world.case_id}/contract-status")["sdca"]["solutionUrl"])
    assert (len(signed.signatures), signed.cases) == (2, 1)  # the agreement, and a power for Oriel
    assert world.tasks(Party.CREDITOR) == []

    # About 8,200 US dollars, so there has to be a file or a description.
    assert world.shown()["lifecycle"] == "Pending Verification Internal"
    (missing,) = world.program.get(f"/cases/{world.case_id}/validation")["items"]
    assert missing["resolutionArea"] == "Documents"
    world.until(2026, 11, 23, 11, 30)
    assert world.program.upload(world.case_id, "invoice.pdf", PDF).status == 200

    assert world.shown()["lifecycle"] == "Pending Verification"
    # Given on Monday 23 November: one business day.
    assert world.tasks(Party.PARTNER) == [("VerifyCase", date(2026, 11, 24))]


def is_accepted(world: World) -> None:
    world.until(2026, 11, 24, 10)
    accept_case(
        world.partner("Oriel Agency"),
        world.case_id,
        interest_fees=Decimal("245.67"),
        reminder_fees=Decimal(40),
        collection_fees=Decimal(70),
        welcome="We have the case and write to the debtor today.",
        partner_reference="OA-77",
        **world.when,
    )
    told = world.shown()
    # 6,123.45 + 245.67 + 40.00 + 70.00
    assert told["remainder"] == Decimal("6479.12")
    assert told["totalAddedFees"] == Decimal("355.67")
    assert told["lifecycle"] == "Active"
    assert parts(told) == left("6123.45", "245.67", "40", "70")
    # Everything was there on 23 November, the day before: from then, and six months.
    period = world.program.get(f"/cases/{world.case_id}/exclusive-period")
    assert period["engagementStartDate"][:10] == "2026-11-23"
    assert period["currentEndDate"][:10] == "2027-05-23"
    # 6 days left of November, then 31 + 31 + 28 + 31 + 30, and 23 of May; from the 24th it is 180 days.
    assert period["daysRemaining"] == 180


def a_promise_prolongs_the_period(world: World) -> None:
    world.until(2026, 12, 7, 9)
    oriel = world.partner("Oriel Agency")
    record_promise(
        oriel, world.case_id, ExtensionKind.PROMISE, date(2026, 12, 4), Decimal(2000), **world.when
    )
    # Twelve months from the promise.
    assert world.shown()["exclusivePeriodEndDate"][:10] == "2027-12-04"


def a_part_is_paid_to_the_partner(world: World) -> None:
    world.until(2026, 12, 16, 9)
    oriel = world.partner("Oriel Agency")
    payment = record_payment(
        oriel,
        world.case_id,
        paid_on=date(2026, 12, 15),
        amount=Decimal(2000),
        recipient=Recipient.PARTNER,
        costs=Decimal("2.50"),
        **world.when,
    )
    # All of it is principal. Fee 17.5% = 350.00, VAT 20% of that = 70.00, bank costs 2.50;
    # 2,000.00 - 350.00 - 70.00 - 2.50 = 1,577.50 for the creditor.
    assert shares(payment) == amounts("350", "70", "2.50", "1577.50")
    # 30 business days are six weeks from Tuesday 15 December.
    assert payment.settle_by == date(2027, 1, 26)
    told = world.shown()
    assert told["remainder"] == Decimal("4479.12")
    assert parts(told) == left("4123.45", "245.67", "40", "70")
    assert told["exclusivePeriodEndDate"][:10] == "2027-12-15"
    assert world.tasks(Party.PARTNER) == [
        ("MonthlyUpdate", date(2026, 12, 31)),
        ("SettlePayment", date(2027, 1, 26)),
    ]
    world.until(2026, 12, 21, 9)
    post_update(oriel, world.case_id, "Reminder sent; 2,000 came in.", Recommendation.STAY, **world.when)
    world.until(2027, 1, 8, 9)
    settle_payment(oriel, payment.public_id, date(2027, 1, 8), "BACS 1", **world.when)


def is_disputed(world: World) -> None:
    oriel, path = world.partner("Oriel Agency"), f"/cases/{world.case_id}/chats"
    world.until(2027, 1, 18, 9)
    send_message(oriel, world.case_id, "The debtor says that the goods were faulty.", now=world.now)
    # Two business days from Monday 18 January.
    assert world.tasks(Party.CREDITOR) == [("ReplyToChat", date(2027, 1, 20))]
    world.until(2027, 1, 19, 9)
    world.program.post(path, {"message": "They were accepted.", "userEmail": "carol@acme.example"})
    assert world.tasks(Party.CREDITOR) == []

    world.until(2027, 1, 20, 9)
    ask_info(oriel, world.case_id, [(CheckArea.DOCUMENTS, "Send the signed delivery note.")], **world.when)
    assert world.shown()["lifecycle"] == "More Info Required"
    # Ten business days are two weeks from Wednesday 20 January.
    assert world.tasks(Party.CREDITOR) == [("MoreInfoNeeded", date(2027, 2, 3))]
    world.until(2027, 1, 22, 9)
    world.program.upload(world.case_id, "delivery note.pdf", PDF + b"\n")
    give_info(world.creditor, world.case_id, "The signed delivery note is attached.", **world.when)
    assert world.shown()["lifecycle"] == "Active"

    world.until(2027, 1, 25, 9)
    pause_case(world.creditor, world.case_id, "The debtor looks at the delivery note.", now=world.now)
    # 14 business days from Monday 25 January: Friday 12 February.
    assert ("FollowUpPausedCase", date(2027, 2, 12)) in world.tasks(Party.PARTNER)
    world.until(2027, 1, 29, 9)
    resume_case(oriel, world.case_id, "The debtor has not answered.", now=world.now)


def quotes_come_in(world: World) -> None:
    world.until(2027, 2, 1, 10)
    request = request_quotes(
        world.partner("Oriel Agency"),
        world.case_id,
        phase=Phase.LEGAL,
        text="Claim at the county court.",
        scenario=Scenario.NETWORK,
        **world.when,
    )
    # 120 business hours of eight a day are 15 business days: three weeks from Monday 1 February, 10:00.
    assert request.closes_at.isoformat() == "2027-02-22T10:00:00+00:00"
    court = {"court_costs": Decimal(455)}
    offers = {
        "Oriel Agency": an_offer(
            AgreementType.HOURLY, hourly_rate=Decimal(180), hours=Decimal("12.5"), **court
        ),
        "Beacon Law": an_offer(AgreementType.FLAT, flat_fee=Decimal(1950), fixed_price=True, **court),
        "Crown Law": an_offer(AgreementType.SUCCESS, success_fee=Decimal(25), **court),
    }
    for day, (name, offer) in enumerate(offers.items(), start=2):
        world.until(2027, 2, day, 12)
        offer_quote(world.partner(name), request.public_id, offer, **world.when)
    told = world.program.get(f"/cases/{world.case_id}/quote-requests/{request.public_id}/quotes")["quotes"]
    names = {quote["quoteId"]: quote["partnerName"] for quote in told}
    compare(world, request.public_id, names)
    world.until(2027, 2, 22, 10)
    assert world.shown()["lifecycle"] == "Pending Quote Selection"
    # 14 days from 22 February.
    assert world.tasks(Party.CREDITOR) == [("SelectQuoteWinner", date(2027, 3, 8))]


def compare(world: World, request_id: Any, names: dict[str, str]) -> None:
    """What each would cost if the principal left, 4,123.45, is recovered, or half of it, or nothing."""
    whole, half = (
        [
            (names[one.key], one.cost.total, one.net, one.if_nothing)
            for one in compare_quotes(world.creditor, request_id, recovered_points=Decimal(points))
        ]
        for points in (100, 50)
    )
    # Crown: 25% of 4,123.45 = 1,030.86, + 455 = 1,485.86. Beacon: 1,950 + 455 = 2,405.
    # Oriel: 12.5 x 180 = 2,250, + 455 = 2,705. Left: 4,123.45 less each.
    assert whole == [
        ("Crown Law", pounds("1485.86"), pounds("2637.59"), pounds("455")),
        ("Beacon Law", pounds("2405"), pounds("1718.45"), pounds("2405")),
        ("Oriel Agency", pounds("2705"), pounds("1418.45"), pounds("2705")),
    ]
    # Half is 2,061.73. Crown: 25% = 515.43, + 455 = 970.43; left 1,091.30. Beacon: -343.27. Oriel: -643.27.
    assert [(name, cost, net) for name, cost, net, _ in half] == [
        ("Crown Law", pounds("970.43"), pounds("1091.30")),
        ("Beacon Law", pounds("2405"), pounds("-343.27")),
        ("Oriel Agency", pounds("2705"), pounds("-643.27")),
    ]


def the_cheapest_is_accepted(world: World) -> None:
    world.until(2027, 2, 23, 9)
    (request,) = world.program.get(f"/cases/{world.case_id}/quote-requests")["quoteRequests"]
    path = f"/cases/{world.case_id}/quote-requests/{request['quoteRequestId']}/quotes"
    crown = next(one for one in world.program.get(path)["quotes"] if one["partnerName"] == "Crown Law")
    with pytest.raises(Refused) as refused:  # Crown has no power of attorney yet
        accept_quote(world.creditor, crown["quoteId"], **world.when)
    world.sign(refused.value.url)
    accept_quote(world.creditor, crown["quoteId"], **world.when)

    told = world.shown()
    assert (told["lifecycle"], told["currentEngagementPhase"]) == ("Active", "Legal")
    assert told["collectionPartner"]["name"] == "Crown Law"
    assert {one["partnerName"]: one["status"] for one in world.program.get(path)["quotes"]} == {
        "Oriel Agency": "Rejected",
        "Beacon Law": "Rejected",
        "Crown Law": "Accepted",
    }
    # A fee is owed on principal only: 25% of 4,123.45 is 1,030.8625. Such terms have no exclusive period.
    assert world.case().expected_fee == Decimal("1030.86")
    world.program.get(f"/cases/{world.case_id}/exclusive-period", 404)


def the_rest_is_paid(world: World) -> None:
    world.until(2027, 3, 12, 9)
    first = record_payment(
        world.partner("Crown Law"),
        world.case_id,
        paid_on=date(2027, 3, 11),
        amount=Decimal(3000),
        recipient=Recipient.PARTNER,
        **world.when,
    )
    # All principal: 25% = 750.00, VAT 150.00; 2,100.00 for the creditor. Six weeks from Thursday 11 March.
    assert shares(first) == amounts("750", "150", "0", "2100")
    assert first.settle_by == date(2027, 4, 22)
    assert parts(world.shown()) == left("1123.45", "245.67", "40", "70")

    world.until(2027, 3, 25, 9)
    direct = report_direct_payment(
        world.creditor, world.case_id, paid_on=date(2027, 3, 20), amount=Decimal("1479.12"), **world.when
    )
    # 1,123.45 principal, 245.67 interest, 40.00 and 70.00 fees. Crown's principal is now 4,123.45:
    # 25% = 1,030.8625, so 1,030.86, less 750.00 = 280.86. VAT 20% of 1,030.86 = 206.17, less 150.00 = 56.17.
    # What was added, 355.67, is the partner's; 1,479.12 - 280.86 - 56.17 - 355.67 = 786.42 is the creditor's.
    assert shares(direct) == amounts("280.86", "56.17", "355.67", "786.42")
    # 14 days from the report. It came five days after the payment; three are agreed.
    assert direct.settle_by == date(2027, 4, 8)
    assert "Reported 5 days after it was paid; the agreement asks for 3 days." in world.timeline()[-1]
    assert world.tasks(Party.CREDITOR) == [("SettlePayment", date(2027, 4, 8))]
    told = world.shown()
    assert told["remainder"] == 0
    assert parts(told) == left("0", "0", "0", "0")


def everybody_passes_on_what_is_not_theirs(world: World) -> None:
    crown = world.partner("Crown Law")
    to_partner, direct = Payment.objects.filter(partner=crown.partner).order_by("paid_on")
    world.until(2027, 3, 30, 9)
    settle_payment(crown, to_partner.public_id, date(2027, 3, 30), **world.when)
    world.until(2027, 4, 6, 9)
    settle_payment(crown, direct.public_id, date(2027, 4, 6), **world.when)
    assert world.tasks(Party.CREDITOR) == []
    close_case(crown, world.case_id, CloseCode.PAID, "Everything has come in.", now=world.now)
    told = world.shown()
    assert (told["lifecycle"], told["closeCode"]) == ("Closed", "Paid")
    told = world.program.get("/Payments")["payments"]
    assert [payment["grossAmount"] for payment in told] == list(amounts("1479.12", "3000", "2000"))


def the_statements_add_up(world: World) -> None:
    first, last = date(2026, 11, 1), date(2027, 4, 30)
    whole = statement(world.creditor, first=first, last=last)
    # 350.00 + 750.00 + 280.86; 70.00 + 150.00 + 56.17; 2.50 + 355.67; 1,577.50 + 2,100.00 + 786.42.
    assert total(whole) == tuple(map(pounds, ("6479.12", "1380.86", "276.17", "358.17", "4463.92")))
    assert owed(whole.closing["GBP"]) == (pounds("0"), pounds("0"))
    oriel = statement(world.partner("Oriel Agency"), first=first, last=last)
    assert total(oriel) == tuple(map(pounds, ("2000", "350", "70", "2.50", "1577.50")))
    crown = statement(world.partner("Crown Law"), first=first, last=last)
    # 3,000.00 + 1,479.12; 750.00 + 280.86; 150.00 + 56.17; 355.67; 2,100.00 + 786.42.
    assert total(crown) == tuple(map(pounds, ("4479.12", "1030.86", "206.17", "355.67", "2886.42")))

    quarter = statement(world.creditor, first=date(2027, 1, 1), last=date(2027, 3, 29))
    # Before it Oriel had 1,577.50 to pass on; at its end Crown 2,100.00, and the creditor 692.70 to Crown:
    # 280.86 + 56.17 + 355.67.
    assert owed(quarter.opening["GBP"]) == (pounds("1577.50"), pounds("0"))
    assert owed(quarter.closing["GBP"]) == (pounds("2100"), pounds("692.70"))


def total(account: Any) -> tuple[Money, ...]:
    one = account.totals["GBP"]
    return one.gross, one.fee, one.vat, one.partner_share, one.creditor_share


def owed(balance: Any) -> tuple[Money, Money]:
    return balance.by_partners, balance.by_creditors
