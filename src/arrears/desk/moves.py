"""Moving a case: the only place that changes where one stands. The caller holds its row and a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from arrears.core.case import Event, Lifecycle, NotAllowed, Phase, follow
from arrears.desk import outbox
from arrears.desk.actors import Actor, Refused
from arrears.desk.models import Case, CaseEvent, EventKind
from arrears.desk.task_list import reconcile_tasks


def move(case: Case, event: Event, actor: Actor, text: str, *, now: datetime, **changes: Any) -> None:
    """Let an event happen to a case: change it, write its timeline, tell subscribers, settle tasks.

    `changes` are further columns that change with it. Raises Refused, and then nothing has changed.
    """
    before = Lifecycle(case.lifecycle)
    after = follow(before, event, actor.party)
    if isinstance(after, NotAllowed):
        raise Refused(after.reason, code="not_now", action="Reload the case: it may have moved on.")
    case.lifecycle = after.value
    data = {"event": event.value, "from": before.value, "to": after.value}
    write_down(case, EventKind.LIFECYCLE, actor, text, now=now, data=data, **changes)
    if after is not before:
        outbox.announce(case, "case.closed" if after is Lifecycle.CLOSED else "case.updated", now=now)


def enter_phase(case: Case, phase: Phase, actor: Actor, text: str, *, now: datetime) -> None:
    """Begin another phase. Announced as `case.phase_changed`, which the published contract does not know."""
    case.phase = phase.value
    write_down(case, EventKind.PHASE, actor, text, now=now, data={"phase": phase.value})
    outbox.announce(case, "case.phase_changed", now=now)


def write_down(
    case: Case,
    kind: EventKind,
    actor: Actor,
    text: str,
    *,
    now: datetime,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Save a changed case with a line in its timeline; tasks follow by themselves."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A case is changed inside a transaction, with its row held.")
    for name, value in changes.items():
        setattr(case, name, value)
    case.updated_at = now
    case.save()
    CaseEvent.objects.create(
        case=case, at=now, kind=kind, party=actor.party.value, by=actor.name, text=text, data=data or {}
    )
    reconcile_tasks(case, now=now)
