"""Stop evaluating an escalation policy until somebody resumes it."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import EscalationPolicy


def pause_policy(policy: EscalationPolicy) -> None:
    """Nothing more is prepared, not even by an evaluation that is under way. A paused one stays so."""
    now = adapters().clock.now()
    with transaction.atomic():
        mine = EscalationPolicy.objects.filter(pk=policy.pk, paused_at=None)
        if mine.update(paused_at=now, next_at=None):
            said = f"Paused the policy “{policy.name}”."
            subject = f"policy {policy.pk}"
            note(policy.organisation_id, Action.POLICY_CHANGED, said, now, subject=subject)
