"""End an evaluation that came to nothing, with the reason."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import PolicyRun


def end_evaluation(evaluation_id: int, problem: str) -> None:
    """Write down why nothing was prepared. Does nothing to an evaluation that has ended already."""
    now = adapters().clock.now()
    with transaction.atomic():
        ended = PolicyRun.objects.filter(pk=evaluation_id, finished_at=None).update(
            finished_at=now, problem=problem
        )
        if not ended:
            return
        policy = PolicyRun.objects.select_related("policy").get(pk=evaluation_id).policy
        note(
            policy.organisation_id,
            Action.POLICY_RAN,
            f"The policy “{policy.name}” prepared nothing. {problem}",
            now,
            subject=f"policy {policy.pk}",
        )
