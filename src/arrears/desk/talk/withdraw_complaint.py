"""Withdraw a complaint."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from arrears.core.complaint import Step
from arrears.desk.actors import Actor
from arrears.desk.complaints import complaint_for, take_step
from arrears.desk.creditor_trail import note_deed
from arrears.desk.models import Complaint


def withdraw_complaint(actor: Actor, number: str, *, now: datetime) -> Complaint:
    """The creditor takes it back. Raises NotThere or Refused."""
    with transaction.atomic():
        complaint = complaint_for(actor, number)
        take_step(complaint, Step.WITHDRAW, actor, now=now)
        note_deed(complaint.case, actor, f"Withdrew complaint {complaint.number} about", now)
    return complaint
