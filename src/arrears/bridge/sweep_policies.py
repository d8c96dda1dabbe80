"""Queue the escalation policies that are due, and forget old logs."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.models import EscalationPolicy, PolicyRun

#: Why each invoice was taken or not is kept for so long.
KEPT = timedelta(days=90)


def sweep_policies() -> None:
    """Queue each policy that is due, and each evaluation that was begun and lost its job.

    A policy has one evaluation at a time: what comes due meanwhile waits for the end of it. Safe for several
    processes at once.
    """
    now = adapters().clock.now()
    jobs = ProcrastinateJob.objects.filter(task_name=queue.EVALUATE_POLICY, status__in=["todo", "doing"])
    queued = list(jobs.values_list("args__policy_id", flat=True))
    begun = PolicyRun.objects.filter(finished_at=None)
    due = EscalationPolicy.objects.filter(next_at__lte=now).exclude(pk__in=begun.values("policy"))
    for policy in due.exclude(pk__in=queued).order_by("next_at"):
        if policy.next_at is not None:
            queue.evaluate_policy(policy.pk, policy.connection_id, policy.next_at)
    for evaluation in begun.exclude(policy__in=queued).select_related("policy"):
        queue.evaluate_policy(evaluation.policy_id, evaluation.policy.connection_id, evaluation.slot)
    PolicyRun.objects.filter(finished_at__lt=now - KEPT).delete()
