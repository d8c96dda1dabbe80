"""Read one subscription."""

from __future__ import annotations

from uuid import UUID

from arrears.desk.models import Webhook
from arrears.desk.own_webhooks import webhook_for


def read_webhook(organisation_id: int, webhook_id: UUID | str) -> Webhook:
    """One subscription, without its secret. Raises NotThere."""
    return webhook_for(organisation_id, webhook_id)
