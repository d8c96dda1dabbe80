"""Take a case back that was opened by mistake: only while that is free, and never by asking anybody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Lifecycle, Party
from arrears.core.withdrawal import is_free_at_first
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.endings import end_case
from arrears.desk.models import Case
from arrears.desk.roles import only


def take_back_case(actor: Actor, case_id: UUID | str, *, now: datetime) -> Case:
    """Close a case that no partner has taken yet. By its creditor; the second time changes nothing.

    Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        # One withdrawn from a partner is no such case: it may have cost something, and may be reopened.
        is_withdrawn = case.lifecycle == Lifecycle.CLOSED and case.close_code == CloseCode.WITHDRAWN.value
        if is_withdrawn and case.accepted_at is None:
            return case
        if not is_free_at_first(Lifecycle(case.lifecycle), accepted=case.accepted_at is not None):
            raise _too_late(case)
        text = "Taken back by the creditor before a partner had accepted it, free of charge."
        end_case(case, CloseCode.WITHDRAWN, actor, text, now=now)
    return case


def _too_late(case: Case) -> Refused:
    if case.lifecycle == Lifecycle.CLOSED:
        return Refused(f"Case {case.reference} is closed already.", code="not_now")
    return Refused(
        f"A partner has accepted case {case.reference}, so it cannot simply be undone any more.",
        code="not_free",
        action="Open the case to see what withdrawing it costs.",
    )
