"""Agree to a withdrawal that a creditor has asked for, or turn it down."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Event, Lifecycle, Party
from arrears.core.money import Money
from arrears.core.wording import money_text
from arrears.core.working_time import business_days_after
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.endings import end_case
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, DeskSettings, EventKind
from arrears.desk.moves import move, write_down
from arrears.desk.roles import only
from arrears.desk.withdrawals import owed_if_agreed


def decide_withdrawal(
    actor: Actor, case_id: UUID | str, agree: bool, reason: str = "", *, now: datetime, today: date
) -> Case:
    """Close a case as its creditor has asked, or go on with it for a reason. By the partner or an operator.

    What the creditor owes is told in the timeline; nothing is recorded as paid. Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    reason = free_text(reason, "a reason for going on with the case", required=not agree)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if case.withdrawal_asked_at is None:
            raise Refused(
                "The creditor has not asked to withdraw this case.",
                code="not_now",
                action="Reload the case: it may have moved on.",
            )
        if agree:
            text = f"Withdrawal agreed. {_owed_text(owed_if_agreed(case))} {reason}".strip()
            end_case(case, CloseCode.WITHDRAWN, actor, text, now=now)
        else:
            _go_on(case, actor, reason, now, today)
    return case


def _owed_text(owed: Money | None) -> str:
    if owed is None:
        return "What the creditor owes follows from what was agreed with the partner."
    return f"The creditor owes the partner {money_text(owed)}, before any VAT."


def _go_on(case: Case, actor: Actor, reason: str, now: datetime, today: date) -> None:
    text = f"Withdrawal turned down: {reason}"
    if case.lifecycle == Lifecycle.PAUSED:
        move(case, Event.RESUMED, actor, text, now=now, withdrawal_asked_at=None)
        return
    # It waits for its creditor, who gets the whole time again.
    waits = case.lifecycle == Lifecycle.MORE_INFO
    due = business_days_after(today, DeskSettings.current().info_business_days) if waits else None
    write_down(case, EventKind.NOTE, actor, text, now=now, withdrawal_asked_at=None, info_due=due)
