"""Mark the messages of a case as seen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arrears.core.case import Party
from arrears.desk.actors import Actor, case_for

_COLUMNS = {Party.CREDITOR: "seen_by_creditor_at", Party.PARTNER: "seen_by_partner_at"}


def mark_seen(actor: Actor, case_id: UUID | str, *, now: datetime) -> int:
    """Note that the creditor, or the partner, has seen everything up to now. Returns how many were new to it.

    An operator's look is nobody's, and marks nothing. Raises NotThere.
    """
    case = case_for(actor, case_id)
    column = _COLUMNS.get(actor.party)
    if column is None:
        return 0
    return case.messages.filter(at__lte=now, **{column: None}).update(**{column: now})
