"""All cases of an organisation, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, TrackedCase
from arrears.ports import Case


@dataclass(frozen=True, slots=True)
class CaseAt:
    """A case and who has it: `account` is None for our own desk. `read_at` is None for what is read live."""

    case: Case
    account: CollectorAccount | None = None
    read_at: datetime | None = None


def list_cases(organisation: int) -> Iterator[CaseAt]:
    """Every case, newest first: those at our own desk as they are now, others as they were last read.

    Raises TryAgainLater or NeedsAttention.
    """
    tracked = TrackedCase.objects.filter(organisation_id=organisation).select_related("account")
    elsewhere = [CaseAt(row.as_stated(), row.account, row.read_at) for row in tracked]
    own = [CaseAt(case) for case in adapters().collector(organisation, None).cases()]
    if not elsewhere:
        yield from own
        return
    yield from sorted((*own, *elsewhere), key=lambda one: one.case.opened_at, reverse=True)
