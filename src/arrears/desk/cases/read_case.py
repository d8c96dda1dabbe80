"""Read one case."""

from __future__ import annotations

from uuid import UUID

from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Case


def read_case(actor: Actor, case_id: UUID | str) -> Case:
    """A case by its public id. Raises NotThere, also for one that is somebody else's."""
    return case_for(actor, case_id)
