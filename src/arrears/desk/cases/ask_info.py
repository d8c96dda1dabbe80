"""Ask the creditor for something that a case cannot go on without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event
from arrears.core.verification import CheckArea
from arrears.core.wording import date_text, full_stop
from arrears.core.working_time import business_days_after
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, DeskSettings, InfoRequest
from arrears.desk.moves import move

_MOST_ITEMS = 20
_LONGEST_ITEM = 1000


def ask_info(
    actor: Actor,
    case_id: UUID | str,
    items: Sequence[tuple[CheckArea, str]],
    *,
    now: datetime,
    today: date,
) -> Case:
    """Send a case back to its creditor with questions, to be answered within so many business days.

    By the partner or an operator. Raises NotThere and Refused.
    """
    questions = _questions(items)
    due = business_days_after(today, DeskSettings.current().info_business_days)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        InfoRequest.objects.bulk_create(
            InfoRequest(case=case, area=area.value, description=text, party=actor.party.value, asked_at=now)
            for area, text in questions
        )
        asked = " ".join(full_stop(f"{area}: {text}") for area, text in questions)
        text = f"The creditor is asked to answer by {date_text(due)}. {asked}"
        move(case, Event.INFO_ASKED, actor, text, now=now, info_due=due)
    return case


def _questions(items: Sequence[tuple[CheckArea, str]]) -> list[tuple[CheckArea, str]]:
    if not 0 < len(items) <= _MOST_ITEMS:
        raise Refused(f"Ask for one to {_MOST_ITEMS} things.", code="items")
    return [(area, free_text(text, "what you need to know", longest=_LONGEST_ITEM)) for area, text in items]
