"""The desk's partners and what they cover, ready to route by."""

from __future__ import annotations

from uuid import UUID

from arrears.core.debtor import DebtorType
from arrears.core.routing import CoverageRule, Network
from arrears.desk import models

#: The network as last loaded, and the stamp it had then. Replaced as one, so threads never see half of it.
_loaded: tuple[UUID, Network] | None = None


def network() -> Network:
    """All active partners' rules. Kept in memory and loaded again when a partner or a rule has changed."""
    global _loaded
    # The stamp is read before the rules: a change in between makes the next call load again.
    stamp = models.NetworkStamp.objects.values_list("stamp", flat=True).first()
    if stamp is not None and _loaded is not None and _loaded[0] == stamp:
        return _loaded[1]
    loaded = Network(_rules())
    _loaded = (stamp, loaded) if stamp is not None else None
    return loaded


def _rules() -> list[CoverageRule]:
    rows = models.CoverageRule.objects.filter(partner__active=True).select_related("partner")
    return [
        CoverageRule(
            partner=str(row.partner_id),
            partner_name=row.partner.name,
            jurisdictions=frozenset({row.jurisdiction}),
            debtor_types=frozenset({DebtorType(row.debtor_type)} if row.debtor_type else ()),
            currencies=frozenset({row.currency} if row.currency else ()),
            minimum_usd=row.minimum_usd,
            maximum_usd=row.maximum_usd,
            priority=row.priority,
        )
        for row in rows.iterator()
    ]
