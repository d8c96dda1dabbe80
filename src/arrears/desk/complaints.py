"""Finding a complaint and moving it on, as several verbs need it."""

from __future__ import annotations

from datetime import date, datetime

from arrears.core.complaint import ComplaintState, NoStep, Step, follow
from arrears.desk.actors import Actor, NotThere, Refused, case_for, cases_of
from arrears.desk.free_text import kept_text
from arrears.desk.models import Complaint, EventKind
from arrears.desk.moves import write_down

LONGEST_TEXT = 5000


def complaint_for(actor: Actor, number: str) -> Complaint:
    """One complaint by its number, with its case's row held. Raises NotThere.

    The case comes first and the complaint is read after it, so that two people cannot move it at once.
    """
    mine = Complaint.objects.filter(case__in=cases_of(actor))
    case_id = mine.filter(number=kept_text(number)).values_list("case__public_id", flat=True).first()
    if case_id is None:
        raise NotThere("complaint")
    case = case_for(actor, case_id, lock=True)
    complaint = Complaint.objects.get(number=kept_text(number))
    complaint.case = case
    return complaint


def take_step(
    complaint: Complaint,
    step: Step,
    actor: Actor,
    *,
    now: datetime,
    response: str | None = None,
    decision: str | None = None,
    answer_due: date | None = None,
) -> None:
    """Move a complaint on, with a line in the timeline of its case. Raises Refused."""
    after = follow(ComplaintState(complaint.state), step, actor.party)
    if isinstance(after, NoStep):
        raise Refused(after.reason, code="not_now", action="Reload the complaint: it may have moved on.")
    complaint.state = after.value
    complaint.answer_due = answer_due
    complaint.updated_at = now
    if response is not None:
        complaint.response = response
    if decision is not None:
        complaint.decision = decision
    complaint.save()
    text = f"Complaint {complaint.number}: {after.value.lower()}."
    data = {"complaint": complaint.number, "to": after.value}
    write_down(complaint.case, EventKind.NOTE, actor, text, now=now, data=data)
