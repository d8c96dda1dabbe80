"""Write a note into a case's timeline."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, EventKind
from arrears.desk.moves import write_down
from arrears.desk.roles import only


def note_case(actor: Actor, case_id: UUID | str, text: str, *, now: datetime) -> Case:
    """Note what was done, for everybody on the case to read; also on a closed one.

    By the partner or an operator. Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    text = free_text(text, "a note")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        write_down(case, EventKind.NOTE, actor, text, now=now)
    return case
