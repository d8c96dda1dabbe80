"""Erase a debtor's personal data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.retention import obstacle
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.erasure import erase, retention_facts
from arrears.desk.models import Case


def erase_debtor(actor: Actor, case_id: UUID | str, *, now: datetime) -> Case:
    """An operator leaves nothing about the debtor as a person; amounts and dates stay for the books.

    Doing it again changes nothing. Raises NotThere, or Refused while the data is still needed.
    """
    if actor.party is not Party.OPERATOR:
        raise Refused("Only an operator of the desk erases personal data.", code="forbidden")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        reason = obstacle(retention_facts(case))
        if reason:
            raise Refused(f"The data cannot be erased yet. {reason}", code="not_now")
        if case.debtor_erased_at is None:
            erase(case, actor, now=now)
    return case
