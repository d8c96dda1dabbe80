"""Look after our subscription at a collector: that there is one, that it is awake, that it leads to us."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Receipt
from arrears.bridge.subscription import address_for, cancel, has_secret, is_settled, keep_secret, subscribe
from arrears.core.wording import date_text, full_stop
from arrears.ports import NeedsAttention, Subscription

_NO_ADDRESS = (
    "This collector cannot reach Arrears from where it is, so it cannot tell of changes. They are looked for "
    "every 15 minutes instead. To be told at once, give Arrears a public https address (ARREARS_URL)."
)
_REFUSED = "The collector will not tell us of changes: {} They are looked for every 15 minutes instead."
_WAS_OFF = (
    "The collector had stopped telling us of changes{}. This was noticed on {} at {}: it was asked to go on, "
    "and all cases are read anew, so that nothing is missed."
)

#: What a collector may answer that keeps webhooks alone from us, and nothing else.
_ABOUT_THIS_ALONE = frozenset({"refused", "key_not_permitted", "not_there"})

#: How long something is told after it has been put right.
_TOLD_FOR = timedelta(days=1)


def watch_feed(account_id: int) -> None:
    """Have one working subscription where the collector can reach us, and none where it cannot.

    Safe to repeat. Raises TryAgainLater or NeedsAttention.
    """
    account = CollectorAccount.objects.filter(pk=account_id, removed_at=None).first()
    if account is None:
        return
    address = address_for(account)
    if address:
        _see_to(account, address)
    else:
        cancel(account)
        _update(account, hook_notice=_NO_ADDRESS)
    _update(account, hook_checked_at=adapters().clock.now())


def _see_to(account: CollectorAccount, address: str) -> None:
    found = adapters().feed(account).subscription(account.hook_id) if account.hook_id else None
    if found is None or not found.leads_to(address):
        was_there = bool(account.hook_id)
        _subscribe(account, address)
        if was_there and found is None:
            _read_everything(account)
    elif not found.active:
        _renew_secret(account)
        adapters().feed(account).wake(account.hook_id)
        _read_everything(account)
        _update(account, hook_notice=_was_off(found))
    elif not has_secret(account):
        _renew_secret(account)
    elif account.hook_notice and _is_old_news(account):
        _update(account, hook_notice="")


def _is_old_news(account: CollectorAccount) -> bool:
    """Whether what the account says has been put right for so long that nobody needs to be told any more.

    Waking a subscription replaces its secret; a notice that was given up is handled that late.
    """
    now = adapters().clock.now()
    late = models.Q(handled_at__gte=models.F("received_at") + Receipt.LONGEST_WAIT)
    given_up = Receipt.objects.filter(late, account=account, handled_at__gt=now - _TOLD_FOR)
    return is_settled(account, now) and not given_up.exists()


def _subscribe(account: CollectorAccount, address: str) -> None:
    try:
        subscribe(account, address)
    except NeedsAttention as reason:
        if reason.code not in _ABOUT_THIS_ALONE:
            raise
        _update(account, hook_notice=_REFUSED.format(full_stop(str(reason))))


def _renew_secret(account: CollectorAccount) -> None:
    """Notices signed with a secret that we never got to know, or cannot read, would be refused for ever.

    That is one reason why a subscription gets switched off; so it is not woken with the old one.
    """
    made = adapters().feed(account).new_secret(account.hook_id)
    keep_secret(account, made, adapters().clock.now())


def _read_everything(account: CollectorAccount) -> None:
    """Nobody told us for a while: the next look for changes, which is now due, reads every case."""
    _update(account, swept_at=None)


def _was_off(found: Subscription) -> str:
    now = timezone.localtime(adapters().clock.now())
    because = f" ({found.disabled_because.rstrip('.')})" if found.disabled_because else ""
    return _WAS_OFF.format(because, date_text(now.date()), f"{now:%H:%M}")


def _update(account: CollectorAccount, **changes: object) -> None:
    CollectorAccount.objects.filter(pk=account.pk, removed_at=None).update(**changes)
