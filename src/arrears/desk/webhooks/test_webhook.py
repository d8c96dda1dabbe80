"""Try a subscription out: send it a made-up event and tell what came of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from arrears.desk.adapters import adapters
from arrears.desk.outbox import envelope
from arrears.desk.own_webhooks import webhook_for
from arrears.desk.webhook_post import post, secret_of
from arrears.ports import Reply

_EVENT = "case.created"


@dataclass(frozen=True, slots=True)
class Trial:
    """What was sent (JSON text) and the reply to it."""

    reply: Reply
    payload: str

    @property
    def succeeded(self) -> bool:
        return not self.reply.category


def test_webhook(organisation_id: int, webhook_id: UUID | str, *, now: datetime) -> Trial:
    """Send a signed `case.created` about a case that does not exist, now, even if it is switched off.

    It is marked by the header `X-Debitura-Test`, tried once, and not among the deliveries. Call it outside a
    transaction, because it waits for the receiver. Raises NotThere.
    """
    webhook = webhook_for(organisation_id, webhook_id)
    case_id = str(uuid.uuid4())
    about = {"caseId": case_id, "reference": "TEST0001", "creditorReference": "INV-0001"}
    payload = envelope(str(uuid.uuid4()), _EVENT, now, about, f"/cases/{case_id}")
    sender = adapters().webhooks
    reply = post(sender, webhook.url, secret_of(webhook), _EVENT, payload, at=now, test=True)
    return Trial(reply, payload)
