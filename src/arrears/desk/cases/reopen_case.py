"""Reopen a case that was closed too early."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Lifecycle
from arrears.core.money import Money
from arrears.core.wording import money_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case
from arrears.desk.moves import move
from arrears.desk.reopening import why_not_reopened


def reopen_case(actor: Actor, case_id: UUID | str, reason: str, *, now: datetime) -> Case:
    """Work a closed case again; what is outstanding stays as it was. By the partner or an operator.

    Only a case that a partner has worked; one that the creditor has withdrawn by an operator alone. Raises
    NotThere and Refused.
    """
    reason = free_text(reason, "a reason for reopening")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check(case, actor)
        owed = money_text(Money(case.outstanding, case.currency))
        text = f"Reopened with {owed} outstanding: {reason}"
        move(case, Event.REOPENED, actor, text, now=now, close_code="", finished_at=None)
    return case


def _check(case: Case, actor: Actor) -> None:
    if case.lifecycle != Lifecycle.CLOSED:
        return  # the table of transitions says why not
    refusal = why_not_reopened(case, actor.party)
    if refusal:
        raise Refused(refusal, code="not_reopened")
