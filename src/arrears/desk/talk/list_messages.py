"""List the messages of a case."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Message


def list_messages(actor: Actor, case_id: UUID | str) -> QuerySet[Message]:
    """The messages of a case, oldest first. Raises NotThere."""
    return case_for(actor, case_id).messages.all()
