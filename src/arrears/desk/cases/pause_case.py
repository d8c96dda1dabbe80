"""Pause a case: nobody works it until it is resumed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event
from arrears.desk.actors import Actor, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case
from arrears.desk.moves import move


def pause_case(actor: Actor, case_id: UUID | str, reason: str, *, now: datetime) -> Case:
    """Put an active case on hold, with the reason in its timeline. Raises NotThere and Refused."""
    reason = free_text(reason, "a reason for pausing")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        move(case, Event.PAUSED, actor, f"Paused: {reason}", now=now)
    return case
