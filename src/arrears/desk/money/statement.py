"""Draw up a statement of account."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q

from arrears.clock import LONDON
from arrears.core.wording import date_text
from arrears.desk.actors import Actor, Refused
from arrears.desk.splitting import payments_of
from arrears.desk.statements import Statement, draw_up


def statement(
    actor: Actor, *, first: date, last: date, creditor: UUID | None = None, partner: UUID | None = None
) -> Statement:
    """What was paid and passed on from `first` to `last`, both included, on everything the actor may see.

    `creditor` and `partner` narrow it to one of them, by public id. Test cases are left out. Raises Refused.
    """
    if last < first:
        raise Refused(
            f"The statement would end on {date_text(last)}, before it begins on {date_text(first)}.",
            code="period",
        )
    payments = payments_of(actor).filter(case__is_test=False).exclude(_over_and_done(first))
    if creditor is not None:
        payments = payments.filter(case__creditor__public_id=creditor)
    if partner is not None:
        payments = payments.filter(partner__public_id=partner)
    return draw_up(payments.order_by("recorded_at", "pk"), first, last)


def _over_and_done(first: date) -> Q:
    """Payments whose lines all lie before `first` and cancel each other out: most of a long history."""
    start = datetime.combine(first, time(), tzinfo=LONDON)
    settled = Q(settled_at__lt=start)
    unchanged = Q(reversed_at=None)
    undone = Q(reversed_at__lt=start) & (Q(settled_at=None) | (settled & Q(returned_at__lt=start)))
    return Q(recorded_at__lt=start) & ((settled & unchanged) | undone)
