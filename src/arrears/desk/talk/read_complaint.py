"""Read one complaint."""

from __future__ import annotations

from arrears.desk.actors import Actor, NotThere, cases_of
from arrears.desk.free_text import kept_text
from arrears.desk.models import Complaint


def read_complaint(actor: Actor, number: str) -> Complaint:
    """A complaint by its number, with its case. Raises NotThere."""
    mine = Complaint.objects.filter(case__in=cases_of(actor)).select_related(
        "case__partner", "case__creditor"
    )
    complaint = mine.filter(number=kept_text(number)).first()
    if complaint is None:
        raise NotThere("complaint")
    return complaint
