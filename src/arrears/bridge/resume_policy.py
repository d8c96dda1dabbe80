"""Go on evaluating an escalation policy that was paused."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import EscalationPolicy


def resume_policy(policy: EscalationPolicy) -> None:
    """It is evaluated at its next time; what it missed is not made up for."""
    now = adapters().clock.now()
    with transaction.atomic():
        paused = EscalationPolicy.objects.select_for_update().filter(pk=policy.pk, paused_at__isnull=False)
        current = paused.first()
        if current is not None:
            paused.update(paused_at=None, next_at=current.slot_after(now))
            said, subject = f"Resumed the policy “{current.name}”.", f"policy {current.pk}"
            note(current.organisation_id, Action.POLICY_CHANGED, said, now, subject=subject)
