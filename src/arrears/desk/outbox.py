"""Announcing what happened: one durable delivery for each subscription, written with the change itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import simplejson
from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from arrears.desk.models import Case, Delivery, Webhook

#: The job queue of the desk.
QUEUE = "desk"

#: The job that sends what is due.
DELIVER = "deliver_webhooks"

#: What the published contract knows.
CONTRACT_EVENTS = (
    "case.created",
    "case.updated",
    "case.closed",
    "payment.created",
    "payment.deleted",
    "chat.created",
)
#: What we add to it.
MORE_EVENTS = ("case.phase_changed", "quote.created", "quote.accepted", "task.created", "document.created")


def announce(case: Case, event: str, *, now: datetime, data: dict[str, Any] | None = None) -> int:
    """Queue an event of a case for everybody who asked for it. Returns for how many subscriptions.

    `data` names what it is about besides the case, such as `paymentId`: ids only, see `envelope`. Belongs in
    the transaction of the change, so that neither can exist without the other.
    """
    webhooks = Webhook.objects.filter(
        organisation_id=case.creditor_id, events__contains=[event], is_test=case.is_test
    )
    return enqueue(webhooks, case, event, now=now, data=data)


def enqueue(
    webhooks: Iterable[Webhook],
    case: Case,
    event: str,
    *,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> int:
    """Queue an event for these subscriptions. Returns how many they are.

    Also for one that is switched off: delivering sets those aside, under a lock, so that one which is being
    switched on at this moment loses nothing.
    """
    deliveries = [_delivery(webhook, case, event, data or {}, now) for webhook in webhooks]
    Delivery.objects.bulk_create(deliveries)
    if deliveries:
        transaction.on_commit(wake)
    return len(deliveries)


def envelope(event_id: str, event: str, at: datetime, data: dict[str, Any], link: str) -> str:
    """The body that is sent, as JSON.

    Ids only: receivers fetch the rest, so that what they see is current, and nobody's personal data lies in a
    queue or is sent to a server that a stranger has taken over.
    """
    body = {
        "id": event_id,
        "specVersion": "1.0",
        "event": event,
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "data": data,
        "links": {"self": link},
    }
    return simplejson.dumps(body, use_decimal=True)


def wake(at: datetime | None = None) -> None:
    """Deliver soon, or at a moment. One waiting job of each kind is enough for everything that is due.

    Those at once have priority: among jobs with one lock, one of equal priority that was queued before them,
    to run later, would hold them up until then.
    """
    kind = DELIVER if at is None else f"{DELIVER} later"
    job = app.configure_task(
        DELIVER, queue=QUEUE, queueing_lock=kind, schedule_at=at, priority=1 if at is None else 0
    )
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        job.defer()


def _delivery(webhook: Webhook, case: Case, event: str, data: dict[str, Any], now: datetime) -> Delivery:
    about = {
        "caseId": str(case.public_id),
        "reference": case.reference,
        "creditorReference": case.creditor_reference or None,
        **data,
    }
    public_id = uuid.uuid4()
    return Delivery(
        public_id=public_id,
        webhook=webhook,
        case=case,
        event=event,
        payload=envelope(str(public_id), event, now, about, f"/cases/{case.public_id}"),
        created_at=now,
        next_attempt_at=now,
    )
