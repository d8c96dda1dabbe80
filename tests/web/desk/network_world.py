"""A desk with a partner, prices, contracts, a payment and keys on it, and its operator's browser."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django.test import Client

from arrears.accounts.models import ApiKey, User
from arrears.accounts.organisations import make_operator
from arrears.core.case import Party
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor
from arrears.desk.models import (
    AgreementVersion,
    CoverageRule,
    Payment,
    PriceGrid,
    Signature,
)
from arrears.desk.money.record_payment import record_payment
from tests.builders import TODAY
from tests.desk.builders import a_case, a_partner, an_organisation, sign_everything
from tests.web.conftest import PASSWORD

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPERATOR = Actor(Party.OPERATOR, "Olive Operator")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Desk:
    """A desk with things on it, and its operator's browser."""

    def __init__(self) -> None:
        self.operator = User.objects.create_user("olive@desk.example", PASSWORD)
        make_operator(self.operator, NOON)
        self.client = Client()
        self.client.force_login(self.operator, backend=BACKEND)
        self.partner = a_partner("Oak Collections", email="office@oak.example", vat_rate=Decimal(20))
        CoverageRule.objects.create(partner=self.partner, jurisdiction="ES", priority=10)
        self.creditor = an_organisation("Pennine Fasteners")
        sign_everything(self.creditor)
        self.case = a_case(creditor=self.creditor, partner=self.partner, rate=Decimal("9.5"))
        self.payment = self.pay("100")
        self.grid = PriceGrid.objects.create(name="Spain 2027", jurisdiction="ES", since=date(2027, 1, 1))
        self.grid.brackets.create(zone="europe", from_usd=Decimal(100), points=Decimal(12))
        self.key = ApiKey.objects.create(
            organisation=self.creditor, name="ERP", start="arr_abcdef", key_hash="0", created_at=NOON
        )
        self.signature = Signature.objects.first()
        self.text = AgreementVersion.objects.first()

    def pay(self, amount: str) -> Payment:
        return record_payment(
            OPERATOR,
            self.case.public_id,
            paid_on=TODAY,
            amount=Decimal(amount),
            recipient=Recipient.PARTNER,
            now=NOON,
            today=TODAY,
        )

    def at(self, path: str) -> str:
        assert self.signature
        assert self.text
        return "/desk" + path.format(
            partner=self.partner.public_id,
            grid=self.grid.pk,
            text=self.text.pk,
            signature=self.signature.public_id,
            payment=self.payment.public_id,
            key=self.key.pk,
        )

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(self.at(path))
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def send(self, path: str, status: int = 302, /, **form: object) -> str:
        """Send a form, and give the page that it leads to."""
        answer = self.client.post(self.at(path), form, follow=status == 302)
        seen = 302 if status == 302 and getattr(answer, "redirect_chain", []) else answer.status_code
        assert seen == status, answer.status_code
        return answer.content.decode()
