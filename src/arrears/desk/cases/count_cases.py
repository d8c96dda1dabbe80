"""Count cases by where they stand."""

from __future__ import annotations

from django.db.models import Count

from arrears.core.case import Lifecycle
from arrears.desk.actors import Actor, cases_of


def count_cases(actor: Actor) -> dict[Lifecycle, int]:
    """How many real cases an actor sees in each state; every state is there, in core's order."""
    rows = cases_of(actor).filter(is_test=False).order_by().values_list("lifecycle").annotate(Count("pk"))
    counted = dict(rows)
    return {lifecycle: counted.get(lifecycle.value, 0) for lifecycle in Lifecycle}
