"""Ask a collector how we stand with it, and take its account up again when it lets us in."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import clear_collector, collector_trouble, mark_collector
from arrears.bridge.collector_key import removed
from arrears.bridge.models import CollectorAccount
from arrears.ports import NeedsAttention, Standing


def check_collector(account: CollectorAccount) -> Standing:
    """How the creditor stands with the collector; `account` is brought up to date.

    Raises the stored NeedsAttention, sending nothing, for a key that was rejected: only another one helps.
    Any other trouble is tried once more. Raises NeedsAttention or TryAgainLater as the collector's reads do.
    """
    account.refresh_from_db()
    if account.removed_at is not None:
        raise removed()
    trouble = collector_trouble(account)
    if trouble is not None and trouble.code == "key_rejected":
        raise trouble
    if trouble is not None:
        _reopen(account)
    try:
        standing = _standing(account)
    except NeedsAttention as reason:
        mark_collector(account, account.version, reason)
        account.refresh_from_db()
        raise
    CollectorAccount.objects.filter(pk=account.pk, version=account.version).update(
        company_name=standing.company_name[:200], last_used_at=adapters().clock.now()
    )
    account.refresh_from_db()
    return standing


def _reopen(account: CollectorAccount) -> None:
    """A new version: what was written down against the old one no longer counts."""
    version = account.version
    clear_collector(account)
    account.version = version + 1
    fields = ("version", "state", "attention_code", "attention_text", "attention_action", "attention_url")
    changes = {name: getattr(account, name) for name in fields}
    CollectorAccount.objects.filter(pk=account.pk, version=version, removed_at=None).update(**changes)
    account.refresh_from_db()


def _standing(account: CollectorAccount) -> Standing:
    standing = adapters().collector(account.organisation_id, account).standing()
    if standing.id != account.creditor:
        raise NeedsAttention(
            f"This key now opens {standing.company_name}, but the account belongs to {account.company_name}.",
            code="other_company",
            action=f"Enter a key of {account.company_name}.",
        )
    return standing
