"""What the desk tells through the Collector port about a case that people have worked on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears.accounts.models import Membership, Organisation, User
from arrears.core.case import Lifecycle, Party
from arrears.core.payment import Recipient
from arrears.core.verification import CheckArea
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.collector import DeskCollector
from arrears.desk.models import Assignment, Case, Division, Payment, Signature, SigningRequest
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.talk.send_message import send_message
from arrears.ports import Answer, CaseFile, NeedsAttention, PeriodExtension
from tests.builders import TODAY, a_claim, money
from tests.desk.builders import NOON, OPERATOR, a_case, creditor_of, partner_of
from tests.desk.quotes.conftest import MONDAY, begin_bidding, flat
from tests.fakes import FakeClock

pytestmark = pytest.mark.django_db


def desk_of(case: Case) -> DeskCollector:
    """The desk as the case's creditor sees it."""
    return DeskCollector(case.creditor_id, FakeClock())


def file_of(case: Case) -> CaseFile:
    return desk_of(case).case_file(str(case.public_id))


def at_work() -> Case:
    """A case that its partner has accepted today, with £12.50 of its own to collect."""
    case = a_case(Lifecycle.PENDING_VERIFICATION, rate=Decimal("9.5"))
    Assignment.objects.create(case=case, partner_id=case.partner_id or 0, given_at=NOON)
    accept_case(
        partner_of(case),
        case.public_id,
        collection_fees=Decimal("12.50"),
        welcome="Hello.",
        now=NOON,
        today=TODAY,
    )
    return case


def pay(case: Case, amount: str) -> Payment:
    return record_payment(
        partner_of(case),
        case.public_id,
        paid_on=TODAY,
        amount=Decimal(amount),
        recipient=Recipient.PARTNER,
        now=NOON,
        today=TODAY,
    )


def test_what_the_partner_has_added_is_told_beside_the_principal() -> None:
    case = at_work()
    told = desk_of(case).read(str(case.public_id))
    assert told is not None
    assert (told.principal, told.added, told.outstanding) == (
        money("500.00 GBP"),
        money("12.50 GBP"),
        money("512.50 GBP"),
    )
    assert told.paid == money("0.00 GBP")
    assert (told.phase, told.lifecycle) == ("Pre-legal", Lifecycle.ACTIVE)


def test_a_payment_is_in_the_file_and_what_is_left_in_the_case() -> None:
    case = at_work()
    pay(case, "100")
    bounced = pay(case, "50")
    reverse_payment(OPERATOR, bounced.public_id, reason="Bounced.", now=NOON)
    (payment,) = file_of(case).payments
    assert (payment.day, payment.amount) == (TODAY, money("100.00 GBP"))
    assert payment.recipient == Recipient.PARTNER
    told = desk_of(case).read(str(case.public_id))
    assert told is not None
    assert told.paid == money("100.00 GBP")


def test_messages_of_both_sides_are_told_in_their_order() -> None:
    case = at_work()
    send_message(creditor_of(case), case.public_id, "Any news?", now=NOON + timedelta(minutes=1))
    send_message(partner_of(case), case.public_id, "Not yet.", now=NOON + timedelta(minutes=2))
    told = [(one.party, one.text) for one in file_of(case).messages]
    assert told == [
        (Party.PARTNER, "Hello."),
        (Party.CREDITOR, "Any news?"),
        (Party.PARTNER, "Not yet."),
    ]
    (task,) = file_of(case).tasks
    assert (task.kind, task.by_message, task.case_reference) == ("ReplyToChat", True, case.reference)
    assert task.url.endswith(f"/cases/{case.reference}/")


def test_questions_wait_until_they_are_answered() -> None:
    case = at_work()
    ask_info(
        partner_of(case),
        case.public_id,
        [(CheckArea.DOCUMENTS, "Where is the contract?")],
        now=NOON,
        today=TODAY,
    )
    file = file_of(case)
    assert [one.text for one in file.questions] == ["Where is the contract?"]
    assert "MoreInfoNeeded" in [task.kind for task in file.tasks]
    told = desk_of(case).read(str(case.public_id))
    assert told is not None
    assert told.needs_info


def test_the_exclusive_period_is_told_with_what_prolonged_it() -> None:
    case = at_work()
    pay(case, "1")
    period = file_of(case).period
    assert period is not None
    assert (period.start, period.end, period.status) == (TODAY, date(2027, 11, 22), "Active")
    assert period.days_left == 365
    assert period.extensions == (PeriodExtension("Payment", TODAY, date(2027, 11, 22)),)


def test_quotes_are_told_while_they_can_be_accepted() -> None:
    bidding = begin_bidding()
    bidding.offered(bidding.first, flat("800", solution="A claim at the county court."))
    (quote,) = file_of(bidding.case).quotes
    assert (quote.partner, quote.agreement, quote.flat_fee) == ("Alpha Law", "Flat Fee", Decimal(800))
    assert (quote.solution, quote.open, quote.currency) == ("A claim at the county court.", True, "GBP")
    assert quote.url.endswith(f"/cases/{bidding.case.reference}/")


def test_a_long_file_takes_no_more_queries_than_a_short_one() -> None:
    bidding = begin_bidding()
    counts = []
    for partner in (bidding.first, bidding.second):
        bidding.offered(partner)
        for number in range(4):
            send_message(bidding.creditor, bidding.case.public_id, f"Message {number}", now=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            file = file_of(bidding.case)
        counts.append(len(queries))
    assert (len(file.messages), len(file.quotes)) == (8, 2)
    assert counts[0] == counts[1]


def test_previews_write_nothing(desk: DeskCollector) -> None:
    Signature.objects.all().delete()
    desk.preview(a_claim(), TODAY)
    with CaptureQueriesContext(connection) as queries:
        offer = desk.preview(a_claim(), TODAY)
    assert offer.signing_url
    assert not SigningRequest.objects.exists()
    assert not any("INSERT" in query["sql"] or "UPDATE" in query["sql"] for query in queries.captured_queries)


def test_a_blocked_creditor_is_told_so_and_opens_nothing(desk: DeskCollector) -> None:
    Organisation.objects.update(blocked_because="Fees are unpaid")
    offer = desk.preview(a_claim(), TODAY)
    answer = desk.open(a_claim(), "AR-1", "key-1", TODAY)
    assert not offer.accepted
    assert answer.answer is Answer.MUST_ACT
    for required in (offer.required, answer.required):
        assert [(one.kind, one.blocking) for one in required] == [("CreditorBlocked", True)]
        assert "Fees are unpaid" in required[0].text


def test_standing_names_people_divisions_and_what_is_to_be_signed(desk: DeskCollector) -> None:
    creditor = Organisation.objects.get(pk=int(desk.creditor))
    for email, active in (("carol@acme.example", True), ("left@acme.example", False)):
        user = User.objects.create_user(email, first_name="Carol", last_name="Creditor", is_active=active)
        Membership.objects.create(organisation=creditor, user=user)
    Division.objects.create(creditor=creditor, name="North", city="Leeds", country="GB", created_at=NOON)
    Signature.objects.all().delete()
    standing = desk.standing()
    assert [(one.name, one.email) for one in standing.people] == [("Carol Creditor", "carol@acme.example")]
    assert [(one.name, one.archived) for one in standing.divisions] == [("North", False)]
    (agreement,) = standing.agreements
    assert agreement.kind == "MissingDebtCollectionContract"
    assert agreement.text == "Not signed yet: Standard Debt Collection Agreement."
    assert agreement.url.endswith("/agreements/")


def test_an_agreement_that_has_lapsed_is_to_be_signed_again(desk: DeskCollector) -> None:
    Organisation.objects.filter(pk=int(desk.creditor)).update(name="Acme Suppliers Ltd")
    texts = [one.text for one in desk.standing().agreements]
    assert texts == ["To be signed again: Standard Debt Collection Agreement."]


def test_nothing_is_said_about_an_erased_debtor() -> None:
    case = at_work()
    Case.objects.update(debtor_erased_at=NOON)
    with pytest.raises(NeedsAttention, match="erased"):
        desk_of(case).say(str(case.public_id), "Any news?", "say-1")


def test_one_key_of_two_sides_is_two_messages() -> None:
    case = at_work()
    sent = [
        send_message(actor, case.public_id, "Hello", key="1", now=NOON)
        for actor in (creditor_of(case), partner_of(case))
    ]
    assert sent[0].pk != sent[1].pk
