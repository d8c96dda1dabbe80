"""How partners stand, from the checks on record."""

from __future__ import annotations

from datetime import date

from arrears.core.vetting import Check, Standing, VettingItem, standing
from arrears.desk.models import Partner

_KNOWN = {item.value for item in VettingItem}


def standing_of(partner: Partner, today: date) -> Standing:
    """How a partner stands on a day. Reads its checks, unless they were fetched with it."""
    return standing(
        (
            Check(VettingItem(row.item), row.passed, row.checked_on, row.expires_on)
            for row in sorted(partner.checks.all(), key=lambda row: row.pk)
            if row.item in _KNOWN
        ),
        today,
    )
