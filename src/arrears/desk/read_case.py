"""Read one case of a creditor."""

from __future__ import annotations

from arrears.desk.models import Case


def read_case(creditor_id: int, creditor_reference: str) -> Case | None:
    """The case opened under the creditor's own reference, or None. Another creditor's is not there."""
    if not creditor_reference.isprintable():
        return None  # no such reference was ever taken, and the database would choke on some of them
    cases = Case.objects.filter(creditor_id=creditor_id).select_related("partner").prefetch_related("events")
    return cases.filter(creditor_reference=creditor_reference).first()
