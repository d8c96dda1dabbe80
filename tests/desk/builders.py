"""Cases at the desk and the people on them, for tests: written straight to the tables."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle, Party
from arrears.core.claim import AgeBuckets
from arrears.core.debtor import DebtorType
from arrears.core.fx import UsdValue
from arrears.core.handover import Handover
from arrears.core.money import Money
from arrears.desk.actors import Actor
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import AgreementKind, AgreementVersion, Case, Partner, Signature

#: A Sunday.
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

OPERATOR = Actor(Party.OPERATOR, "Olive Operator", email="olive@desk.example")

_count = itertools.count(1)


def an_organisation(name: str = "Acme Suppliers", **changes: Any) -> Organisation:
    """A creditor, unless its `kind` says otherwise."""
    return Organisation.objects.create(**{"name": name, "created_at": NOON} | changes)


def a_partner(name: str = "", **changes: Any) -> Partner:
    """An active agency in Britain."""
    known: dict[str, Any] = {"name": name or f"Agency {next(_count)}", "kind": "agency", "country": "GB"}
    return Partner.objects.create(**known | changes)


def a_case(lifecycle: Lifecycle = Lifecycle.ACTIVE, **changes: Any) -> Case:
    """A case over £500; from ACTIVE on, its own partner accepted it on 2 November 2026."""
    at_work = {Lifecycle.ACTIVE, Lifecycle.PAUSED, Lifecycle.CLOSED}
    known: dict[str, Any] = {
        "lifecycle": lifecycle.value,
        "debtor_name": "Debtor Ltd",
        "debtor_type": "company",
        "debtor_street": "2 Low Road",
        "debtor_city": "Leeds",
        "debtor_zip": "LS1 4AP",
        "debtor_country": "GB",
        "currency": "GBP",
        "principal": Decimal(500),
        "outstanding": Decimal(500),
        "body_hash": "0" * 64,
        "routing_reason": "Chosen for the test.",
        "oldest_issued": date(2026, 7, 1),
        "oldest_due": date(2026, 7, 31),
        "opened_at": datetime(2026, 11, 1, 12, 0, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 1, 12, 0, tzinfo=UTC),
        "accepted_at": datetime(2026, 11, 2, 12, 0, tzinfo=UTC) if lifecycle in at_work else None,
        "finished_at": datetime(2026, 11, 20, 12, 0, tzinfo=UTC) if lifecycle is Lifecycle.CLOSED else None,
    }
    if "creditor" not in changes:
        known["creditor"] = an_organisation()
    if "partner" not in changes:
        known["partner"] = a_partner()
    return Case.objects.create(**known | changes)


def creditor_of(case: Case) -> Actor:
    return Actor(Party.CREDITOR, "Carol Creditor", organisation=case.creditor_id, email="carol@acme.example")


def partner_of(case: Case) -> Actor:
    return Actor(Party.PARTNER, "Pat Partner", partner=case.partner_id, email="pat@agency.example")


def sign_everything(creditor: Organisation) -> None:
    """Let a creditor have signed the standard agreement, and a power of attorney for every partner."""
    seed_agreements()
    main, power = (
        AgreementVersion.objects.filter(kind=kind).latest("since", "pk")
        for kind in (AgreementKind.STANDARD, AgreementKind.POWER_OF_ATTORNEY)
    )
    partners = Partner.objects.all()
    Signature.objects.bulk_create(
        [_signature(creditor, main, None), *(_signature(creditor, power, partner) for partner in partners)]
    )


def _signature(creditor: Organisation, version: AgreementVersion, partner: Partner | None) -> Signature:
    return Signature(
        creditor=creditor,
        creditor_name=creditor.name,
        version=version,
        partner=partner,
        text="What was signed.",
        text_hash="",
        signer_name="Jo Bloggs",
        signer_title="Director",
        signer_email="jo@acme.example",
        signed_at=NOON,
        pdf=b"%PDF-",
        pdf_hash="",
    )


def a_handover(amount: str = "500 GBP", usd: str | None = "650", **changes: Any) -> Handover:
    """A sound debt of Acme Ltd in Leeds, worth 650 US dollars, due on 31 July 2026."""
    principal = Money.parse(amount)
    worth = Decimal(usd) if usd else None
    known: dict[str, Any] = {
        "debtor_name": "Acme Ltd",
        "debtor_type": DebtorType.COMPANY,
        "country": "GB",
        "principal": principal,
        "usd": UsdValue(worth, worth / principal.amount, "Test rate.", NOON.date()) if worth else None,
        "aged": AgeBuckets(Decimal(0), Decimal(0), Decimal(0)),
        "street": "1 High Street",
        "city": "Leeds",
        "zip": "LS1 4AP",
        "emails": ("accounts@acme.example",),
        "issued": date(2026, 7, 1),
        "due": date(2026, 7, 31),
    }
    return Handover(**known | changes)
