"""A policy as it is kept, with something in its log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from arrears.bridge.models import Connection, EscalationPolicy, PolicyRun
from tests.fakes import FakeAdapters


def a_policy(connection: Connection, now: datetime | None = None, **changes: Any) -> EscalationPolicy:
    """What is 60 days overdue, on Mondays."""
    now = now or FakeAdapters.clock.now()
    known: dict[str, Any] = {
        "name": "Sixty days",
        "days_overdue": 60,
        "weekdays": [0],
        "created_at": now,
        "next_at": now,
    }
    return EscalationPolicy.objects.create(
        organisation=connection.organisation, connection=connection, **known | changes
    )


def a_policy_evaluated(
    connection: Connection, now: datetime | None = None, number: str = "1", **changes: Any
) -> tuple[EscalationPolicy, PolicyRun]:
    """With an evaluation that left the invoice with this number."""
    policy = a_policy(connection, now, **changes)
    at = policy.created_at
    evaluation = policy.evaluations.create(slot=at, started_at=at, finished_at=at, left=1)
    evaluation.decisions.create(
        invoice_id="71", invoice_number=number, taken=False, codes=["too_young"], reason="It is too young."
    )
    return policy, evaluation
