"""Ask a collector what has become of one case."""

from __future__ import annotations

from arrears.bridge import tracked
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount
from arrears.ports import Case


def refresh_case(account: CollectorAccount, case_id: str) -> Case | None:
    """The case as its collector states it now, which is also remembered; None for one that is not there.

    Raises TryAgainLater or NeedsAttention.
    """
    before = adapters().clock.now()
    case = adapters().collector(account.organisation_id, account).read(case_id)
    if case is not None:
        tracked.remember(account, case, before)
    return case
