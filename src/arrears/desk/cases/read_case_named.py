"""Read one case by its reference."""

from __future__ import annotations

from arrears.desk.actors import Actor, NotThere, cases_of
from arrears.desk.models import Case


def read_case_named(actor: Actor, reference: str) -> Case:
    """The case that people call by this reference. Raises NotThere, also for one that is somebody else's."""
    if not reference.isprintable():  # no database holds such a name
        raise NotThere
    case = cases_of(actor).select_related("partner", "creditor").filter(reference=reference).first()
    if case is None:
        raise NotThere
    return case
