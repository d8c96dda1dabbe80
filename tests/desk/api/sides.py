"""A desk at which everything there can be is there: two creditors, two partners, and their programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from arrears.accounts.api_keys import make_key
from arrears.accounts.models import Membership, Organisation, OrganisationKind, User
from arrears.core.case import Lifecycle, Party, Phase
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType, Offer, Scenario
from arrears.desk.actors import Actor
from arrears.desk.models import (
    Assignment,
    Case,
    Complaint,
    Delivery,
    Division,
    Document,
    Partner,
    Payment,
    Quote,
    QuoteRequest,
    Signature,
    Webhook,
)
from arrears.desk.money.record_payment import record_payment
from arrears.desk.outbox import announce
from arrears.desk.partners.choose_partner import choose_partner
from arrears.desk.privacy.record_disclosure import record_disclosure
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.send_message import send_message
from arrears.desk.webhooks.create_webhook import create_webhook
from tests.desk.api.world import Answered, covering
from tests.desk.builders import (
    NOON,
    a_case,
    an_organisation,
    creditor_of,
    partner_of,
    sign_everything,
)

TODAY = NOON.date()


@dataclass
class Side:
    """A program with a key to one of the APIs."""

    api: str
    key: str
    organisation: Organisation
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Answered:
        data: Any = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body)
        sent = {"XApiKey": self.key if key is None else key} | dict(headers or {})
        answer = self.client.generic(
            method, f"/api/{self.api}{path}", data or b"", content_type=content_type, headers=sent
        )
        return Answered(answer.status_code, answer.content, answer.headers)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == status, (path, answer.status, answer.content[:500])
        return answer.body

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = self.ask("POST", path, body, **options)
        assert answer.status == status, (path, answer.status, answer.content[:1000])
        return answer.body

    def at(self, api: str) -> Side:
        """The same program at another API."""
        return Side(api, self.key, self.organisation)


def a_creditor_side(name: str = "Acme Suppliers", api: str = "creditor") -> Side:
    creditor = an_organisation(name)
    slug = name.split()[0].lower()
    user = User.objects.create_user(f"carol@{slug}.example", first_name="Carol", last_name="Creditor")
    Membership.objects.create(organisation=creditor, user=user)
    return _side(api, creditor)


def a_partner_side(partner: Partner) -> Side:
    agency = an_organisation(partner.name, kind=OrganisationKind.PARTNER)
    Partner.objects.filter(pk=partner.pk).update(organisation=agency)
    return _side("partner", agency)


def _side(api: str, organisation: Organisation) -> Side:
    _, key = make_key(organisation, "test", "test", NOON)
    return Side(api, key.get_secret_value(), organisation)


@dataclass
class FullDesk:
    """Everything of one creditor and its partner, and strangers to both."""

    creditor: Side
    partner: Side
    stranger: Side
    other_partner: Side
    operator: Side
    agency: Partner
    active: Case
    waiting: Case
    bidding: Case
    test_case: Case
    payment: Payment
    request: QuoteRequest
    quote: Quote
    document: Document
    complaint: Complaint
    webhook: Webhook
    test_webhook: Webhook
    delivery: Delivery
    division: Division
    signature: Signature

    @property
    def sides(self) -> dict[str, Side]:
        """Whose everything is, by API."""
        return {
            "customer": self.creditor.at("customer"),
            "creditor": self.creditor,
            "partner": self.partner,
        }

    @property
    def strangers(self) -> dict[str, Side]:
        """Who may use an API, but has nothing to do with what is there."""
        return {
            "customer": self.stranger.at("customer"),
            "creditor": self.stranger,
            "partner": self.other_partner,
        }


def a_full_desk() -> FullDesk:
    agency = covering("GB", name="Oriel Agency")
    outsider = covering("DK", name="Quay Recovery")
    creditor = a_creditor_side()
    sign_everything(creditor.organisation)
    owner = creditor.organisation
    division = Division.objects.create(
        creditor=owner, name="North", city="Leeds", country="GB", created_at=NOON
    )
    began = date(2026, 11, 2)
    active = a_case(
        creditor=owner, partner=agency, division=division, period_start=began, **_terms("ACTIVE-1")
    )
    bidding = a_case(creditor=owner, partner=agency, **_terms("BIDDING-1"))
    waiting = a_case(Lifecycle.PENDING_VERIFICATION, creditor=owner, partner=agency, **_terms("WAITING-1"))
    Assignment.objects.create(case=waiting, partner=agency, given_at=NOON)
    test_case = a_case(
        Lifecycle.PENDING_VERIFICATION, creditor=owner, partner=None, is_test=True, tag="tagged"
    )
    with_creditor, with_partner = creditor_of(active), partner_of(active)
    webhook, _ = create_webhook(owner.pk, "https://hooks.example/a", ["case.created"], False, now=NOON)
    test_webhook, _ = create_webhook(owner.pk, "https://hooks.example/t", ["case.created"], True, now=NOON)
    announce(active, "case.created", now=NOON)
    send_message(with_creditor, active.public_id, "A message of ours.", now=NOON)
    document, _ = attach_document(
        with_creditor, str(active.public_id), "invoice.txt", b"Screws.\n", now=NOON, today=TODAY
    )
    payment = record_payment(
        with_partner,
        active.public_id,
        paid_on=TODAY,
        amount=Decimal(100),
        recipient=Recipient.PARTNER,
        now=NOON,
        today=TODAY,
    )
    complaint = raise_complaint(
        with_creditor, active.public_id, "Slow", "Nothing happens.", now=NOON, today=TODAY
    )
    record_disclosure(
        with_partner, active.public_id, to="A court", what="The name.", why="A claim.", now=NOON
    )
    request, quote = _bidding(bidding, agency)
    choose_partner(with_creditor, owner.pk, "DK", outsider.public_id)
    return FullDesk(
        creditor=creditor,
        partner=a_partner_side(agency),
        stranger=a_creditor_side("Brook Traders"),
        other_partner=a_partner_side(outsider),
        operator=_side("creditor", an_organisation("The desk", kind=OrganisationKind.OPERATOR)),
        agency=agency,
        active=active,
        waiting=waiting,
        bidding=bidding,
        test_case=test_case,
        payment=payment,
        request=request,
        quote=quote,
        document=document,
        complaint=complaint,
        webhook=webhook,
        test_webhook=test_webhook,
        delivery=Delivery.objects.get(),
        division=division,
        signature=Signature.objects.filter(creditor=owner).order_by("pk")[0],
    )


def _terms(reference: str) -> dict[str, Any]:
    return {"rate": Decimal(10), "creditor_reference": reference, "phase": Phase.PRE_LEGAL.value}


def _bidding(case: Case, agency: Partner) -> tuple[QuoteRequest, Quote]:
    request = request_quotes(
        creditor_of(case),
        case.public_id,
        phase=Phase.LEGAL,
        text="Sue.",
        scenario=Scenario.NETWORK,
        now=NOON,
        today=TODAY,
    )
    offer = Offer(AgreementType.FLAT, "GBP", valid_until=TODAY + timedelta(days=60), flat_fee=Decimal(800))
    own = Actor(Party.PARTNER, agency.name, partner=agency.pk)
    return request, offer_quote(own, request.public_id, offer, now=NOON, today=TODAY)
