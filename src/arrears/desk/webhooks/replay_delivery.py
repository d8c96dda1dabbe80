"""Send an event again."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.desk import outbox
from arrears.desk.actors import NotThere, uuid_of
from arrears.desk.models import Delivery


def replay_delivery(organisation_id: int, delivery_id: UUID | str, *, now: datetime) -> Delivery:
    """Queue the very same body once more, as a delivery of its own. Raises NotThere.

    The event keeps the id in its body, by which receivers know that they have had it.
    """
    original = _find(organisation_id, delivery_id)
    with transaction.atomic():
        replay = Delivery.objects.create(
            public_id=uuid.uuid4(),
            webhook=original.webhook,
            case=original.case,
            event=original.event,
            payload=original.payload,
            is_replay=True,
            created_at=now,
            next_attempt_at=now,
        )
        transaction.on_commit(outbox.wake)
    return replay


def _find(organisation_id: int, delivery_id: UUID | str) -> Delivery:
    deliveries = Delivery.objects.filter(webhook__organisation_id=organisation_id)
    try:
        return deliveries.select_related("webhook", "case").get(public_id=uuid_of(delivery_id))
    except Delivery.DoesNotExist:
        raise NotThere("event") from None
