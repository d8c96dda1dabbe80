"""Fill the network with the demo's made-up partners."""

from __future__ import annotations

import csv
from decimal import Decimal
from importlib.resources import files

from django.db import transaction

from arrears.desk.models import CoverageRule, Partner

_VETTED = "Made up for the demo: not a real company, nobody to vet."


def seed_network() -> int:
    """Add the demo partners that are missing, with what they cover; returns how many were added.

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
    return len(without_rules)


def _data() -> str:
    return (files("arrears.desk") / "data" / "demo_network.csv").read_text(encoding="utf-8")


def _partner(row: dict[str, str]) -> Partner:
    return Partner(name=row["name"], kind=row["kind"], country=row["country"], fictional=True, vetted=_VETTED)


def _rule(partner: Partner, row: dict[str, str]) -> CoverageRule:
    return CoverageRule(
        partner=partner,
        jurisdiction=row["jurisdiction"],
        debtor_type=row["debtor_type"],
        minimum_usd=Decimal(row["minimum_usd"]) if row["minimum_usd"] else None,
        priority=int(row["priority"]),
    )
