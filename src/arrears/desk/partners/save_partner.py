"""Save one partner's profile."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import Partner
from arrears.desk.partner_files import PartnerRow
from arrears.desk.partner_store import partner_with, write_profile, write_rules
from arrears.desk.roles import only

_LONGEST_ABOUT = 5_000


def save_partner(
    actor: Actor, row: PartnerRow, about: str = "", *, partner_id: UUID | None = None
) -> Partner:
    """Save who a partner is, as `row` says, and leave its rules; a new one has those of `row`.

    A new partner is not active until it is vetted. Raises NotThere, Refused.
    """
    only(actor, Party.OPERATOR)
    kept = free_text(about, "what to know about the partner", longest=_LONGEST_ABOUT, required=False)
    try:
        with transaction.atomic():
            partner = partner_with(partner_id, lock=True) if partner_id else _new()
            partner.about = kept
            write_profile(partner, row)
            if partner_id is None:
                write_rules(partner, row.rules)
    except IntegrityError as error:
        raise Refused(
            f"There is a partner named “{row.name}” already.", code="name", action="Choose another name."
        ) from error
    return partner


def _new() -> Partner:
    return Partner(active=False, suspended_because="Not vetted yet.")
