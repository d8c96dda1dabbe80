"""Whether a closed case can be worked again, as its row tells it."""

from __future__ import annotations

from arrears.core.case import CloseCode, Party, reopen_refusal
from arrears.desk.models import Case


def why_not_reopened(case: Case, party: Party) -> str:
    """Why a party cannot reopen a closed case, in a sentence; empty when it can."""
    return reopen_refusal(
        party,
        accepted=case.accepted_at is not None and case.partner_id is not None,
        withdrawn=case.close_code == CloseCode.WITHDRAWN,
        erased=case.debtor_erased_at is not None,
        is_test=case.is_test,
    )
