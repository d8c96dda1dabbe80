"""Look into what a collector has told us of: read each case it named, as it stands now."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Receipt
from arrears.bridge.refresh_case import refresh_case
from arrears.ports import NeedsAttention, TryAgainLater

#: After so many cases that could not be read the collector is left in peace for a while.
_MOST_FAILURES = 3


def handle_receipts(account_id: int) -> None:
    """Read every case that an unhandled notice names, once. Safe to repeat and to kill anywhere.

    A notice only says where to look, so the order in which they came does not matter. One about a case that
    is not ours is done with at once; one that cannot be read waits, and keeps out none of the others. Raises
    TryAgainLater or NeedsAttention for what has to wait.
    """
    account = CollectorAccount.objects.filter(pk=account_id, removed_at=None).first()
    if account is None:
        return
    failures: list[TryAgainLater | NeedsAttention] = []
    for case_id, receipts in _in_turn(_by_case(account)):
        try:
            if case_id:
                refresh_case(account, case_id)
        except (TryAgainLater, NeedsAttention) as error:
            failures.append(error)
            if _is_about_all(error) or len(failures) == _MOST_FAILURES:
                break
            continue
        now = adapters().clock.now()
        Receipt.objects.filter(pk__in=receipts, handled_at=None).update(handled_at=now)
    if failures:
        raise failures[-1]


def _is_about_all(error: TryAgainLater | NeedsAttention) -> bool:
    """Whether the next case would fare no better: a refused read is about its case alone."""
    if isinstance(error, NeedsAttention):
        return error.code != "refused"
    return bool(error.after)


def _in_turn(waiting: dict[str, list[int]]) -> list[tuple[str, list[int]]]:
    """Begun at another case each time: a few that cannot be read must not keep out the rest for ever."""
    cases = list(waiting.items())
    first = int(adapters().clock.now().timestamp()) % max(len(cases), 1)
    return cases[first:] + cases[:first]


def _by_case(account: CollectorAccount) -> dict[str, list[int]]:
    """The unhandled notices that are there before anything is read, by the case they name."""
    waiting: dict[str, list[int]] = {}
    rows = Receipt.objects.filter(account=account, handled_at=None).order_by("pk")
    for pk, case_id in rows.values_list("pk", "case_id"):
        waiting.setdefault(case_id, []).append(pk)
    return waiting
