"""A desk as an operator finds it on a busy day: cases in every state, with everything on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from arrears.core.case import CloseCode, Lifecycle, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType, Offer, Scenario
from arrears.core.task import Recommendation
from arrears.core.verification import CheckArea
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, DocumentKind, Partner, QuoteRequest
from arrears.desk.money.record_payment import record_payment
from arrears.desk.quotes.invite_partner import invite_partner
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.read_document import read_document
from arrears.desk.talk.send_message import send_message
from arrears.desk.task_list import reconcile_tasks
from tests.desk.builders import (
    NOON,
    OPERATOR,
    a_case,
    a_partner,
    an_organisation,
    creditor_of,
    partner_of,
    sign_everything,
)

TODAY = NOON.date()
PDF = b"%PDF-1.4\n%%EOF\n"
#: How much older than now what is late has become.
LONG_AGO = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def a_worked_case(**changes: object) -> Case:
    """Active: accepted, talked about, documented, partly paid, promised, reported, complained about."""
    creditor = an_organisation("Harbour Joinery Ltd")
    partner = a_partner(vat_rate=Decimal(20))
    sign_everything(creditor)
    known = {
        "creditor": creditor,
        "partner": partner,
        "debtor_name": "Quayside Hotels Ltd",
        "debtor_emails": ["accounts@quayside.example"],
        "debtor_phones": ["+44 113 496 0123"],
        "debtor_contact": "Ms P. Marsh",
        "invoice_numbers": ["INV-1001", "INV-1002"],
        "creditor_reference": "ACME-77",
        "claim_description": "Fitted wardrobes for 24 rooms, delivered in June and not paid.",
        "principal": Decimal("12400.50"),
        "outstanding": Decimal("12400.50"),
        "principal_usd": Decimal("15748"),
        "over_6_months": Decimal("4000"),
        "rate": Decimal("11.5"),
        "uplift": Decimal(2),
        "expected_fee": Decimal("1426.06"),
        "price_source": "Standard prices",
        "price_name": "Standard price list 2026",
        "price_as_of": date(2026, 11, 1),
        "mechanism": "coverage rule",
        "accepted_at": None,
    }
    case = a_case(Lifecycle.PENDING_VERIFICATION, **known | changes)
    case.assignments.create(partner=partner, given_at=case.opened_at)
    accept_case(
        partner_of(case),
        case.public_id,
        interest_fees=Decimal(120),
        reminder_fees=Decimal(40),
        welcome="We have written to the debtor today.",
        partner_reference="OR-556",
        now=NOON - timedelta(days=14),
        today=TODAY - timedelta(days=14),
    )
    _talk(case)
    _money(case)
    return Case.objects.get(pk=case.pk)


def _talk(case: Case) -> None:
    send_message(creditor_of(case), case.public_id, "They rang us.\nCan you call back?", now=NOON)
    send_message(OPERATOR, case.public_id, "The partner will call you.", now=NOON)
    document, _ = attach_document(
        creditor_of(case),
        str(case.public_id),
        "invoice 1001.pdf",
        PDF,
        kind=DocumentKind.ORIGINAL_INVOICE,
        description="The first of two.",
        now=NOON,
        today=TODAY,
    )
    read_document(partner_of(case), document.public_id, now=NOON)
    advice = Recommendation.STAY
    post_update(partner_of(case), case.public_id, "Two letters, one call.", advice, now=NOON, today=TODAY)
    subject, text = "Nobody called back", "We asked three times and heard nothing."
    raise_complaint(creditor_of(case), case.public_id, subject, text, now=NOON, today=TODAY)


def _money(case: Case) -> None:
    kind = ExtensionKind.PROMISE
    promised = Decimal(1000)
    record_promise(
        partner_of(case), case.public_id, kind, TODAY, promised, "By letter.", now=NOON, today=TODAY
    )
    for amount, recipient in (("2000.00", Recipient.PARTNER), ("150.25", Recipient.CREDITOR)):
        record_payment(
            OPERATOR,
            case.public_id,
            paid_on=date(2026, 11, 18),
            amount=Decimal(amount),
            recipient=recipient,
            note="First instalment.",
            now=NOON,
            today=TODAY,
        )


def a_case_with_quotes() -> tuple[Case, QuoteRequest]:
    """Two partners have offered for the legal phase; a third was invited."""
    case = a_case(debtor_name="Larch & Sons", principal=Decimal(8000), outstanding=Decimal(8000))
    request = request_quotes(
        OPERATOR,
        case.public_id,
        phase=Phase.LEGAL,
        text="A claim form, and a default judgment if there is no defence.",
        scenario=Scenario.NETWORK,
        now=NOON,
        today=TODAY,
    )
    flat, hourly, _ = (_invited(request) for _ in range(3))
    _offer(request, flat, Offer(AgreementType.FLAT, "GBP", date(2026, 12, 31), flat_fee=Decimal(950)))
    by_hour = Offer(
        AgreementType.HYBRID,
        "GBP",
        date(2026, 12, 31),
        hourly_rate=Decimal(180),
        hours=Decimal(4),
        success_fee=Decimal(5),
        court_costs=Decimal(410),
        solution="We issue within a week.",
        why_us="Two hundred claims a year.",
    )
    _offer(request, hourly, by_hour)
    return Case.objects.get(pk=case.pk), request


def _invited(request: QuoteRequest) -> Partner:
    partner = a_partner(kind="law firm", exclusive=False)
    invite_partner(OPERATOR, request.public_id, partner.public_id, now=NOON)
    return partner


def _offer(request: QuoteRequest, partner: Partner, offer: Offer) -> None:
    offer_quote(OPERATOR, request.public_id, offer, partner_id=partner.public_id, now=NOON, today=TODAY)


def cases_in_every_state() -> dict[str, Case]:
    """One case, sometimes two, for each state, by a name that tells them apart."""
    made = {
        state.value: a_case(state, debtor_name=f"Debtor {state.value}", rate=Decimal(10)) for state in _PLAIN
    }
    made["active"] = a_worked_case()
    made["pending quote selection"], _ = a_case_with_quotes()
    for case in made.values():
        sign_everything(case.creditor)
    made["pending contract signing"] = a_case(Lifecycle.PENDING_SIGNING, debtor_name="Not signed for Ltd")
    made["pending verification internal"] = _failed_check()
    made["more info required"] = _asked()
    made["collecting quotes"] = _asking_nobody()
    made["paused"] = _paused()
    made["withdrawal asked"] = _withdrawn()
    made["late"] = _late()
    made["test"] = a_case(Lifecycle.PENDING_VERIFICATION, debtor_name="Test Debtor", is_test=True)
    return {name: Case.objects.get(pk=case.pk) for name, case in made.items()}


_PLAIN = (Lifecycle.PENDING_VERIFICATION, Lifecycle.CLOSED)


def _failed_check() -> Case:
    case = a_case(Lifecycle.PENDING_CHECK, debtor_name="Hollow Ltd", debtor_street="")
    case.info_requests.create(
        area=CheckArea.ADDRESS.value,
        description="The debtor's address has no street or building.",
        party="desk",
        asked_at=NOON - timedelta(days=3),
        answer="We have none.",
        answered_at=NOON - timedelta(days=1),
    )
    case.info_requests.create(
        area=CheckArea.ADDRESS.value, description="There is still no street.", party="desk", asked_at=NOON
    )
    reconcile_tasks(case, now=NOON)
    return case


def _asked() -> Case:
    case = a_case(Lifecycle.PENDING_VERIFICATION, debtor_name="Vague plc")
    item = (CheckArea.CLAIM, "Which of the two deliveries was not paid?")
    return ask_info(partner_of(case), case.public_id, [item], now=NOON, today=TODAY)


def _asking_nobody() -> Case:
    case = a_case(debtor_name="Faraway SA", debtor_country="CL", debtor_zip="8320000")
    request_quotes(
        OPERATOR,
        case.public_id,
        phase=Phase.LEGAL,
        text="",
        scenario=Scenario.NETWORK,
        partner_may_bid=False,
        now=NOON,
        today=TODAY,
    )
    return case


def _paused() -> Case:
    case = a_case(debtor_name="Patient Ltd")
    return pause_case(OPERATOR, case.public_id, "The debtor is in hospital.", now=LONG_AGO)


def _withdrawn() -> Case:
    case = a_case(
        debtor_name="Regret Ltd", rate=Decimal(10), period_start=date(2026, 11, 2), phase="Pre-legal"
    )
    return withdraw_case(
        creditor_of(case),
        case.public_id,
        "We have settled it.",
        confirmed_cost=Decimal(50),
        now=NOON,
        today=TODAY,
    )


def _late() -> Case:
    """A partner that should have answered weeks ago."""
    case = a_case(Lifecycle.PENDING_VERIFICATION, debtor_name="Tardy Ltd", updated_at=LONG_AGO)
    assert case.partner is not None
    case.assignments.create(partner=case.partner, given_at=LONG_AGO)
    reconcile_tasks(case, now=LONG_AGO)
    return case


def a_closed_case(code: CloseCode = CloseCode.OTHER) -> Case:
    """Closed, with nothing left to settle."""
    case = a_case(debtor_name="Done Ltd")
    return close_case(OPERATOR, case.public_id, code, "It went nowhere.", now=NOON)
