"""Turn down all quotes for a case, or stop waiting for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Event, Party
from arrears.core.quote import Outcome
from arrears.desk.actors import Actor, Refused
from arrears.desk.creditor_trail import note_deed
from arrears.desk.endings import end_case
from arrears.desk.free_text import free_text
from arrears.desk.models import Case
from arrears.desk.moves import move
from arrears.desk.quoting import end_request, request_for
from arrears.desk.roles import only


def decline_quotes(actor: Actor, request_id: UUID | str, reason: str = "", *, now: datetime) -> Case:
    """Decline as the creditor. A case that was worked on before goes on as before; another one is withdrawn.

    Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR)
    reason = free_text(reason, "the reason", required=False)
    with transaction.atomic():
        request = request_for(actor, request_id, lock=True)
        case = request.case
        if request.decided_at is not None:
            raise Refused("This request for quotes has ended already.", code="not_now")
        end_request(case, Outcome.DECLINED, now=now)
        if case.accepted_at is not None:
            text = f"No quote is accepted; the case goes on as before. {reason}".strip()
            move(case, Event.QUOTES_ENDED_AT_WORK, actor, text, now=now)
        else:
            end_case(case, CloseCode.WITHDRAWN, actor, f"No quote is accepted. {reason}".strip(), now=now)
        note_deed(case, actor, "Turned down the quotes for", now)
    return case
