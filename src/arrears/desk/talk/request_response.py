"""Ask for a response to a complaint."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from arrears.core.complaint import Step, answer_due
from arrears.desk.actors import Actor
from arrears.desk.complaints import complaint_for, take_step
from arrears.desk.models import Complaint


def request_response(actor: Actor, number: str, *, now: datetime, today: date) -> Complaint:
    """An operator asks the partner, who then has ten days. Raises NotThere or Refused."""
    with transaction.atomic():
        complaint = complaint_for(actor, number)
        take_step(complaint, Step.ASK, actor, now=now, answer_due=answer_due(today))
    return complaint
