"""Write down one look into a partner, with the evidence."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.vetting import VettingItem
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import VettingCheck
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only

_LONGEST_EVIDENCE = 5_000


def vet_partner(
    actor: Actor,
    partner_id: UUID | str,
    item: VettingItem,
    *,
    passed: bool,
    evidence: str,
    expires_on: date,
    today: date,
) -> VettingCheck:
    """Add a check; earlier ones of the item stay on record. A failed check takes the partner off new cases.

    Raises NotThere, and Refused without evidence or with a day of expiry that is not in the future.
    """
    only(actor, Party.OPERATOR, Party.DESK)
    what = "the evidence: which document, from whom, of what date"
    seen = free_text(evidence, what, longest=_LONGEST_EVIDENCE)
    if expires_on <= today:
        raise Refused(
            "A check counts until a day in the future.", code="expires_on", action="Choose a later day."
        )
    with transaction.atomic():
        partner = partner_with(partner_id, lock=True)
        check = VettingCheck.objects.create(
            partner=partner,
            item=item.value,
            passed=passed,
            evidence=seen,
            checked_by=actor.name,
            checked_on=today,
            expires_on=expires_on,
        )
        if not passed and partner.active:
            partner.active, partner.suspended_because = False, f"Failed: {item}."
            partner.save(update_fields=["active", "suspended_because"])
    return check
