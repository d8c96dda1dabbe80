"""A request for quotes that partners are invited to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from arrears.core.case import Lifecycle, Party, Phase
from arrears.core.quote import AgreementType, Offer, Purpose, Scenario
from arrears.desk.actors import DESK, Actor
from arrears.desk.models import Case, CoverageRule, Partner, Quote, QuoteRequest
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quoting import open_request
from tests.desk.builders import a_case, a_partner, creditor_of

#: A Monday, shortly before the desk opens.
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def a_bidder(name: str, place: str = "GB", **changes: Any) -> Partner:
    partner = a_partner(name, **({"exclusive": False} | changes))
    CoverageRule.objects.create(partner=partner, jurisdiction=place)
    return partner


def as_partner(partner: Partner) -> Actor:
    return Actor(Party.PARTNER, f"Somebody at {partner.name}", partner=partner.pk)


def flat(amount: str = "800", **changes: Any) -> Offer:
    known: dict[str, Any] = {"valid_until": date(2027, 3, 1), "flat_fee": Decimal(amount)}
    return Offer(AgreementType.FLAT, "GBP", **(known | changes))


@dataclass
class Bidding:
    """A case collecting quotes, its creditor, and two partners invited to offer."""

    case: Case
    request: QuoteRequest
    creditor: Actor
    first: Partner
    second: Partner

    def offered(self, partner: Partner, offer: Offer | None = None, now: datetime = MONDAY) -> Quote:
        return offer_quote(
            as_partner(partner), self.request.public_id, offer or flat(), now=now, today=now.date()
        )

    def reload(self) -> None:
        self.case = Case.objects.get(pk=self.case.pk)
        self.request = QuoteRequest.objects.get(pk=self.request.pk)

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(Case.objects.get(pk=self.case.pk).lifecycle)


def begin_bidding(**changes: Any) -> Bidding:
    """A case without a partner in the network, or as `changes` say."""
    case = a_case(Lifecycle.COLLECTING_QUOTES, **({"partner": None} | changes))
    first, second = a_bidder("Alpha Law"), a_bidder("Beta Law")
    with transaction.atomic():
        request = open_request(
            case,
            scenario=Scenario.NETWORK,
            purpose=Purpose.PHASE_CHANGE,
            phase=Phase.LEGAL,
            text="Please quote for court proceedings.",
            actor=DESK,
            now=MONDAY,
            today=TODAY,
        )
    return Bidding(case, request, creditor_of(case), first, second)


@pytest.fixture
def bidding(db: None) -> Bidding:
    return begin_bidding()


@pytest.fixture
def bidding_at_work(db: None) -> Bidding:
    """The same for a case that its partner has worked on before."""
    worked = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    return begin_bidding(partner=a_partner("Home Agency"), accepted_at=worked, phase="Pre-legal")
