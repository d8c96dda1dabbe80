"""List complaints."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.desk.actors import Actor, case_for, cases_of
from arrears.desk.models import Complaint


def list_complaints(actor: Actor, case_id: UUID | str | None = None) -> QuerySet[Complaint]:
    """The complaints about all cases an actor may see, or about one, newest first. Raises NotThere."""
    cases = cases_of(actor) if case_id is None else [case_for(actor, case_id)]
    return Complaint.objects.filter(case__in=cases).select_related("case").order_by("-raised_at", "-pk")
