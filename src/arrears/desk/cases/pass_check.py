"""Let a case pass the check by an operator's word."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Lifecycle, Party
from arrears.core.wording import full_stop
from arrears.desk.actors import Actor, NotThere, Refused, case_for
from arrears.desk.checking import pass_on
from arrears.desk.free_text import free_text
from arrears.desk.models import Case


def pass_check(actor: Actor, case_id: UUID | str, reason: str, *, now: datetime, today: date) -> Case:
    """Move a case on although the automatic check still finds something. It is not checked again.

    Only an operator may. Raises NotThere, and Refused without a reason or when the case does not wait for
    the check.
    """
    if actor.party is not Party.OPERATOR:
        raise NotThere
    reason = free_text(reason, "why the case may pass the check")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if Lifecycle(case.lifecycle) is not Lifecycle.PENDING_CHECK:
            raise Refused(f"The case does not wait for the check: it is {case.lifecycle}.", code="not_now")
        case.skip_check = True
        pass_on(case, actor, f"Passed by an operator: {full_stop(reason)}", now=now, today=today)
    return case
