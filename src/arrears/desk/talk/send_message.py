"""Send a message on a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.messages import write_message
from arrears.desk.models import EventKind, Message
from arrears.desk.moves import write_down

#: As long as the published API lets a message be.
LONGEST_MESSAGE = 10_000


def send_message(actor: Actor, case_id: UUID | str, text: str, *, now: datetime) -> Message:
    """Write to the other side. On a case without a partner the desk's operators read and answer.

    Raises NotThere, or Refused: `missing`, `too_long`, `erased`.
    """
    kept = free_text(text, "a message", longest=LONGEST_MESSAGE)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if case.debtor_erased_at is not None:
            raise Refused(
                "The personal data of this case has been erased, so nothing more is kept.", code="erased"
            )
        message = write_message(case, actor, kept, now=now)
        data = {"chatId": str(message.public_id)}
        write_down(case, EventKind.MESSAGE, actor, f"Message from the {actor.party}.", now=now, data=data)
    return message
