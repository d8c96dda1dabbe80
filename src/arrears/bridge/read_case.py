"""One case of an organisation, as its collector states it now."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.models import Submission
from arrears.ports import Case


def read_case(organisation: int, reference: str) -> Case | None:
    """The organisation's case with this reference, the collector's or ours; None when there is none."""
    collector = adapters().collector(organisation)
    found = collector.find(reference)
    if found is not None:
        return found
    ours = (
        Submission.objects.filter(organisation_id=organisation, case_reference=reference)
        .values_list("reference", flat=True)
        .first()
    )
    return collector.find(ours) if ours else None
