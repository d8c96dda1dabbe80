"""Writing a message on a case. The caller holds the case's row and a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from arrears.core.case import Party
from arrears.desk import outbox
from arrears.desk.actors import Actor
from arrears.desk.models import Case, Message


def write_message(
    case: Case, actor: Actor, text: str, *, public_id: UUID | None = None, now: datetime
) -> Message:
    """Keep a message, under a new id unless one is given, and announce it. Whoever wrote it has seen it."""
    message = Message.objects.create(
        public_id=public_id or uuid4(),
        case=case,
        party=actor.party.value,
        user_id=actor.user,
        by=actor.name,
        by_email=actor.email,
        text=text,
        at=now,
        seen_by_creditor_at=now if actor.party is Party.CREDITOR else None,
        seen_by_partner_at=now if actor.party is Party.PARTNER else None,
    )
    outbox.announce(case, "chat.created", now=now, data={"chatId": str(message.public_id)})
    return message
