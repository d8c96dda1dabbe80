"""Closing a case for good: whatever waited for it ends with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from arrears.core.case import CloseCode, Event
from arrears.core.quote import Outcome
from arrears.desk.actors import Actor
from arrears.desk.models import Assignment, Case
from arrears.desk.moves import move
from arrears.desk.quoting import end_request


def end_case(case: Case, code: CloseCode, actor: Actor, text: str, *, now: datetime, **changes: Any) -> None:
    """Close a case with whatever waits for an answer on it. The caller has checked the code.

    The caller holds the case's row and a transaction. Raises Refused: it is closed already.
    """
    end_request(case, Outcome.CASE_ENDED, now=now)
    case.info_requests.filter(answered_at=None, settled_at=None).update(settled_at=now)
    case.assignments.filter(outcome=Assignment.Outcome.WAITING).update(
        outcome=Assignment.Outcome.WITHDRAWN, decided_at=now, reason="The case was closed."
    )
    move(
        case,
        Event.CLOSED,
        actor,
        text,
        now=now,
        close_code=code.value,
        finished_at=now,
        info_due=None,
        check_after=None,
        withdrawal_asked_at=None,
        **changes,
    )
