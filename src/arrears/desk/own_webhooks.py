"""Finding an organisation's subscriptions."""

from __future__ import annotations

from uuid import UUID

from arrears.desk.actors import NotThere, uuid_of
from arrears.desk.models import Webhook


def webhook_for(organisation_id: int, webhook_id: UUID | str, *, lock: bool = False) -> Webhook:
    """One subscription by its public id. `lock` holds its row until the transaction ends. Raises NotThere."""
    webhooks = Webhook.objects.filter(organisation_id=organisation_id)
    if lock:
        webhooks = webhooks.select_for_update(no_key=True)  # new deliveries do not have to wait
    webhook = webhooks.filter(public_id=uuid_of(webhook_id)).first()
    if webhook is None:
        raise NotThere("webhook")
    return webhook
