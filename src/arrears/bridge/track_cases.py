"""Look for changes at a collector: whatever we were not told of is found here."""

from __future__ import annotations

from datetime import datetime, timedelta

from arrears.bridge import tracked
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount

#: Read again what changed in the hour before the last change we know: lists are not always up to the second.
_OVERLAP = timedelta(hours=1)

#: So many old cases in a row mean that the rest is older still.
_ENOUGH = 100


def track_cases(account_id: int, *, everything: bool = False) -> int:
    """Read and remember the cases that have changed since the last time. Returns how many were read.

    Once a day, and with `everything`, every case there is: not all that happens to a case counts as a change
    to the collector. Stopped half way, it has not been done, and the next one begins where the last complete
    one ended. Raises TryAgainLater or NeedsAttention.
    """
    account = CollectorAccount.objects.filter(pk=account_id, removed_at=None).first()
    if account is None:
        return 0
    started = adapters().clock.now()
    known_until = None if everything or _is_another_day(account, started) else account.changed_until
    newest, seen, old = account.changed_until, 0, 0
    for case in adapters().collector(account.organisation_id, account).changed():
        tracked.remember(account, case, started)
        seen += 1
        changed_at = case.updated_at
        if changed_at is not None:
            newest = max(newest or changed_at, changed_at)
        old = old + 1 if _is_old(changed_at, known_until) else 0
        if old == _ENOUGH:
            break
    _note(account, started, newest)
    return seen


def _is_another_day(account: CollectorAccount, now: datetime) -> bool:
    """Whether a day has begun since the last time. Each account's begins at another minute."""
    if account.swept_at is None:
        return True
    shift = timedelta(minutes=account.pk * 97 % (24 * 60))
    return (account.swept_at + shift).date() != (now + shift).date()


def _is_old(changed_at: datetime | None, known_until: datetime | None) -> bool:
    return changed_at is not None and known_until is not None and changed_at < known_until - _OVERLAP


def _note(account: CollectorAccount, started: datetime, newest: datetime | None) -> None:
    """The list was read to its end, or to where it is known. A clock that is ahead must not hide changes."""
    until = min(newest, started) if newest else None
    unchanged = CollectorAccount.objects.filter(pk=account.pk, swept_at=account.swept_at)
    unchanged.update(changed_until=until, swept_at=started)
