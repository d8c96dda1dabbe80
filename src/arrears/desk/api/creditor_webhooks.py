"""Beyond the contract: subscriptions to every event. The contract's own path takes the contract's only."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from arrears.desk.api import routes_webhooks as contract
from arrears.desk.api import wire_account as wire
from arrears.desk.api.answers import CHANGING, READING
from arrears.desk.outbox import CONTRACT_EVENTS, MORE_EVENTS

router = Router(tags=["Webhooks"], by_alias=True)


@router.post(
    "/webhooks",
    response={201: wire.WebhookShown, **CHANGING},
    operation_id="createWebhook",
    summary="Create a subscription to any events; its secret is told this once",
)
def create(request: HttpRequest, asked: wire.WebhookAsked) -> Status[wire.WebhookShown]:
    return contract.subscribe(request, asked, (*CONTRACT_EVENTS, *MORE_EVENTS))


router.get(
    "/webhooks", response=list[wire.WebhookShown], operation_id="listWebhooks", summary="List subscriptions"
)(contract.list_)
router.get(
    "/webhooks/{piece:id}",
    response={200: wire.WebhookShown, **READING},
    operation_id="readWebhook",
    summary="Read a subscription",
)(contract.read)
router.patch(
    "/webhooks/{piece:id}",
    response={200: wire.WebhookShown, **CHANGING},
    operation_id="changeWebhook",
    summary="Change a subscription, switch it off or on, or give it a new secret",
)(contract.change)
router.delete(
    "/webhooks/{piece:id}",
    response={204: None, **READING},
    operation_id="deleteWebhook",
    summary="Delete a subscription",
)(contract.delete)
router.post(
    "/webhooks/{piece:id}/test",
    response={200: wire.TestResult, **READING},
    operation_id="testWebhook",
    summary="Send a made-up event now",
)(contract.test)
