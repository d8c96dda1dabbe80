"""A creditor with a mailbox, partners, cases that wait for a signature, and a signer with a link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from arrears.accounts.models import Membership, Organisation, User
from arrears.core.case import Lifecycle
from arrears.desk.contracts.read_signing import read_signing
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.contracts.send_signing_code import send_signing_code
from arrears.desk.contracts.sign_agreements import SignatureForm, SignedAgreements, sign_agreements
from arrears.desk.models import AgreementKind, Case, Partner
from arrears.desk.signatures import signing_link
from tests.desk.builders import NOON, a_case, a_partner, an_organisation

TODAY = date(2026, 11, 22)

STANDARD = AgreementKind.STANDARD
ATTORNEY = AgreementKind.POWER_OF_ATTORNEY
APPENDIX = AgreementKind.PRICING_APPENDIX


def a_creditor(name: str = "Acme Suppliers", email: str = "director@acme.example") -> Organisation:
    creditor = an_organisation(name)
    user = User.objects.create_user(email)
    Membership.objects.create(organisation=creditor, user=user)
    return creditor


def a_waiting_case(creditor: Organisation, partner: Partner | None, **changes: Any) -> Case:
    """A case in Britain that goes to its partner as soon as it is signed for."""
    known: dict[str, Any] = {"creditor": creditor, "partner": partner, "skip_check": True}
    return a_case(Lifecycle.PENDING_SIGNING, **known | changes)


@dataclass
class Signer:
    """Somebody at the creditor who was sent a link."""

    creditor: Organisation
    now: datetime = NOON
    token: str = ""
    form: SignatureForm = field(
        default_factory=lambda: SignatureForm(
            code="",
            name="Dana Director",
            title="Director",
            typed="Dana Director",
            shown="",
            ip_address="192.0.2.7",
            user_agent="A browser",
        )
    )

    def gets_a_link(self, **asked: Any) -> Signer:
        link = signing_link(self.creditor.pk, now=self.now, **asked)
        self.token = link.rstrip("/").rsplit("/", 1)[1]
        return self

    def asks_for_a_code(self, choice: str = "") -> str:
        """The code as it stands in the e-mail."""
        reading = read_signing(self.token, now=self.now, today=TODAY)
        send_signing_code(self.token, choice or next(iter(reading.addresses)), now=self.now)
        found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
        assert found
        return found[0]

    def reads(self) -> Signer:
        self.form = replace(self.form, shown=read_signing(self.token, now=self.now, today=TODAY).digest)
        return self

    def signs(self, **changes: Any) -> SignedAgreements:
        return sign_agreements(self.token, replace(self.form, **changes), now=self.now, today=TODAY)

    def does_it_all(self, **asked: Any) -> SignedAgreements:
        self.gets_a_link(**asked).reads()
        return self.signs(code=self.asks_for_a_code())

    def waits(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def creditor(db: None, settings: Settings) -> Organisation:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    seed_agreements()
    return a_creditor()


@pytest.fixture
def partner(db: None) -> Partner:
    return a_partner()


@pytest.fixture
def signer(creditor: Organisation) -> Signer:
    return Signer(creditor)
