"""Resume a paused case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case
from arrears.desk.moves import move


def resume_case(actor: Actor, case_id: UUID | str, reason: str, *, now: datetime) -> Case:
    """Work a paused case again. Not while its creditor waits for an answer to a withdrawal.

    By the partner or an operator. Raises NotThere and Refused.
    """
    reason = free_text(reason, "a reason for resuming")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if case.withdrawal_asked_at is not None:
            raise Refused(
                "The creditor has asked to withdraw this case, and that has to be decided first.",
                code="withdrawal_asked",
                action="Agree to the withdrawal, or turn it down with a reason: the case then resumes.",
            )
        move(case, Event.RESUMED, actor, f"Resumed: {reason}", now=now)
    return case
