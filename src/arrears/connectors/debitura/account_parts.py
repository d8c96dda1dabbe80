"""The account and its webhooks in Debitura's Customer API, as pairs: build the request, read the answer."""

from __future__ import annotations

from pydantic import SecretStr

from arrears import ports
from arrears.connectors.debitura import mapping, wire
from arrears.connectors.debitura.answers import raise_refusal, read_answer, senseless
from arrears.connectors.debitura.bodies import json_body
from arrears.connectors.debitura.protocol import (
    PAGE_SIZE,
    Page,
    change,
    get,
    piece,
    read_object,
    read_page,
)
from arrears.connectors.debitura.values import read_text
from arrears.connectors.message import Request, Response

ME = "the account"
AGREEMENT = "the debt collection agreement"
TASKS = "the tasks"
USERS = "the list of users"
DIVISIONS = "the list of divisions"
WEBHOOK = "the webhook"

#: All events there are.
EVENTS = (
    "case.created",
    "case.updated",
    "case.closed",
    "payment.created",
    "payment.deleted",
    "chat.created",
)


def me_request() -> Request:
    return get("me", ME)


def read_me(response: Response) -> wire.Me:
    """Who we are. An account without an id is none."""
    me = read_object(response, wire.Me, ME)
    if not me.id:
        raise senseless(ME)
    return me


def agreement_request() -> Request:
    return get("contracts/debt-collection/status", AGREEMENT)


def read_agreement(response: Response) -> tuple[ports.Required, ...]:
    """The main agreement where it has to be signed (again); nothing where it stands."""
    contract = read_object(response, wire.Contract, AGREEMENT)
    if mapping.stands(contract):
        return ()
    return (mapping.agreement_from(contract, mapping.MAIN_AGREEMENT, AGREEMENT),)


def tasks_request(number: int) -> Request:
    return get("tasks", TASKS, is_list=True, status="Open", Page=number, PageSize=PAGE_SIZE)


def read_tasks(response: Response) -> Page[ports.Task]:
    return read_page(response, "tasks", wire.Task, mapping.task_from, TASKS)


def users_request(number: int) -> Request:
    return get("users", USERS, is_list=True, Page=number, PageSize=PAGE_SIZE)


def read_users(response: Response) -> Page[ports.Person]:
    return read_page(response, "users", wire.User, mapping.person_from, USERS)


def divisions_request(number: int) -> Request:
    """Archived ones too: cases may still be in their name."""
    # Unlike elsewhere the contract spells these parameters with small letters.
    return get("divisions", DIVISIONS, is_list=True, page=number, pageSize=PAGE_SIZE, includeArchived="true")


def read_divisions(response: Response) -> Page[ports.Division]:
    return read_page(response, "divisions", wire.Division, mapping.division_from, DIVISIONS)


# --- Webhooks -----------------------------------------------------------------------------------------------


def subscribe_request(url: str, *, test: bool) -> Request:
    body = json_body(url=url, events=list(EVENTS), isTestMode=test)
    return change("POST", "webhooks", "a subscription", body)


def subscriptions_request() -> Request:
    return get("webhooks", "the list of webhooks", is_list=True)


def read_subscriptions(response: Response, *, test: bool) -> tuple[ports.Subscription, ...]:
    """Our subscriptions of one mode."""
    page = read_page(response, "webhooks", wire.Webhook, _seen, "the list of webhooks")
    return tuple(_subscription(row) for row in page.rows if row.is_test_mode is test)


def subscription_request(subscription_id: str) -> Request:
    return get(f"webhooks/{piece(subscription_id)}", WEBHOOK)


def read_subscription(response: Response) -> ports.Subscription | None:
    """The subscription, or None when it is gone."""
    if response.status == 404:
        return None
    return read_changed(response)


def wake_request(subscription_id: str) -> Request:
    path = f"webhooks/{piece(subscription_id)}"
    return change("PATCH", path, WEBHOOK, json_body(isActive=True), effects=False)


def new_secret_request(subscription_id: str) -> Request:
    path = f"webhooks/{piece(subscription_id)}"
    return change("PATCH", path, WEBHOOK, json_body(regenerateSecret=True))


def unsubscribe_request(subscription_id: str) -> Request:
    return change("DELETE", f"webhooks/{piece(subscription_id)}", WEBHOOK, effects=False)


def read_unsubscribed(response: Response) -> None:
    """Gone is gone."""
    if not response.succeeded and response.status != 404:
        raise_refusal(response, WEBHOOK)


def read_changed(response: Response) -> ports.Subscription:
    """A subscription as it is now. The secret is in it only when it is new."""
    body = read_answer(response, WEBHOOK)
    if not isinstance(body, dict):
        raise senseless(WEBHOOK)
    secret = read_text(body.pop("secret", None))  # taken out, because the record would keep it in the clear
    row = wire.record(body, wire.Webhook)
    if not row.id:
        raise senseless(WEBHOOK)
    return _subscription(row, secret)


def read_with_secret(response: Response) -> ports.Subscription:
    """A subscription whose secret must be told."""
    subscription = read_changed(response)
    if subscription.secret is None:
        raise senseless("the secret of the webhook")
    return subscription


def _seen(row: wire.Webhook) -> wire.Webhook | None:
    return row if row.id else None


def _subscription(row: wire.Webhook, secret: str = "") -> ports.Subscription:
    return ports.Subscription(
        id=row.id,
        url=row.url,
        active=row.is_active,
        disabled_because=row.disabled_reason,
        secret=SecretStr(secret) if secret else None,
    )
