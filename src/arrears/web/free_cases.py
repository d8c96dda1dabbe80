"""Which cases of a run can still be closed again free of charge."""

from __future__ import annotations

from arrears.bridge.models import Submission
from arrears.core.case import Lifecycle
from arrears.core.submission import State
from arrears.desk.models import Case
from arrears.web.outcomes import Summary


def free_cases(summary: Summary) -> set[int]:
    """The rows of a run at rest whose cases no partner has accepted yet; our own desk's only."""
    if summary.active or summary.collector.is_elsewhere or not summary.opened:
        return set()
    mine = Case.objects.filter(creditor_id=summary.run.organisation_id, accepted_at=None)
    free = mine.exclude(lifecycle=Lifecycle.CLOSED.value).values("creditor_reference")
    rows = Submission.objects.filter(run=summary.run, state=State.CREATED, taking_back_since=None)
    return set(rows.filter(reference__in=free).values_list("pk", flat=True))
