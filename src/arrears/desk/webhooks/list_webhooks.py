"""List an organisation's subscriptions."""

from __future__ import annotations

from arrears.desk.models import Webhook


def list_webhooks(organisation_id: int) -> list[Webhook]:
    """All subscriptions, oldest first, without their secrets."""
    return list(Webhook.objects.filter(organisation_id=organisation_id).order_by("pk"))
