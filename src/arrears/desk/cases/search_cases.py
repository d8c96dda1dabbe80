"""Search for cases."""

from __future__ import annotations

from django.db.models import QuerySet

from arrears.desk.actors import Actor
from arrears.desk.case_search import CaseSearch, found
from arrears.desk.models import Case


def search_cases(actor: Actor, search: CaseSearch) -> QuerySet[Case]:
    """The cases an actor may see that fit, newest first. The order is total, for paging in the database."""
    return found(actor, search).select_related("partner", "creditor").order_by("-opened_at", "-pk")
