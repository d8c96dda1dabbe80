"""Which collectors an organisation has: our own desk always, and every account elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, ImportRun
from arrears.ports import Collector


def accounts_of(organisation: int) -> models.QuerySet[CollectorAccount]:
    """The accounts in use: not removed, and once proven to be let in."""
    return CollectorAccount.objects.filter(organisation_id=organisation, removed_at=None).exclude(creditor="")


def default_account(organisation: int) -> CollectorAccount | None:
    """Where new cases go unless somebody says otherwise; None means our own desk."""
    return accounts_of(organisation).filter(is_default=True).first()


def collector_of(run: ImportRun) -> Collector:
    """Where the cases of a run go."""
    return adapters().collector(run.organisation_id, run.collector)


def collectors_of(organisation: int) -> Iterator[tuple[CollectorAccount | None, Collector]]:
    """Our own desk first, then every account in the order in which they were added."""
    yield None, adapters().collector(organisation, None)
    for account in accounts_of(organisation):
        yield account, adapters().collector(organisation, account)
