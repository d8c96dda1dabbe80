"""Policies as people make them, and the worker that evaluates them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection as database
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.bridge.evaluate_policy import evaluate_policy
from arrears.bridge.models import EscalationPolicy, PolicyRun
from arrears.bridge.save_policy import PolicyForm, save_policy
from arrears.bridge.sweep_policies import sweep_policies
from arrears.core.escalation import Rule
from tests.bridge.conftest import World
from tests.builders import money

RULE = Rule(days_overdue=60, minimum=money("250 GBP"))

#: The world's clock stands at noon on Sunday 22 November 2026; this is the Monday after it.
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


def a_form(world: World, **changes: Any) -> PolicyForm:
    """Every weekday at seven, what is 60 days overdue, for a person to look at."""
    known: dict[str, Any] = {
        "name": "Sixty days",
        "connection": world.connection,
        "collector": world.account,
        "rule": RULE,
        "weekdays": (0, 1, 2, 3, 4),
        "hour": 7,
    }
    return PolicyForm(**known | changes)


def saved(world: World, **changes: Any) -> EscalationPolicy:
    return save_policy(world.organisation, a_form(world, **changes))


def tick(world: World, moment: datetime = MONDAY) -> None:
    """What a worker does at a moment: sweep, then the jobs that are about policies."""
    world.clock.instant = moment
    sweep_policies()
    work_policies()


def work_policies() -> None:
    for job in ProcrastinateJob.objects.filter(task_name="evaluate_policy").order_by("pk"):
        evaluate_policy(job.args["policy_id"], datetime.fromisoformat(job.args["slot"]))
        forget(job.id)


def forget(job: int) -> None:
    with database.cursor() as cursor:
        cursor.execute("delete from procrastinate_events where job_id = %s", [job])
        cursor.execute("delete from procrastinate_jobs where id = %s", [job])


def decisions(evaluation: PolicyRun) -> dict[str, list[str]]:
    return {one.invoice_number: one.codes for one in evaluation.decisions.all()}
