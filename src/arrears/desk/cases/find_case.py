"""Find the case that was opened under a creditor's own reference."""

from __future__ import annotations

from arrears.desk.actors import Actor, cases_of
from arrears.desk.models import Case


def find_case(actor: Actor, creditor_reference: str) -> Case | None:
    """The newest case the actor may see under this reference, or None."""
    if not creditor_reference or not creditor_reference.isprintable():
        return None  # no such reference was ever taken, and the database would choke on some of them
    cases = cases_of(actor).select_related("partner")
    return cases.filter(creditor_reference=creditor_reference).order_by("-opened_at", "-pk").first()
