"""Read one payment."""

from __future__ import annotations

from uuid import UUID

from arrears.desk.actors import Actor, NotThere
from arrears.desk.models import Payment
from arrears.desk.splitting import payment_for


def read_payment(actor: Actor, payment_id: UUID | str) -> Payment:
    """One payment that counts, by its public id. A reversed one is there no more. Raises NotThere."""
    payment = payment_for(actor, payment_id)
    if payment.reversed_at:
        raise NotThere("payment")
    return payment
