"""Look into what a collector has told us of: read each case it named, as it stands now."""

from __future__ import annotations

from django.db import models

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Receipt
from arrears.bridge.refresh_case import refresh_case
from arrears.core.wording import full_stop
from arrears.ports import NeedsAttention, TryAgainLater

#: After so many cases that could not be read the collector is left in peace for a while.
_MOST_FAILURES = 3

_GIVEN_UP = (
    "The collector told of a change to its case {}, which could not be read for three days. {} Look at the "
    "case there; here it may be out of date."
)


def handle_receipts(account_id: int) -> None:
    """Read every case that an unhandled notice names, once. Safe to repeat and to kill anywhere.

    A notice only says where to look, so the order in which they came does not matter. One about a case that
    is not ours is done with at once; one that cannot be read waits, and keeps out none of the others, and
    after some days is given up and told of on the account. Raises TryAgainLater or NeedsAttention for what
    has to wait.
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
            if not _is_about_all(error):
                _give_up(account, case_id, receipts, error)
                if len(failures) < _MOST_FAILURES:
                    continue
            break
        _waiting(receipts).update(handled_at=adapters().clock.now())
    if failures:
        raise failures[-1]


def _give_up(account: CollectorAccount, case_id: str, receipts: list[int], error: Exception) -> None:
    """Done with those that have waited too long. The case is still looked for every day, with all others."""
    now = adapters().clock.now()
    if _waiting(receipts).filter(received_at__lte=now - Receipt.LONGEST_WAIT).update(handled_at=now):
        text = _GIVEN_UP.format(case_id, full_stop(str(error)))
        CollectorAccount.objects.filter(pk=account.pk, removed_at=None).update(hook_notice=text)


def _waiting(receipts: list[int]) -> models.QuerySet[Receipt]:
    return Receipt.objects.filter(pk__in=receipts, handled_at=None)


def _is_about_all(error: TryAgainLater | NeedsAttention) -> bool:
    """Whether the next case would fare no better: a refused or forbidden read is about its case alone."""
    if isinstance(error, NeedsAttention):
        return error.code not in ("refused", "key_not_permitted")
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
