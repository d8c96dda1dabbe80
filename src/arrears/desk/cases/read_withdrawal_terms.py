"""Read what withdrawing a case today would take and cost."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arrears.core.withdrawal import Terms
from arrears.desk.actors import Actor, case_for
from arrears.desk.withdrawals import terms_of


def read_withdrawal_terms(actor: Actor, case_id: UUID | str, today: date) -> Terms:
    """The terms on which the creditor could withdraw a case today. Raises NotThere and Refused."""
    return terms_of(case_for(actor, case_id), today)
