"""Decide a complaint."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from arrears.core.complaint import Step
from arrears.desk.actors import Actor
from arrears.desk.complaints import LONGEST_TEXT, complaint_for, take_step
from arrears.desk.free_text import free_text
from arrears.desk.models import Complaint


def decide_complaint(actor: Actor, number: str, upheld: bool, decision: str, *, now: datetime) -> Complaint:
    """An operator upholds or declines it, and says why. Raises NotThere or Refused."""
    decision = free_text(decision, "the reasons", longest=LONGEST_TEXT)
    with transaction.atomic():
        complaint = complaint_for(actor, number)
        take_step(complaint, Step.UPHOLD if upheld else Step.DECLINE, actor, now=now, decision=decision)
    return complaint
