"""Work out how a payment would be shared out, before it is recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arrears.desk.actors import Actor, case_for
from arrears.desk.splitting import Receipt, Worked, work_out


def preview_payment(actor: Actor, case_id: UUID | str, receipt: Receipt, *, today: date) -> Worked:
    """What recording this payment today would come to. Writes nothing. Raises NotThere and Refused."""
    return work_out(case_for(actor, case_id), receipt, today=today)
