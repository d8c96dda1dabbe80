"""Let cases go on that were opened while their agreements were being signed."""

from __future__ import annotations

from datetime import date, datetime

from arrears.core.case import Lifecycle
from arrears.desk.models import Case
from arrears.desk.signed_cases import let_signed_cases_go_on


def sweep_signing(*, now: datetime, today: date) -> int:
    """Move on every waiting case for which nothing is missing, in small transactions. Returns how many.

    A case opened at the moment of the signature misses it; so does one whose row was held just then, and
    what is over the first hundred.
    """
    waiting = Case.objects.filter(lifecycle=Lifecycle.PENDING_SIGNING).order_by()
    creditors = list(waiting.values_list("creditor_id", flat=True).distinct())
    moved = 0
    for creditor in creditors:
        while some := let_signed_cases_go_on(creditor, now=now, today=today):
            moved += some
    return moved
