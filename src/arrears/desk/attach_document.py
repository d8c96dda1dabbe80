"""Attach the original invoice to a case."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from django.db import transaction

from arrears.desk.models import LONGEST_FILE_NAME, Case, CaseEvent, Document, DocumentKind
from arrears.ports import NeedsAttention

LARGEST_DOCUMENT = 25 * 1024 * 1024

_PDF_MARK = b"%PDF-"
#: Readers accept a few bytes before the mark (PDF 1.7, appendix H, note 13), so it is looked for this far.
_MARK_WITHIN = 1024

#: Digits that always fit the database's ids.
_LONGEST_ID = 18


def attach_document(creditor_id: int, case_id: str, name: str, content: bytes, *, now: datetime) -> None:
    """Keep a PDF with a case. The same content is kept once, however often it is sent.

    Raises NeedsAttention: no such case of this creditor, not a PDF, or too large.
    """
    _check(content)
    case = _case_of(creditor_id, case_id)
    file_name = _file_name(name)
    values = {
        "kind": DocumentKind.ORIGINAL_INVOICE,
        "name": file_name,
        "size": len(content),
        "content": content,
        "attached_at": now,
    }
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        _, is_new = Document.objects.defer("content").get_or_create(case=case, sha256=digest, defaults=values)
        if is_new:
            CaseEvent.objects.create(case=case, at=now, text=f"Original invoice attached: {file_name}.")


def _case_of(creditor_id: int, case_id: str) -> Case:
    is_id = case_id.isascii() and case_id.isdecimal() and len(case_id) <= _LONGEST_ID
    case = Case.objects.filter(creditor_id=creditor_id, pk=int(case_id)).first() if is_id else None
    if case is None:
        raise NeedsAttention(
            "The invoice cannot be attached: there is no such case.",
            code="unknown_case",
            action="Look the case up again by its reference.",
        )
    return case


def _check(content: bytes) -> None:
    if len(content) > LARGEST_DOCUMENT:
        raise NeedsAttention(
            f"The invoice file is larger than {LARGEST_DOCUMENT // 1024**2} MB.",
            code="document_too_large",
            action="Attach a smaller PDF.",
        )
    if _PDF_MARK not in content[:_MARK_WITHIN]:
        raise NeedsAttention(
            "The invoice file is not a PDF.",
            code="not_a_pdf",
            action="Attach the invoice as PDF.",
        )


def _file_name(name: str) -> str:
    """The bare name of the file: no folders, nothing unprintable, not too long."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(char for char in bare if char.isprintable()).strip()
    return printable[-LONGEST_FILE_NAME:] or "invoice.pdf"
