"""Write all partners and what they cover, as CSV or YAML, so that it can be read back."""

from __future__ import annotations

from typing import Any, Literal

import yaml
from django.db.models import Prefetch

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.csv_text import csv_text
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.partner_files import COLUMNS, RULE_COLUMNS, cells_of, rule_cells_of
from arrears.desk.roles import only


def export_partners(actor: Actor, form: Literal["csv", "yaml"]) -> str:
    """The whole network by name. A partner without rules has one row with empty rule columns."""
    only(actor, Party.OPERATOR)
    partners = Partner.objects.order_by("name").prefetch_related(
        Prefetch("rules", CoverageRule.objects.order_by("jurisdiction", "priority", "pk"))
    )
    return _as_yaml(list(partners)) if form == "yaml" else _as_csv(list(partners))


def _as_csv(partners: list[Partner]) -> str:
    rows: list[list[str]] = []
    for partner in partners:
        own = cells_of(partner)
        rules = [rule_cells_of(rule) for rule in partner.rules.all()] or [dict.fromkeys(RULE_COLUMNS, "")]
        rows.extend([(own | rule)[column] for column in COLUMNS] for rule in rules)
    return csv_text(COLUMNS, rows)


def _as_yaml(partners: list[Partner]) -> str:
    listed: list[dict[str, Any]] = [
        _filled(cells_of(partner)) | {"rules": [_filled(rule_cells_of(rule)) for rule in partner.rules.all()]}
        for partner in partners
    ]
    return yaml.safe_dump({"partners": listed}, allow_unicode=True, sort_keys=False)


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}
