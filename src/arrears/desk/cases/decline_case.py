"""Decline a case: another partner takes it, or the network is asked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Lifecycle, Party
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Assignment, Case, EventKind, Partner
from arrears.desk.moves import write_down
from arrears.desk.placing import place
from arrears.desk.roles import only


def decline_case(actor: Actor, case_id: UUID | str, reason: str, *, now: datetime, today: date) -> Case:
    """Turn down a case that waits for its partner's verification. By the partner, or an operator for it.

    Partners who have declined it are not asked again. Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    reason = free_text(reason, "a reason for declining")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        partner = _declining(case)
        _write_answer(case, partner, reason, now)
        write_down(case, EventKind.NOTE, actor, f"Declined by {partner}: {reason}", now=now)
        place(case, now=now, today=today)
    return case


def _declining(case: Case) -> Partner:
    if case.lifecycle != Lifecycle.PENDING_VERIFICATION or case.partner is None:
        raise Refused(
            f"Only a case that waits for its partner can be declined; this one is {case.lifecycle}.",
            code="not_now",
            action="Reload the case: it may have moved on.",
        )
    return case.partner


def _write_answer(case: Case, partner: Partner, reason: str, now: datetime) -> None:
    answer = {"outcome": Assignment.Outcome.DECLINED, "decided_at": now, "reason": reason}
    waiting = case.assignments.filter(partner=partner, outcome=Assignment.Outcome.WAITING)
    if not waiting.update(**answer):
        case.assignments.create(partner=partner, given_at=now, **answer)
