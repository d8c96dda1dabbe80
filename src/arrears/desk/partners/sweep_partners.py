"""Take partners off new cases whose vetting has lapsed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from arrears.desk.models import Partner
from arrears.desk.vetting import standing_of


def sweep_partners(*, today: date) -> int:
    """Suspend every active partner that is not vetted on this day any more. Returns how many."""
    suspended = 0
    for seen in Partner.objects.filter(active=True).prefetch_related("checks"):
        if standing_of(seen, today).vetted:
            continue
        with transaction.atomic():
            partner = Partner.objects.select_for_update().get(pk=seen.pk)
            standing = standing_of(partner, today)
            if partner.active and not standing.vetted:
                first = standing.open_items[0]
                partner.active, partner.suspended_because = False, f"{first.item}: {first.state}."
                partner.save(update_fields=["active", "suspended_because"])
                suspended += 1
    return suspended
