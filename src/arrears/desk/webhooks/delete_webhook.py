"""Stop telling somebody, for good."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from arrears.accounts import vault
from arrears.desk.own_webhooks import webhook_for


def delete_webhook(organisation_id: int, webhook_id: UUID | str) -> None:
    """Delete a subscription with its deliveries, and destroy its secret. Raises NotThere."""
    with transaction.atomic():
        webhook = webhook_for(organisation_id, webhook_id, lock=True)
        vault.forget(organisation_id, webhook.record)
        webhook.delete()
