"""Record that somebody was given a debtor's personal data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Disclosure

_LONGEST_RECIPIENT = 254


def record_disclosure(
    actor: Actor, case_id: UUID | str, *, to: str, what: str, why: str, now: datetime
) -> Disclosure:
    """Who was given what, and why; by the partner or an operator. Raises NotThere or Refused."""
    to = free_text(to, "who was given the data", longest=_LONGEST_RECIPIENT)
    what = free_text(what, "what was given")
    why = free_text(why, "why it was given")
    if actor.party is Party.CREDITOR:
        raise Refused(
            "Only the partner or an operator records what the desk has disclosed.", code="forbidden"
        )
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if case.debtor_erased_at is not None:
            raise Refused(
                "The personal data of this case has been erased: there is none to give.", code="erased"
            )
        return Disclosure.objects.create(case=case, at=now, to=to, what=what, why=why)
