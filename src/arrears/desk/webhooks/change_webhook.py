"""Change a subscription, switch it off or on, or give it a new secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.desk import outbox
from arrears.desk.actors import Refused
from arrears.desk.adapters import adapters
from arrears.desk.models import Delivery, Webhook
from arrears.desk.own_webhooks import webhook_for
from arrears.desk.webhook_signature import new_secret


def change_webhook(
    organisation_id: int,
    webhook_id: UUID | str,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    is_active: bool | None = None,
    is_test: bool | None = None,
    regenerate_secret: bool = False,
    now: datetime,
) -> tuple[Webhook, SecretStr | None]:
    """Change what is not None. Returns the subscription, and the new secret if one was asked for.

    The old secret stops at once. Switched off, deliveries are set aside; switched on again, they go out. The
    events cannot change. Raises NotThere, or Refused with code `webhook_events` or `webhook_url`.
    """
    before = webhook_for(organisation_id, webhook_id)
    if events is not None and set(events) != set(before.events):
        raise Refused(
            "The events of a webhook cannot be changed.",
            code="webhook_events",
            action="Create another webhook with the events you want, then delete this one.",
        )
    if url is not None and url != before.url and (problem := adapters().webhooks.check(url)):
        raise Refused(problem, code="webhook_url", action="Give the public HTTPS address of your receiver.")
    with transaction.atomic():
        webhook = webhook_for(organisation_id, webhook_id, lock=True)
        webhook.url = webhook.url if url is None else url
        webhook.is_test = webhook.is_test if is_test is None else is_test
        if is_active is not None:
            _switch(webhook, is_active, now)
        secret = _new_secret(webhook) if regenerate_secret else None
        webhook.updated_at = now
        webhook.save()
    return webhook, secret


def _switch(webhook: Webhook, on: bool, now: datetime) -> None:
    if on and not webhook.is_active:
        webhook.disabled_because = ""
        held = webhook.deliveries.filter(state=Delivery.State.HELD)
        held.update(state=Delivery.State.WAITING, next_attempt_at=now)
        transaction.on_commit(outbox.wake)
    elif not on:
        waiting = webhook.deliveries.filter(state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.HELD, next_attempt_at=None)
    webhook.is_active = on


def _new_secret(webhook: Webhook) -> SecretStr:
    secret = new_secret()
    vault.store(webhook.organisation_id, webhook.record, "secret", secret)
    return secret
