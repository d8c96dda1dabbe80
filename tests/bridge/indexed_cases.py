"""Cases with just what an index looks at, at the desk and elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from arrears.accounts.models import Organisation
from arrears.bridge.models import CollectorAccount, TrackedCase
from arrears.core.case import Lifecycle
from tests.builders import TODAY
from tests.desk.builders import a_case

NOON = datetime.combine(TODAY, time(12), UTC)


def at_desk(creditor: Organisation, **about: Any) -> str:
    known = {
        "creditor": creditor,
        "partner": about.get("partner"),
        "lifecycle": about.get("lifecycle", Lifecycle.ACTIVE),
        "creditor_reference": about.get("ours", ""),
        "debtor_name": about.get("debtor", "Debtor Ltd"),
        "debtor_country": about.get("country", "GB"),
        "invoice_numbers": about.get("invoices", []),
        "currency": about.get("currency", "GBP"),
        "principal": Decimal(about.get("principal", "500")),
        "interest_fees": Decimal(about.get("added", "0")),
        "outstanding": Decimal(about.get("outstanding", "500")),
        "is_test": about.get("test", False),
        "opened_at": about.get("opened", NOON),
    }
    return a_case(**known).reference


def tracked_at(account: CollectorAccount, **about: Any) -> str:
    number = TrackedCase.objects.count() + 1
    return TrackedCase.objects.create(
        organisation_id=account.organisation_id,
        account=account,
        case_id=f"c{number}",
        reference=f"FAR{number:05}",
        creditor_reference=about.get("ours", ""),
        invoice_numbers=about.get("invoices", []),
        debtor_name=about.get("debtor", "Debtor Ltd"),
        country=about.get("country", "GB"),
        currency=about.get("currency", "GBP"),
        principal=Decimal(about.get("principal", "500")),
        added=Decimal(about.get("added", "0")),
        outstanding=Decimal(about.get("outstanding", "500")),
        lifecycle=about.get("lifecycle", Lifecycle.ACTIVE).value,
        rate=Decimal("9.5"),
        opened_at=about.get("opened", NOON),
        collector_said_at=NOON,
        read_at=NOON,
    ).reference
