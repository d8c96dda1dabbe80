"""Attach a file to a case."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from arrears.accounts.audit import Action
from arrears.core.case import Lifecycle
from arrears.desk import outbox
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.checking import check
from arrears.desk.creditor_trail import note_deed
from arrears.desk.file_kinds import FileProblem, clean_name, kind_of
from arrears.desk.free_text import kept_text
from arrears.desk.models import Case, Document, DocumentKind, EventKind
from arrears.desk.moves import write_down

LONGEST_DESCRIPTION = 1000

#: How the timeline calls a file of this kind; others are just documents.
_NOUNS = {
    DocumentKind.ORIGINAL_INVOICE: DocumentKind.ORIGINAL_INVOICE.label,
    DocumentKind.DEMAND_LETTER: DocumentKind.DEMAND_LETTER.label,
}


def attach_document(
    actor: Actor,
    case_id: str,
    name: str,
    content: bytes,
    *,
    kind: DocumentKind = DocumentKind.ORIGINAL_INVOICE,
    description: str = "",
    now: datetime,
    today: date,
) -> tuple[Document, bool]:
    """Keep a file with a case, and say whether it is new: the same content is kept once, however often sent.

    Raises NotThere, or Refused with the codes of FileProblem.
    """
    file_name = clean_name(kept_text(name))
    found = kind_of(file_name, content)
    if isinstance(found, FileProblem):
        raise Refused(found.sentence, code=found.code, action=found.action)
    document = Document(
        kind=kind,
        name=file_name,
        description=kept_text(description)[:LONGEST_DESCRIPTION],
        media_type=found.media_type,
        party=actor.party.value,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        attached_at=now,
    )
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        twin = case.documents.defer("content").filter(sha256=document.sha256).first()
        if twin is not None:
            return twin, False
        _keep(document, case, actor, now)
        if case.lifecycle == Lifecycle.PENDING_CHECK.value:
            check(case, now=now, today=today)
    return document, True


def _keep(document: Document, case: Case, actor: Actor, now: datetime) -> None:
    if case.debtor_erased_at is not None:
        raise Refused(
            "The personal data of this case has been erased, so nothing more is kept.", code="erased"
        )
    document.case = case
    document.save(force_insert=True)
    noun = _NOUNS.get(DocumentKind(document.kind), "Document")
    data = {"documentId": str(document.public_id), "documentType": document.kind}
    write_down(case, EventKind.DOCUMENT, actor, f"{noun} attached: {document.name}.", now=now, data=data)
    note_deed(case, actor, f"Attached a file ({document.get_kind_display()}) to", now, Action.DOCUMENT_ADDED)
    outbox.announce(case, "document.created", now=now, data=data)
