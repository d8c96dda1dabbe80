"""The partner portal as somebody of a partner sees it who is signed in, with cases in every state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import Membership, OrganisationKind, User
from arrears.core.case import Lifecycle, Phase
from arrears.core.payment import Method, Recipient
from arrears.core.quote import Purpose, Scenario
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.models import Case, CaseEvent, CoverageRule, Partner, Payment, QuoteRequest
from arrears.desk.money.record_payment import record_payment
from arrears.ports import WebhookSender
from tests.desk.builders import NOON, a_case, a_partner, an_organisation, partner_of
from tests.fakes import FakeClock

PASSWORD = "a long enough sentence"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = NOON.date()


class FakeDesk:
    """The outside world of the desk: a clock that stands still."""

    clock = FakeClock()
    webhooks: WebhookSender


@dataclass
class Portal:
    """A browser signed in for one partner."""

    client: Client
    partner: Partner
    user: User

    def case(self, lifecycle: Lifecycle = Lifecycle.ACTIVE, **changes: Any) -> Case:
        known: dict[str, Any] = {
            "partner": self.partner,
            "rate": Decimal("9.5"),
            "phase": Phase.PRE_LEGAL.value,
        }
        case = a_case(lifecycle, **known | changes)
        CaseEvent.objects.create(case=case, at=case.opened_at, text="The case was opened.")
        return case

    def actor(self, case: Case) -> Actor:
        return partner_of(case)

    def paid(self, case: Case, amount: str = "100", recipient: Recipient = Recipient.PARTNER) -> Payment:
        return record_payment(
            self.actor(case),
            case.public_id,
            paid_on=TODAY - timedelta(days=2),
            amount=Decimal(amount),
            recipient=recipient,
            method=Method.BANK_TRANSFER,
            now=NOON,
            today=TODAY,
        )

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def send(self, path: str, status: int = 302, /, **form: Any) -> str:
        """Send a form. Where it leads to another page, the text of that page."""
        answer = self.client.post(path, form)
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:3000])
        return self.page(answer.headers["Location"]) if status == 302 else answer.content.decode()


def somebody(email: str, organisation: Any) -> tuple[User, Client]:
    user = User.objects.create_user(email, PASSWORD)
    Membership.objects.create(organisation=organisation, user=user)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return user, client


def a_portal(name: str) -> Portal:
    organisation = an_organisation(name, kind=OrganisationKind.PARTNER)
    partner = a_partner(name, organisation=organisation, vat_rate=None)
    CoverageRule.objects.create(partner=partner, jurisdiction="GB")
    user, client = somebody(f"{name.split()[0].lower()}@partner.example", organisation)
    return Portal(client, partner, user)


def an_invitation(case: Case, *partners: Partner, text: str = "Sue for it.") -> QuoteRequest:
    request = QuoteRequest.objects.create(
        case=case,
        scenario=Scenario.NETWORK.value,
        purpose=Purpose.PHASE_CHANGE.value,
        phase=Phase.LEGAL.value,
        text=text,
        max_quotes=5,
        state="Open",
        opened_at=NOON,
        closes_at=NOON + timedelta(days=10),
    )
    request.invited.set(partners)
    return request


@pytest.fixture
def desk(settings: Settings) -> Iterator[None]:
    settings.ARREARS_DESK_ADAPTERS = "tests.web.portal.conftest.FakeDesk"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    adapters.cache_clear()


@pytest.fixture
def portal(db: None, desk: None) -> Portal:
    return a_portal("Northgate Agency")


@pytest.fixture
def other(portal: Portal) -> Portal:
    """Another partner's browser."""
    return a_portal("Southbank Agency")
