"""Stop every escalation policy of an organisation at once."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import EscalationPolicy


def pause_all_policies(organisation: int) -> int:
    """Pause those that are not paused yet. Returns how many."""
    now = adapters().clock.now()
    with transaction.atomic():
        mine = EscalationPolicy.objects.filter(organisation_id=organisation, paused_at=None)
        paused = mine.update(paused_at=now, next_at=None)
        if paused:
            note(organisation, Action.POLICY_CHANGED, f"Paused all policies, {paused:,} of them.", now)
    return paused
