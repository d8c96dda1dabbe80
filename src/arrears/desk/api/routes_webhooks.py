"""Being told what happens to cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import SecretStr

from arrears.core.json_text import read_json
from arrears.desk.actors import NotThere
from arrears.desk.api import wire_account as wire
from arrears.desk.api.auth import caller
from arrears.desk.api.errors import ErrorAnswer, FieldErrors
from arrears.desk.api.refusals import told
from arrears.desk.models import Delivery, Webhook
from arrears.desk.outbox import CONTRACT_EVENTS
from arrears.desk.webhooks.change_webhook import change_webhook
from arrears.desk.webhooks.create_webhook import create_webhook
from arrears.desk.webhooks.delete_webhook import delete_webhook
from arrears.desk.webhooks.list_deliveries import list_deliveries
from arrears.desk.webhooks.list_webhooks import list_webhooks
from arrears.desk.webhooks.read_webhook import read_webhook
from arrears.desk.webhooks.replay_delivery import replay_delivery
from arrears.desk.webhooks.test_webhook import test_webhook

router = Router(tags=["Webhooks"], by_alias=True)

_LONGEST_URL = 1024

#: The contract's words for why a test did not get through.
_CATEGORIES = {"timeout": "TimeoutError", "tls": "SslError", "http": "HttpError", "": None}


@router.get(
    "/webhooks/events",
    response={200: list[wire.WebhookEvent], 400: ErrorAnswer},
    operation_id="listWebhookEvents",
    summary="What was sent, or will be, about a case, newest first",
    tags=["Webhook events"],
)
def events(
    request: HttpRequest,
    case_id: Annotated[UUID | None, Query(alias="caseId")] = None,
    since: Annotated[datetime | None, Query(alias="since")] = None,
) -> list[wire.WebhookEvent]:
    if case_id is None:
        raise FieldErrors({"caseId": ["The case is missing."]})
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    try:
        found = list_deliveries(caller(request).creditor.pk, case_id, since=since)
    except NotThere:
        return []  # the contract knows no 404 here, and somebody else's case has no events for this caller
    return [_event(delivery) for delivery in found]


@router.post(
    "/webhooks/events/{piece:id}/replay",
    response={200: wire.ReplayResult, 404: ErrorAnswer},
    operation_id="replayWebhookEvent",
    summary="Send an event again",
    tags=["Webhook events"],
)
def replay(request: HttpRequest, id: UUID) -> wire.ReplayResult:  # noqa: A002 - as in the contract
    who = caller(request)
    delivery = replay_delivery(who.creditor.pk, id, now=who.now)
    return wire.ReplayResult(
        event_id=id, subscription_id=delivery.webhook.public_id, event_type=delivery.event
    )


@router.post(
    "/webhooks",
    response={201: wire.WebhookShown, 400: ErrorAnswer, 422: ErrorAnswer},
    operation_id="createWebhook",
    summary="Create a subscription; its secret is told this once",
)
def create(request: HttpRequest, asked: wire.WebhookAsked) -> Status[wire.WebhookShown]:
    return subscribe(request, asked, CONTRACT_EVENTS)


def subscribe(
    request: HttpRequest, asked: wire.WebhookAsked, events: tuple[str, ...]
) -> Status[wire.WebhookShown]:
    """Create a subscription to some of these events. Raises FieldErrors and Failure."""
    who = caller(request)
    errors: dict[str, list[str]] = {}
    _check_url(asked.url or "", errors)
    if not asked.events:
        errors["events"] = ["Name at least one event."]
    if errors:
        raise FieldErrors(errors)
    with told(422):
        webhook, secret = create_webhook(
            who.creditor.pk,
            (asked.url or "").strip(),
            asked.events or [],
            bool(asked.is_test_mode),
            known=events,
            now=who.now,
        )
    return Status(201, _shown(webhook, secret))


@router.get(
    "/webhooks", response=list[wire.WebhookShown], operation_id="listWebhooks", summary="List subscriptions"
)
def list_(request: HttpRequest) -> list[wire.WebhookShown]:
    return [_shown(webhook) for webhook in list_webhooks(caller(request).creditor.pk)]


@router.get(
    "/webhooks/{piece:id}",
    response={200: wire.WebhookShown, 404: ErrorAnswer},
    operation_id="readWebhook",
    summary="Read a subscription",
)
def read(request: HttpRequest, id: UUID) -> wire.WebhookShown:  # noqa: A002
    return _shown(read_webhook(caller(request).creditor.pk, id))


@router.patch(
    "/webhooks/{piece:id}",
    response={200: wire.WebhookShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="changeWebhook",
    summary="Change a subscription, switch it off or on, or give it a new secret",
)
def change(request: HttpRequest, id: UUID, asked: wire.WebhookChangeAsked) -> wire.WebhookShown:  # noqa: A002
    who = caller(request)
    errors: dict[str, list[str]] = {}
    if asked.url is not None:
        _check_url(asked.url, errors)
    if errors:
        raise FieldErrors(errors)
    with told(400):
        webhook, secret = change_webhook(
            who.creditor.pk,
            id,
            url=asked.url.strip() if asked.url is not None else None,
            events=asked.events,
            is_active=asked.is_active,
            is_test=asked.is_test_mode,
            regenerate_secret=bool(asked.regenerate_secret),
            now=who.now,
        )
    return _shown(webhook, secret)


@router.delete(
    "/webhooks/{piece:id}",
    response={204: None, 404: ErrorAnswer},
    operation_id="deleteWebhook",
    summary="Delete a subscription",
)
def delete(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    delete_webhook(caller(request).creditor.pk, id)
    return HttpResponse(status=204)


_TESTED: dict[Any, Any] = {200: wire.TestResult, 404: ErrorAnswer}


@router.post(
    "/webhooks/{piece:id}/test",
    response=_TESTED,
    operation_id="testWebhook",
    summary="Send a made-up event now",
)
@router.post(
    "/webhooks/{piece:id}:test", response=_TESTED, operation_id="testWebhookVerb", summary="The same"
)
def test(request: HttpRequest, id: UUID) -> wire.TestResult:  # noqa: A002
    who = caller(request)
    trial = test_webhook(who.creditor.pk, id, now=who.now)
    reply = trial.reply
    return wire.TestResult(
        success=trial.succeeded,
        http_status_code=reply.status,
        duration_ms=int(reply.took.total_seconds() * 1000),
        error_message=reply.error or None,
        error_category=_CATEGORIES.get(reply.category, "NetworkError"),
        test_payload=read_json(trial.payload.encode()),
    )


def _check_url(url: str, errors: dict[str, list[str]]) -> None:
    anywhere = settings.ARREARS_WEBHOOKS_TO == "anywhere"  # then servers without encryption are reached too
    schemes = ("https://", "http://") if anywhere else ("https://",)
    if not url.strip().lower().startswith(schemes) or len(url) > _LONGEST_URL:
        errors["url"] = [
            f"This must be an address that begins with https://, of at most {_LONGEST_URL} characters."
        ]


def _shown(webhook: Webhook, secret: SecretStr | None = None) -> wire.WebhookShown:
    return wire.WebhookShown(
        id=webhook.public_id,
        url=webhook.url,
        events=webhook.events,
        is_active=webhook.is_active,
        created_utc=webhook.created_at,
        updated_utc=webhook.updated_at,
        disabled_reason=webhook.disabled_because or None,
        secret=secret.get_secret_value() if secret else None,
        is_test_mode=webhook.is_test,
    )


def _event(delivery: Delivery) -> wire.WebhookEvent:
    return wire.WebhookEvent(
        id=delivery.public_id,
        subscription_id=delivery.webhook.public_id,
        case_id=delivery.case.public_id if delivery.case else None,
        event_type=delivery.event,
        payload=delivery.payload,
        created_at=delivery.created_at,
        delivered_at=delivery.delivered_at,
        attempt_count=delivery.attempts,
        last_response_code=delivery.last_status,
        last_error=delivery.last_error or None,
    )
