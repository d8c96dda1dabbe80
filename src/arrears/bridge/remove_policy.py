"""Remove an escalation policy with its log."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import EscalationPolicy


def remove_policy(policy: EscalationPolicy) -> None:
    """What it prepared stays: runs and cases are not its own."""
    now = adapters().clock.now()
    with transaction.atomic():
        removed, _ = EscalationPolicy.objects.filter(pk=policy.pk).delete()
        if removed:
            said, subject = f"Removed the policy “{policy.name}”.", f"policy {policy.pk}"
            note(policy.organisation_id, Action.POLICY_CHANGED, said, now, subject=subject)
