"""List payments."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Payment
from arrears.desk.splitting import payments_of


def list_payments(
    actor: Actor, case_id: UUID | str | None = None, *, reversed_too: bool = False
) -> QuerySet[Payment]:
    """The payments an actor may see, of one case or of all, the latest first. Raises NotThere."""
    payments = payments_of(actor).order_by("-paid_on", "-pk")
    if case_id is not None:
        payments = payments.filter(case=case_for(actor, case_id))
    return payments if reversed_too else payments.filter(reversed_at=None)
