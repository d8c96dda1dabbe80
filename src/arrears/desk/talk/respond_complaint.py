"""Respond to a complaint."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from arrears.core.complaint import Step
from arrears.desk.actors import Actor
from arrears.desk.complaints import LONGEST_TEXT, complaint_for, take_step
from arrears.desk.free_text import free_text
from arrears.desk.models import Complaint


def respond_complaint(actor: Actor, number: str, response: str, *, now: datetime) -> Complaint:
    """The partner, or an operator for it, gives its side. Raises NotThere or Refused."""
    response = free_text(response, "a response", longest=LONGEST_TEXT)
    with transaction.atomic():
        complaint = complaint_for(actor, number)
        take_step(complaint, Step.RESPOND, actor, now=now, response=response)
    return complaint
