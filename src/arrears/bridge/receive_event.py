"""Take a collector's word that something happened: write it down and have it looked into."""

from __future__ import annotations

from enum import Enum, auto

import structlog
from django.db import transaction

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Receipt
from arrears.bridge.subscription import secrets_of
from arrears.ports import FeedEvent

#: The longest body read, in bytes. Notices hold ids and a few words.
LONGEST_BODY = 1_000_000

_LONGEST_TOKEN = 64
_LONGEST_EVENT_ID = 100

_log = structlog.get_logger()


class Reception(Enum):
    """What came of a notice."""

    ACCEPTED = auto()
    UNKNOWN = auto()
    FORGED = auto()
    TOO_LARGE = auto()


def receive_event(token: str, signature: str, body: bytes) -> Reception:
    """Write down a notice for the account that `token` belongs to, and queue its handling; both or neither.

    The same event counts once. Nobody is asked anything over the network. Raises DatabaseError or the job
    engine's ConnectorException when nothing could be written down: then the sender has to come again.
    """
    if len(body) > LONGEST_BODY:
        return Reception.TOO_LARGE
    account = _account(token)
    if account is None:
        return Reception.UNKNOWN
    now = adapters().clock.now()
    event = adapters().feed(account).read_event(signature, body, secrets_of(account, now), now)
    if event is None:
        _log.warning("hook.forged", account=account.pk)
        return Reception.FORGED
    with transaction.atomic():
        receipt = _receipt(account, event)
        receipt.received_at = now
        Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
        queue.handle_receipts(account.pk)
    return Reception.ACCEPTED


def _account(token: str) -> CollectorAccount | None:
    if not token or len(token) > _LONGEST_TOKEN or not (token.isascii() and token.isprintable()):
        return None
    return CollectorAccount.objects.filter(hook_token=token, removed_at=None).first()


def _receipt(account: CollectorAccount, event: FeedEvent) -> Receipt:
    """What is kept of it. An id that is too long names no case of ours, and is handled as such."""
    case_id = _plain(event.case_id)
    return Receipt(
        account=account,
        event_id=_plain(event.id)[:_LONGEST_EVENT_ID],
        kind=_plain(event.kind)[:60],
        case_id=case_id if len(case_id) <= 60 else "",
    )


def _plain(text: str) -> str:
    """Without what the database cannot hold."""
    return text.encode(errors="ignore").decode().replace("\0", "")
