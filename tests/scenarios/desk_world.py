"""A whole desk in one process: vetted partners, a creditor's program, and a clock that moves."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.core import mail
from pydantic import SecretStr

from arrears.core.case import Party
from arrears.core.quote import AgreementType, Offer
from arrears.core.vetting import VettingItem
from arrears.core.webhook_signature import is_genuine
from arrears.desk.actors import Actor
from arrears.desk.contracts.read_signing import read_signing
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.contracts.send_signing_code import send_signing_code
from arrears.desk.contracts.sign_agreements import SignatureForm, SignedAgreements, sign_agreements
from arrears.desk.jobs import sweep_desk
from arrears.desk.models import Case, Delivery, Partner, Task
from arrears.desk.outbox import CONTRACT_EVENTS, MORE_EVENTS
from arrears.desk.partners.activate_partner import activate_partner
from arrears.desk.partners.import_partners import import_partners
from arrears.desk.partners.vet_partner import vet_partner
from arrears.desk.webhook_signature import HEADER
from arrears.desk.webhooks.create_webhook import create_webhook
from arrears.desk.webhooks.deliver_due import deliver_due
from tests.desk.api.world import Adapters, FakeSender, Program, a_program
from tests.desk.builders import OPERATOR
from tests.fakes import FakeClock

#: Three firms in Britain. The first takes cases at the list price; the other two only quote.
PARTNERS = """
partners:
  - {name: Oriel Agency, kind: agency, country: GB, vat_rate: 20, rules: [{jurisdiction: GB, priority: 10}]}
  - {name: Second Agency, kind: agency, country: GB, rules: [{jurisdiction: GB, priority: 20}]}
  - {name: Beacon Law, kind: law firm, country: GB, exclusive: no, rules: [{jurisdiction: GB}]}
  - {name: Crown Law, kind: law firm, country: GB, exclusive: no, vat_rate: 20, rules: [{jurisdiction: GB}]}
"""


@dataclass
class World:
    """Everybody who takes part. `told` is every event that reached the creditor's receiver, in order."""

    program: Program
    secret: SecretStr
    clock: FakeClock
    sender: FakeSender
    told: list[str] = field(default_factory=list)
    case_id: str = ""

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return self.clock.today()

    @property
    def when(self) -> dict[str, Any]:
        """What most verbs want to know."""
        return {"now": self.now, "today": self.today}

    @property
    def creditor(self) -> Actor:
        return Actor(
            Party.CREDITOR,
            "Carol Creditor",
            organisation=self.program.creditor.pk,
            email="carol@acme.example",
        )

    def partner(self, name: str) -> Actor:
        return Actor(Party.PARTNER, f"Pat of {name}", partner=Partner.objects.get(name=name).pk)

    def until(self, *moment: int) -> None:
        """Let time pass, in UTC; what comes due meanwhile is done, and subscribers are told."""
        self.deliver()
        self.clock.instant = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]
        sweep_desk(0)
        self.deliver()

    def deliver(self) -> None:
        """Send every event that is due, and check each as a receiver would: its signature, and its case."""
        while deliver_due(now=self.now, sender=self.sender):
            pass
        for _, headers, body in self.sender.posted[len(self.told) :]:
            assert is_genuine(self.secret.get_secret_value(), headers[HEADER], body, now=self.now)
            told = json.loads(body)
            assert told["data"]["caseId"] == self.case_id or not self.case_id
            self.told.append(told["event"])

    def undelivered(self) -> int:
        return Delivery.objects.exclude(state=Delivery.State.DELIVERED).count()

    def case(self) -> Case:
        return Case.objects.select_related("partner", "creditor").get(public_id=self.case_id)

    def shown(self) -> Any:
        """The case as the Customer API tells it."""
        return self.program.get(f"/cases/{self.case_id}")

    def tasks(self, party: Party) -> list[tuple[str, date | None]]:
        """What somebody has to do about the case or the account, and by when."""
        rows = Task.objects.filter(party=party.value, solved_at=None).order_by("opened_at", "pk")
        return list(rows.values_list("kind", "due_on"))

    def timeline(self) -> list[str]:
        items = self.program.get(f"/cases/{self.case_id}/timeline")["items"]
        return [item["description"] for item in items]

    def sign(self, url: str) -> SignedAgreements:
        """Sign behind a link as a person does, with the code that came by e-mail."""
        if "/api/customer/sign/" in url:
            url = self.program.client.get(url.removeprefix("https://desk.example")).headers["Location"]
        token = url.rstrip("/").rpartition("/")[2]
        reading = read_signing(token, **self.when)
        send_signing_code(token, next(iter(reading.addresses)), now=self.now)
        code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
        assert code is not None
        name = "Dana Director"
        form = SignatureForm(code=code[0], name=name, title="Director", typed=name, shown=reading.digest)
        return sign_agreements(token, form, **self.when)


def a_world() -> World:
    """A desk on Monday 23 November 2026 at 10:00, and a creditor who has signed nothing."""
    clock, sender = FakeClock(), FakeSender()
    Adapters.clock, Adapters.webhooks = clock, sender
    clock.instant = datetime(2026, 11, 23, 10, tzinfo=UTC)
    seed_agreements()
    import_partners(OPERATOR, PARTNERS)
    for partner in Partner.objects.all():
        for item in VettingItem:
            vet_partner(
                OPERATOR,
                partner.public_id,
                item,
                passed=True,
                evidence="Seen.",
                expires_on=date(2028, 1, 1),
                today=clock.today(),
            )
        activate_partner(OPERATOR, partner.public_id, today=clock.today())
    program = a_program(signed=False)
    events = (*CONTRACT_EVENTS, *MORE_EVENTS)
    url = "https://hooks.acme.example/arrears"
    _, secret = create_webhook(program.creditor.pk, url, events, False, now=clock.now())
    return World(program, secret, clock, sender)


def an_offer(agreement: AgreementType, **price: Any) -> Offer:
    """An offer in pounds for the legal phase, valid to the end of March 2027."""
    return Offer(agreement, "GBP", **({"valid_until": date(2027, 3, 31)} | price))
