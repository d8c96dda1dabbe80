"""Read one file of a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, cases_of, uuid_of
from arrears.desk.models import Disclosure, Document


def read_document(
    actor: Actor, document_id: UUID | str, *, reference: str | None = None, now: datetime
) -> Document:
    """A file with its content; a partner's reading is recorded as a disclosure. Raises NotThere.

    With `reference` it has to be a file of the case of that name. Whoever serves it does so as a download of
    `media_type`, and tells the browser not to guess.
    """
    documents = Document.objects.filter(case__in=cases_of(actor)).select_related("case")
    if reference is not None:
        documents = documents.filter(case__reference=reference)
    document = documents.filter(public_id=uuid_of(document_id)).first()
    if document is None:
        raise NotThere("document")
    if actor.party is Party.PARTNER:
        with transaction.atomic():
            Disclosure.objects.create(
                case=document.case,
                at=now,
                to=actor.name,
                what=f"The document {document.name}.",
                why="The partner works the case.",
            )
    return document
