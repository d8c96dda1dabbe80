"""Writing partners and their rules, and finding one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from arrears.desk.actors import NotThere, uuid_of
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.partner_files import PartnerRow, RuleRow


def partner_with(public_id: UUID | str, *, lock: bool = False) -> Partner:
    """One partner by its public id. `lock` holds its row until the transaction ends. Raises NotThere."""
    partners = Partner.objects.select_for_update() if lock else Partner.objects.all()
    found = partners.filter(public_id=uuid_of(public_id)).first()
    if found is None:
        raise NotThere("partner")
    return found


def write_partner(partner: Partner, row: PartnerRow) -> None:
    """Make a partner, and all its rules, what a row says."""
    write_profile(partner, row)
    write_rules(partner, row.rules)


def write_profile(partner: Partner, row: PartnerRow) -> None:
    """Make a partner what a row says, and leave its rules."""
    for name in ("name", "kind", "country", "email", "phone", "website", "exclusive", "capacity", "vat_rate"):
        setattr(partner, name, getattr(row, name))
    partner.languages = list(row.languages)
    partner.save()


def write_rules(partner: Partner, rules: Sequence[RuleRow]) -> None:
    """Put these rules in the place of all that a partner has."""
    partner.rules.all().delete()
    CoverageRule.objects.bulk_create(
        CoverageRule(
            partner=partner,
            jurisdiction=rule.jurisdiction,
            debtor_type=rule.debtor_type,
            currency=rule.currency,
            minimum_usd=rule.minimum_usd,
            maximum_usd=rule.maximum_usd,
            priority=rule.priority,
        )
        for rule in rules
    )
