"""What is attached to a case, and the record of what happened to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arrears.core.case import Lifecycle
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.file_kinds import LARGEST_FILE
from arrears.desk.models import (
    AppendOnlyError,
    Case,
    CaseEvent,
    Delivery,
    Disclosure,
    Document,
    DocumentKind,
    Webhook,
)
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.read_document import read_document
from arrears.ports import NeedsAttention
from tests.case_file_contract import PDF
from tests.desk.builders import NOON, OPERATOR, a_case, creditor_of, partner_of

pytestmark = pytest.mark.django_db


def attach(
    case: Case, name: str = "Invoice 1001.pdf", content: bytes = PDF, actor: Actor | None = None
) -> tuple[Document, bool]:
    actor = actor or creditor_of(case)
    return attach_document(actor, str(case.public_id), name, content, now=NOON, today=NOON.date())


def test_a_document_is_kept_as_it_came() -> None:
    case = a_case()
    document, is_new = attach(case)
    assert is_new
    kept = Document.objects.get()
    assert kept == document
    assert bytes(kept.content) == PDF
    assert (kept.kind, kept.name, kept.size) == ("OriginalInvoice", "Invoice 1001.pdf", len(PDF))
    assert (kept.media_type, kept.party) == ("application/pdf", "creditor")


def test_the_same_content_is_kept_and_told_once() -> None:
    case = a_case()
    first, _ = attach(case)
    again, is_new = attach(case, "another name.pdf")
    assert (again, is_new) == (first, False)
    assert [event.text for event in case.events.all()] == ["Original invoice attached: Invoice 1001.pdf."]
    other, is_new = attach(a_case())
    assert is_new
    assert other != first


def test_a_document_says_what_it_is_and_is_announced() -> None:
    case = a_case()
    Webhook.objects.create(
        organisation=case.creditor,
        url="https://x.example",
        events=["document.created"],
        created_at=NOON,
        updated_at=NOON,
    )
    document, _ = attach_document(
        partner_of(case),
        str(case.public_id),
        "letter.txt",
        b"Please pay.",
        kind=DocumentKind.DEMAND_LETTER,
        description=" First\0 letter ",
        now=NOON,
        today=NOON.date(),
    )
    assert (document.media_type, document.description, document.party) == (
        "text/plain",
        "First letter",
        "partner",
    )
    assert [event.text for event in case.events.all()] == ["Demand letter attached: letter.txt."]
    payload = Delivery.objects.get().payload
    assert str(document.public_id) in payload
    assert "letter.txt" not in payload


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", PDF.ljust(LARGEST_FILE + 1), "too_large"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html>", "type_mismatch"),
        ("a.svg", b"<svg/>", "unsupported_type"),
    ],
    ids=["too large", "empty", "mismatch", "unsupported"],
)
def test_a_file_that_is_refused_leaves_nothing(name: str, content: bytes, code: str) -> None:
    case = a_case()
    with pytest.raises(NeedsAttention) as refusal:
        attach(case, name, content)
    assert refusal.value.code == code
    assert not Document.objects.exists()
    assert not case.events.exists()


def test_nothing_is_attached_to_somebody_elses_case() -> None:
    case, other = a_case(), a_case()
    for stranger in (creditor_of(other), partner_of(other)):
        with pytest.raises(NotThere):
            attach(case, actor=stranger)
        with pytest.raises(NotThere):
            list_documents(stranger, case.public_id)
    for case_id in ("", "x", "-1", "٣", "9" * 40, "\0"):
        with pytest.raises(NotThere):
            attach_document(creditor_of(case), case_id, "a.pdf", PDF, now=NOON, today=NOON.date())


def test_nothing_is_attached_once_the_data_is_erased() -> None:
    case = a_case(Lifecycle.CLOSED, debtor_erased_at=NOON)
    with pytest.raises(Refused):
        attach(case)
    assert not Document.objects.exists()


def test_a_document_is_read_by_those_on_its_case_only() -> None:
    case, other = a_case(), a_case()
    document, _ = attach(case)
    for actor in (creditor_of(case), partner_of(case), OPERATOR):
        assert bytes(read_document(actor, str(document.public_id), now=NOON).content) == PDF
        assert list(list_documents(actor, case.public_id)) == [document]
    for stranger in (creditor_of(other), partner_of(other)):
        with pytest.raises(NotThere):
            read_document(stranger, document.public_id, now=NOON)
    with pytest.raises(NotThere):
        read_document(OPERATOR, "no id", now=NOON)


def test_a_partners_reading_is_a_disclosure() -> None:
    case = a_case()
    document, _ = attach(case)
    for actor in (creditor_of(case), OPERATOR):
        read_document(actor, document.public_id, now=NOON)
    assert not Disclosure.objects.exists()
    read_document(partner_of(case), document.public_id, now=NOON + timedelta(hours=1))
    disclosure = Disclosure.objects.get()
    assert (disclosure.case, disclosure.to) == (case, "Pat Partner")
    assert "Invoice 1001.pdf" in disclosure.what


def test_an_invoice_is_checked_as_soon_as_it_is_there() -> None:
    case = a_case(Lifecycle.PENDING_CHECK, debtor_emails=["accounts@debtor.example"])
    attach(case)
    case.refresh_from_db()
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds[0] == "document"
    assert len(kinds) > 1


def test_the_timeline_can_only_grow() -> None:
    attach(a_case())
    event = CaseEvent.objects.all()[0]
    event.text = "Something else."
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
