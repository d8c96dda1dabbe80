"""Close a case: nothing more will be done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Party, close_codes_for
from arrears.core.money import Money
from arrears.core.wording import money_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.endings import end_case
from arrears.desk.free_text import free_text
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case
from arrears.desk.roles import only


def close_case(actor: Actor, case_id: UUID | str, code: CloseCode, reason: str, *, now: datetime) -> Case:
    """End a case for one of the reasons its partner or an operator may give; a creditor withdraws it instead.

    Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    reason = free_text(reason, "a reason for closing")
    if code not in close_codes_for(actor.party):
        raise Refused(f"The {actor.party} cannot close a case as “{code}”.", code="close_code")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check_money(case, code)
        end_case(case, code, actor, f"Closed as “{code}”: {reason}", now=now)
    return case


def _check_money(case: Case, code: CloseCode) -> None:
    left = left_to_pay(case)
    if code is CloseCode.PAID and left.principal:
        still = money_text(Money(left.principal, case.currency))
        raise Refused(
            f"{still} of the principal is still outstanding, so the case is not paid.",
            code="not_paid",
            action="Record the payment first, or close the case as “Partially paid”.",
        )
    if code is CloseCode.PARTIALLY_PAID and not left.paid:
        raise Refused(
            "Nothing has been paid on this case, so it is not partially paid.",
            code="not_paid",
            action="Record the payment first, or give another reason.",
        )
