"""Complain about how a case is worked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from arrears.core.case import Party
from arrears.core.complaint import ComplaintState, complaint_number
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.complaints import LONGEST_TEXT
from arrears.desk.creditor_trail import note_deed
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, Complaint, EventKind
from arrears.desk.moves import write_down

LONGEST_SUBJECT = 200

#: Somebody else may take the next number first. Losing this often means that something else is wrong.
_ATTEMPTS = 20


def raise_complaint(
    actor: Actor, case_id: UUID | str, subject: str, text: str, *, now: datetime, today: date
) -> Complaint:
    """Only the creditor complains, and only once a partner has accepted. Raises NotThere or Refused."""
    subject = free_text(subject, "a subject", longest=LONGEST_SUBJECT)
    text = free_text(text, "the complaint", longest=LONGEST_TEXT)
    if actor.party is not Party.CREDITOR:
        raise Refused("Only the creditor of a case can complain.", code="forbidden")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check(case)
        complaint = _numbered(
            Complaint(
                case=case,
                subject=subject,
                text=text,
                state=ComplaintState.SUBMITTED.value,
                raised_by=actor.name,
                raised_at=now,
                updated_at=now,
            ),
            today.year,
        )
        data = {"complaint": complaint.number, "to": complaint.state}
        write_down(case, EventKind.NOTE, actor, f"Complaint {complaint.number} raised.", now=now, data=data)
        note_deed(case, actor, f"Raised complaint {complaint.number} about", now)
    return complaint


def _check(case: Case) -> None:
    if case.accepted_at is None:
        raise Refused(
            "No partner has accepted this case yet, so there is nobody's work to complain about.",
            code="not_now",
            action="Send a message instead.",
        )
    if case.debtor_erased_at is not None:
        raise Refused(
            "The personal data of this case has been erased, so nothing more is kept.", code="erased"
        )


def _numbered(complaint: Complaint, year: int) -> Complaint:
    """Save it under the year's next number. Numbers have no gaps: one that is taken back was never there."""
    for _ in range(_ATTEMPTS):
        complaint.number = complaint_number(year, _last_count(year) + 1)
        try:
            with transaction.atomic():
                complaint.save(force_insert=True)
        except IntegrityError:
            continue
        return complaint
    raise RuntimeError("No free complaint number was found.")


def _last_count(year: int) -> int:
    numbers = Complaint.objects.filter(number__startswith=complaint_number(year, 0)[:-6])
    last = numbers.order_by("number").values_list("number", flat=True).last()
    return int(last[-6:]) if last else 0
