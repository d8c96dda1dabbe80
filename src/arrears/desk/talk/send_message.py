"""Send a message on a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from arrears.accounts.audit import Action
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.creditor_trail import note_deed
from arrears.desk.free_text import free_text, storable
from arrears.desk.messages import write_message
from arrears.desk.models import Case, EventKind, Message
from arrears.desk.moves import write_down

#: As long as the published API lets a message be.
LONGEST_MESSAGE = 10_000


def send_message(actor: Actor, case_id: UUID | str, text: str, *, key: str = "", now: datetime) -> Message:
    """Write to the other side. On a case without a partner the desk's operators read and answer.

    With a `key` a message is sent once, however often: the first one under it counts, and is returned.

    Raises NotThere, or Refused: `missing`, `too_long`, `erased`.
    """
    kept = free_text(text, "a message", longest=LONGEST_MESSAGE)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        public_id = _id_under(key, case, actor) if key else None
        sent = case.messages.filter(public_id=public_id).first() if public_id else None
        if sent is not None:
            return sent
        if case.debtor_erased_at is not None:
            raise Refused(
                "The personal data of this case has been erased, so nothing more is kept.", code="erased"
            )
        message = write_message(case, actor, kept, public_id=public_id, now=now)
        data = {"chatId": str(message.public_id)}
        write_down(case, EventKind.MESSAGE, actor, f"Message from the {actor.party}.", now=now, data=data)
        note_deed(case, actor, "Wrote a message on", now, Action.MESSAGE_SENT)
    return message


def _id_under(key: str, case: Case, actor: Actor) -> UUID:
    """The only id that a message of this side on this case can have under a key."""
    return uuid5(case.public_id, f"{actor.party}:{storable(key)}")
