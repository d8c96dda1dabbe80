"""List the files of a case."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Document


def list_documents(actor: Actor, case_id: UUID | str) -> QuerySet[Document]:
    """The files of a case, oldest first, without their content. Raises NotThere."""
    return case_for(actor, case_id).documents.defer("content")
