"""Our standing order to be told of changes: where we can be told, the secrets, making one and ending one."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.seal import CannotOpen
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount
from arrears.ports import Remedy, Subscription

#: How long a secret that was replaced still opens the door: what was signed with it may be on its way.
OVERLAP = timedelta(hours=24)

_SECRET, _OLD_SECRET = "webhook_secret", "old_webhook_secret"
_LONGEST_ADDRESS = 1024
_PORTS = (None, 443, 8443)


def address_for(account: CollectorAccount) -> str:
    """Where the collector can tell us of changes; empty when it could not reach us there.

    Collectors post to public https servers only. One on this very machine reaches every address.
    """
    address = f"{settings.ARREARS_URL}/hooks/collectors/{account.hook_token}/"
    if _is_here(_host(account.base_url)):
        return address
    parts = urlsplit(address)
    is_fit = parts.scheme == "https" and _port(address) in _PORTS and len(address) <= _LONGEST_ADDRESS
    return address if is_fit and _is_public(_host(address)) else ""


def subscribe(account: CollectorAccount, address: str) -> None:
    """Ask to be told at `address`, in place of whatever there was. Raises as the reads of a Collector do.

    The id and the secret are kept together, right after the call. If this process dies in between, the
    collector has a subscription whose secret nobody knows: what it sends is refused, so the collector
    switches that one off by itself, and we ask for another.
    """
    feed, before = adapters().feed(account), account.hook_id
    made = feed.subscribe(address)
    with transaction.atomic():
        in_use = CollectorAccount.objects.filter(pk=account.pk, removed_at=None)
        in_use.filter(hook_id=before).update(hook_id=made.id, hook_notice="")
        account.refresh_from_db()
        if account.hook_id == made.id:
            keep_secret(account, made, adapters().clock.now())
    # The one before; or ours, when somebody else was quicker or the account was removed.
    for unwanted in {before, made.id} - {account.hook_id, ""}:
        with suppress(Remedy):  # left alone it is refused, and switched off by the collector
            feed.unsubscribe(unwanted)


def cancel(account: CollectorAccount) -> None:
    """Be told no more. What the collector makes of it does not matter: nobody answers there any longer.

    Belongs before the API key is destroyed, and outside any transaction.
    """
    if account.hook_id:
        with suppress(Remedy):
            adapters().feed(account).unsubscribe(account.hook_id)
    with transaction.atomic():
        CollectorAccount.objects.filter(pk=account.pk, hook_id=account.hook_id).update(hook_id="")
        vault.forget(account.organisation_id, account.record, _SECRET)
        vault.forget(account.organisation_id, account.record, _OLD_SECRET)
    account.hook_id = ""


def keep_secret(account: CollectorAccount, made: Subscription, now: datetime) -> None:
    """Keep the new secret of a subscription, and the one before for as long as it may still be in use."""
    if made.secret is None:
        return
    organisation, record = account.organisation_id, account.record
    with transaction.atomic():
        before = _read(account, _SECRET)
        if before is not None and before != made.secret:
            until = (now + OVERLAP).isoformat()
            vault.store(organisation, record, _OLD_SECRET, SecretStr(f"{until} {before.get_secret_value()}"))
        vault.store(organisation, record, _SECRET, made.secret)


def secrets_of(account: CollectorAccount, now: datetime) -> tuple[SecretStr, ...]:
    """The secrets with which a genuine notice can be signed at this moment."""
    current, (before, until) = _read(account, _SECRET), _replaced(account)
    secrets = [] if current is None else [current]
    if until is not None and now < until:
        secrets.append(before)
    return tuple(secrets)


def is_settled(account: CollectorAccount, now: datetime) -> bool:
    """Whether nothing signed with a secret that was replaced can be on its way any more."""
    _, until = _replaced(account)
    return until is None or now >= until


def _replaced(account: CollectorAccount) -> tuple[SecretStr, datetime | None]:
    """The secret before the one in use, and until when it may still be used; None where there is none."""
    old = _read(account, _OLD_SECRET)
    until, _, before = old.get_secret_value().partition(" ") if old else ("", "", "")
    return SecretStr(before), datetime.fromisoformat(until) if until else None


def has_secret(account: CollectorAccount) -> bool:
    """Whether notices can be told from forgeries."""
    return _read(account, _SECRET) is not None


def _read(account: CollectorAccount, field: str) -> SecretStr | None:
    try:
        return vault.read(account.organisation_id, account.record, field)
    except CannotOpen:
        return None  # sealed with a key that is gone; the watch over the subscription replaces it


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return 0


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _is_public(host: str) -> bool:
    """As far as can be told without asking anybody: names that only mean something nearby are not."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_global
    return "." in host.strip(".") and not host.endswith((".localhost", ".local", ".internal", ".test"))
