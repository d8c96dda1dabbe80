"""Tell a collector of money that was paid elsewhere."""

from __future__ import annotations

from datetime import timedelta

from django.db import models, transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.collectors import collector_of
from arrears.bridge.models import PaidElsewhere
from arrears.core.money import Money
from arrears.core.submission import body_hash
from arrears.core.wording import sign_text
from arrears.ports import OutcomeUnknown, Remedy

#: After this long the process that was sending is gone, and a person may send again.
_GIVEN_UP_AFTER = timedelta(minutes=2)

_NOT_KNOWN = (
    "It is not known whether the message arrived. Look at the messages of the case; send it again only if it "
    "is not among them."
)


def report_paid(row: PaidElsewhere, text: str) -> bool:
    """Send `text` as a message on the case. The same words about the same money are sent once.

    Written down before it is sent, and as reported only once it arrived. False when there was nothing to
    send: it is on its way at this moment, or was answered already. Raises as `Collector.say` does.
    """
    now = adapters().clock.now()
    free = models.Q(sending_since=None) | models.Q(sending_since__lt=now - _GIVEN_UP_AFTER)
    waiting = PaidElsewhere.objects.filter(free, pk=row.pk, reported_at=None, dismissed_at=None)
    if not waiting.update(sending_since=now):
        return False
    ours = PaidElsewhere.objects.filter(pk=row.pk, sending_since=now, reported_at=None)
    try:
        collector_of(row.submission.run).say(row.submission.case_id, text, _key(row, text))
    except OutcomeUnknown as error:
        ours.update(sending_since=None)
        raise OutcomeUnknown(f"{error} {_NOT_KNOWN}", answered=error.answered) from error
    except Remedy:
        ours.update(sending_since=None)  # certainly not sent: it can be sent again at once
        raise
    _reported(row, ours)
    return True


def _reported(row: PaidElsewhere, ours: models.QuerySet[PaidElsewhere]) -> None:
    now = adapters().clock.now()
    with transaction.atomic():
        ours.update(sending_since=None, reported_at=now)
        amount = sign_text(Money(row.amount, row.currency))
        note(
            row.submission.organisation_id,
            Action.PAYMENT_REPORTED,
            f"Told the collector of {amount} paid elsewhere on case {row.submission.case_reference}.",
            now,
            subject=f"case {row.submission.case_reference}",
        )


def _key(row: PaidElsewhere, text: str) -> str:
    """Decided by what is said of what, so that no second page or process makes another message of it."""
    about = [row.submission.reference, row.seen_at.isoformat(), str(row.pk)]
    return body_hash({"paid elsewhere": about, "text": text})
