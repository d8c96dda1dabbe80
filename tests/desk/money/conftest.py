"""A case that a partner has accepted, and everybody who has to do with its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arrears.accounts.models import Organisation
from arrears.core.case import Party
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor
from arrears.desk.models import Case, Partner, Payment
from arrears.desk.money.record_payment import record_payment
from tests.desk import builders
from tests.desk.builders import NOON, an_organisation

NOW = NOON
TODAY = date(2026, 11, 22)


@dataclass
class World:
    """One creditor, one partner (registered for VAT at 20%), and a case of GBP 1,000.00 at 9.5%."""

    creditor: Organisation
    partner: Partner
    case: Case

    @property
    def as_creditor(self) -> Actor:
        return Actor(Party.CREDITOR, "Carol Creditor", organisation=self.creditor.pk)

    @property
    def as_partner(self) -> Actor:
        return Actor(Party.PARTNER, "Pat Partner", partner=self.partner.pk)

    def pay(self, amount: str, **changes: Any) -> Payment:
        """The partner records a payment of today to itself, unless told otherwise."""
        known: dict[str, Any] = {
            "paid_on": TODAY,
            "amount": Decimal(amount),
            "recipient": Recipient.PARTNER,
            "now": NOW,
            "today": TODAY,
        }
        known |= changes
        actor = known.pop("actor", self.as_partner)
        return record_payment(actor, known.pop("case", self.case).public_id, **known)

    def reread(self) -> Case:
        self.case = Case.objects.get(pk=self.case.pk)
        return self.case

    def texts(self) -> list[str]:
        return list(self.case.events.values_list("text", flat=True))


def a_partner(name: str = "Oak Collections", **changes: Any) -> Partner:
    return builders.a_partner(name, **{"vat_rate": Decimal(20)} | changes)


def a_case(creditor: Organisation, partner: Partner | None, **changes: Any) -> Case:
    principal = Decimal(changes.pop("principal", "1000"))
    known: dict[str, Any] = {
        "creditor": creditor,
        "partner": partner,
        "principal": principal,
        "outstanding": principal,
        "rate": Decimal("9.5"),
        "opened_at": NOW,
        "updated_at": NOW,
        "accepted_at": NOW,
    }
    return builders.a_case(**known | changes)


@pytest.fixture
def world(db: None) -> World:
    creditor, partner = an_organisation(), a_partner()
    return World(creditor, partner, a_case(creditor, partner))
