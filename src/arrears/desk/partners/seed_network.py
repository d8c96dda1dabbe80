"""Fill the network with the demo's made-up partners."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

from django.db import transaction

from arrears.core.vetting import VettingItem
from arrears.desk.models import CoverageRule, Partner, VettingCheck

_EVIDENCE = "Made up for the demo: not a real company, nobody to look into."
_COUNTS_FOR = timedelta(days=365)


def seed_network(today: date) -> int:
    """Add the demo partners that are missing, with what they cover; returns how many were added.

    Their vetting is as fictional as they are, says so, and is renewed whenever it is about to lapse.

    Partners already there are left as they are, so whatever an operator has changed stays changed.
    """
    rows = list(csv.DictReader(_data().splitlines()))
    with transaction.atomic():
        known = set(Partner.objects.values_list("name", flat=True))
        missing = [_partner(row) for row in rows if row["name"] not in known]
        Partner.objects.bulk_create(missing, ignore_conflicts=True)
        # A twin that was quicker has written the rules too; its partners are not without rules any more.
        without_rules = {
            partner.name: partner
            for partner in Partner.objects.filter(name__in=[partner.name for partner in missing], rules=None)
        }
        CoverageRule.objects.bulk_create(
            _rule(without_rules[row["name"]], row) for row in rows if row["name"] in without_rules
        )
        _vet(today)
    return len(without_rules)


def _vet(today: date) -> None:
    """Give the made-up partners checks that count, unless they have some for another month."""
    good = VettingCheck.objects.filter(expires_on__gt=today + timedelta(days=31)).values("partner")
    VettingCheck.objects.bulk_create(
        VettingCheck(
            partner=partner,
            item=item.value,
            passed=True,
            evidence=_EVIDENCE,
            checked_by="Demo",
            checked_on=today,
            expires_on=today + _COUNTS_FOR,
        )
        for partner in Partner.objects.filter(fictional=True, active=True).exclude(pk__in=good)
        for item in VettingItem
    )


def _data() -> str:
    return (files("arrears.desk") / "data" / "demo_network.csv").read_text(encoding="utf-8")


def _partner(row: dict[str, str]) -> Partner:
    return Partner(name=row["name"], kind=row["kind"], country=row["country"], fictional=True)


def _rule(partner: Partner, row: dict[str, str]) -> CoverageRule:
    return CoverageRule(
        partner=partner,
        jurisdiction=row["jurisdiction"],
        debtor_type=row["debtor_type"],
        minimum_usd=Decimal(row["minimum_usd"]) if row["minimum_usd"] else None,
        priority=int(row["priority"]),
    )
