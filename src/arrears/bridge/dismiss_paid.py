"""Say that money seen in the books needs no report."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import PaidElsewhere
from arrears.core.money import Money
from arrears.core.wording import sign_text


def dismiss_paid(row: PaidElsewhere) -> bool:
    """Ask no more about this money, unless more comes in. False when it was answered already."""
    now = adapters().clock.now()
    waiting = PaidElsewhere.objects.filter(pk=row.pk, reported_at=None, dismissed_at=None)
    with transaction.atomic():
        if not waiting.update(dismissed_at=now):
            return False
        amount, reference = sign_text(Money(row.amount, row.currency)), row.submission.case_reference
        note(
            row.submission.organisation_id,
            Action.CASE_ACTED_ON,
            f"Decided that {amount} paid elsewhere on case {reference} needs no report.",
            now,
            subject=f"case {reference}",
        )
    return True
