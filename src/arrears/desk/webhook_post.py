"""What goes over the wire to a subscription: its secret, the headers, and the signature."""

from __future__ import annotations

from datetime import datetime

from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.seal import CannotOpen
from arrears.core.webhook_signature import sign
from arrears.desk.models import Webhook
from arrears.desk.webhook_signature import HEADER
from arrears.ports import Reply, WebhookSender

_NO_SECRET = Reply(
    None, "The webhook's secret cannot be read here, so nothing could be signed. Regenerate it.", "connection"
)


def secret_of(webhook: Webhook) -> SecretStr | None:
    """The secret a subscription is signed with, or None when it is not there or does not open."""
    try:
        return vault.read(webhook.organisation_id, webhook.record, "secret")
    except CannotOpen:
        return None


def post(
    sender: WebhookSender,
    url: str,
    secret: SecretStr | None,
    event: str,
    payload: str,
    *,
    at: datetime,
    replay: bool = False,
    test: bool = False,
) -> Reply:
    """Sign a body and send it once. `at` is now: receivers refuse signatures older than five minutes."""
    if secret is None:
        return _NO_SECRET
    body = payload.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Debitura-Event": event,
        "X-Debitura-Timestamp": str(int(at.timestamp())),
        HEADER: sign(secret.get_secret_value(), body, at),
    }
    if replay:
        headers["X-Debitura-Replay"] = "true"
    if test:
        headers["X-Debitura-Test"] = "true"
    return sender.send(url, headers, body)
