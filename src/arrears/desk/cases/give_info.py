"""Answer what was asked about a case."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Lifecycle
from arrears.desk.actors import Actor, case_for
from arrears.desk.checking import check
from arrears.desk.creditor_trail import note_deed
from arrears.desk.free_text import free_text
from arrears.desk.models import Case
from arrears.desk.moves import move

#: The longest answer that is kept, in characters.
LONGEST_ANSWER = 4000


def give_info(actor: Actor, case_id: UUID | str, answer: str, *, now: datetime, today: date) -> Case:
    """Answer everything that is open, and let the case go on: back to work, or through the check again.

    Raises NotThere, and Refused when nothing was asked or the answer is empty or too long.
    """
    text = free_text(answer, "an answer", longest=LONGEST_ANSWER)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        at_work = case.accepted_at is not None
        event = Event.INFO_GIVEN_AT_WORK if at_work else Event.INFO_GIVEN
        asked = case.info_requests.filter(answered_at=None, settled_at=None)
        asked.update(answer=text, answered_at=now, settled_at=now if at_work else None)
        move(case, event, actor, f"Answered: {text}", now=now, info_due=None)
        if case.lifecycle == Lifecycle.ACTIVE and case.withdrawal_asked_at is not None:
            why = "Paused until the partner has decided about the withdrawal."
            move(case, Event.PAUSED, actor, why, now=now)
        note_deed(case, actor, "Answered what was asked about", now)
        check(case, now=now, today=today)
    return case
