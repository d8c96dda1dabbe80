"""Post the partner's update for this month."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Lifecycle, Party
from arrears.core.task import Recommendation, month_of
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import EventKind, StatusUpdate
from arrears.desk.moves import write_down

LONGEST_ACTIONS = 5000

_AT_WORK = frozenset({Lifecycle.ACTIVE.value, Lifecycle.PAUSED.value})


def post_update(
    actor: Actor,
    case_id: UUID | str,
    actions: str,
    recommendation: Recommendation,
    *,
    now: datetime,
    today: date,
) -> StatusUpdate:
    """Say what was done and what to do next. One for each month. Raises NotThere or Refused."""
    kept = free_text(actions, "what was done", longest=LONGEST_ACTIONS)
    if actor.party not in {Party.PARTNER, Party.OPERATOR}:
        raise Refused("Only the partner reports on a case.", code="forbidden")
    month = month_of(today)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if case.lifecycle not in _AT_WORK:
            raise Refused(f"A case that is {case.lifecycle} wants no update.", code="not_now")
        if case.updates.filter(month=month).exists():
            raise Refused(
                f"The update for {month:%B %Y} is already there.",
                code="already_reported",
                action="Send a message to add something.",
            )
        update = StatusUpdate.objects.create(
            case=case, month=month, actions=kept, recommendation=recommendation.value, by=actor.name, at=now
        )
        text = f"Update for {month:%B %Y}. The partner recommends: {recommendation.value.lower()}."
        data = {"month": month.isoformat(), "recommendation": recommendation.value}
        write_down(case, EventKind.NOTE, actor, text, now=now, data=data)
    return update
