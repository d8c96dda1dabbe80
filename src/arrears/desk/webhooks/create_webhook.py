"""Ask to be told what happens to an organisation's cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.models import Organisation
from arrears.desk.actors import Refused
from arrears.desk.adapters import adapters
from arrears.desk.models import Webhook
from arrears.desk.outbox import CONTRACT_EVENTS, MORE_EVENTS
from arrears.desk.webhook_signature import new_secret

#: More than any integration needs, and few enough to keep one organisation from filling the queue.
MOST_WEBHOOKS = 20


def create_webhook(
    organisation_id: int,
    url: str,
    events: Sequence[str],
    is_test: bool,
    *,
    known: Sequence[str] = (*CONTRACT_EVENTS, *MORE_EVENTS),
    now: datetime,
) -> tuple[Webhook, SecretStr]:
    """Create a subscription. Its secret is shown this once; test ones are told of test cases only.

    `known` are the events there are for whoever asks.
    Raises Refused with code `webhook_events`, `webhook_url` or `too_many_webhooks`. The host name is looked
    up before the transaction begins.
    """
    _check_events(events, known)
    if problem := adapters().webhooks.check(url):
        raise Refused(problem, code="webhook_url", action="Give the public HTTPS address of your receiver.")
    secret = new_secret()
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation_id)
        if Webhook.objects.filter(organisation_id=organisation_id).count() >= MOST_WEBHOOKS:
            raise Refused(
                f"There are {MOST_WEBHOOKS} webhooks already, and there cannot be more.",
                code="too_many_webhooks",
                action="Delete one that is no longer needed.",
            )
        webhook = Webhook.objects.create(
            organisation_id=organisation_id,
            url=url,
            events=list(events),
            is_test=is_test,
            created_at=now,
            updated_at=now,
        )
        vault.store(organisation_id, webhook.record, "secret", secret)
    return webhook, secret


def _check_events(events: Sequence[str], known: Sequence[str]) -> None:
    unknown = next((event for event in events if event not in known), None)
    twice = next((event for event, times in Counter(events).items() if times > 1), None)
    problem = ""
    if not events:
        problem = "A webhook needs at least one event."
    elif unknown is not None:
        problem = f"There is no event “{unknown[:40]}”."
    elif twice is not None:
        problem = f"The event “{twice}” is named twice."
    if problem:
        raise Refused(problem, code="webhook_events", action=f"Choose from {', '.join(known)}.")
