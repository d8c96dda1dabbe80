"""Have an event of a test case sent, without waiting for it to happen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk import outbox
from arrears.desk.actors import Actor, NotThere, Refused, case_for
from arrears.desk.models import Case, Message, Payment, Webhook
from arrears.desk.own_webhooks import webhook_for


def fire_webhook(
    organisation_id: int,
    case_id: UUID | str,
    event: str,
    *,
    subscription: UUID | str | None = None,
    now: datetime,
) -> int:
    """Queue an event about the case as it stands, for one test subscription or all active ones that want it.

    Returns for how many. Raises NotThere for the case; Refused with code `not_a_test_case`, `webhook_events`,
    `unknown_subscription`, or `nothing_to_tell` when the case has no payment or message to tell about.
    """
    case = case_for(Actor(Party.CREDITOR, "", organisation=organisation_id), case_id)
    if not case.is_test:
        raise Refused("Events can be fired for test cases only.", code="not_a_test_case")
    if event not in outbox.CONTRACT_EVENTS:
        known = ", ".join(outbox.CONTRACT_EVENTS)
        raise Refused(
            "There is no such event to fire.", code="webhook_events", action=f"Choose from {known}."
        )
    webhooks = Webhook.objects.filter(
        organisation_id=organisation_id, is_test=True, is_active=True, events__contains=[event]
    )
    if subscription is not None:
        webhooks = webhooks.filter(pk=_test_webhook(organisation_id, subscription).pk)
    with transaction.atomic():
        return outbox.enqueue(webhooks, case, event, now=now, data=_about(case, event))


def _test_webhook(organisation_id: int, subscription: UUID | str) -> Webhook:
    try:
        webhook = webhook_for(organisation_id, subscription)
    except NotThere:
        webhook = None
    if webhook is None or not webhook.is_test:
        raise Refused("There is no such test webhook.", code="unknown_subscription")
    return webhook


def _about(case: Case, event: str) -> dict[str, str]:
    """What announcing the latest such thing would have named."""
    if event == "chat.created":
        return {"chatId": _id_of(Message.objects.filter(case=case).last(), "message")}
    payments = Payment.objects.filter(case=case)
    if event == "payment.created":
        made = payments.filter(reversed_at=None).order_by("recorded_at", "pk").last()
        return {"paymentId": _id_of(made, "payment")}
    if event == "payment.deleted":
        deleted = payments.exclude(reversed_at=None).order_by("reversed_at", "pk").last()
        return {"paymentId": _id_of(deleted, "reversed payment")}
    return {}


def _id_of(found: Message | Payment | None, what: str) -> str:
    if found is None:
        raise Refused(f"The case has no {what} to tell about.", code="nothing_to_tell")
    return str(found.public_id)
