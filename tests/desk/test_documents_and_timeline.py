"""What is attached to a case, and the record of what happened to it."""

from __future__ import annotations

import pytest

from arrears.desk.attach_document import LARGEST_DOCUMENT
from arrears.desk.collector import DeskCollector
from arrears.desk.models import AppendOnlyError, CaseEvent, Document
from arrears.ports import Case, NeedsAttention
from tests.builders import TODAY, a_claim
from tests.collector_contract import PDF, opened


@pytest.fixture
def case(desk: DeskCollector) -> Case:
    return opened(desk.open(a_claim(), "AR-1", "key-1", TODAY))


def test_a_document_is_kept_as_it_came(desk: DeskCollector, case: Case) -> None:
    desk.attach(case.id, "Invoice 1001.pdf", PDF)
    document = Document.objects.get()
    assert bytes(document.content) == PDF
    assert (document.kind, document.name, document.size) == ("OriginalInvoice", "Invoice 1001.pdf", len(PDF))


def test_attaching_is_told_once_in_the_timeline(desk: DeskCollector, case: Case) -> None:
    desk.attach(case.id, "Invoice 1001.pdf", PDF)
    desk.attach(case.id, "Invoice 1001.pdf", PDF)
    found = desk.find("AR-1")
    assert found is not None
    added = [event.text for event in found.timeline[len(case.timeline) :]]
    assert added == ["Original invoice attached: Invoice 1001.pdf."]


def test_a_file_that_is_too_large_is_refused(desk: DeskCollector, case: Case) -> None:
    desk.attach(case.id, "large.pdf", PDF.ljust(LARGEST_DOCUMENT))
    with pytest.raises(NeedsAttention, match="larger than 25 MB"):
        desk.attach(case.id, "larger.pdf", PDF.ljust(LARGEST_DOCUMENT + 1))


@pytest.mark.parametrize("case_id", ["", "x", "-1", "1.0", "٣", "9" * 40])
def test_an_id_that_is_none_is_an_unknown_case(desk: DeskCollector, case_id: str) -> None:
    with pytest.raises(NeedsAttention) as refusal:
        desk.attach(case_id, "invoice.pdf", PDF)
    assert refusal.value.code == "unknown_case"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\invoice.pdf", "invoice.pdf"),
        ("in\0voice\n.pdf", "invoice.pdf"),
        ("", "invoice.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_only_the_bare_printable_file_name_is_kept(
    desk: DeskCollector, case: Case, given: str, kept: str
) -> None:
    desk.attach(case.id, given, PDF)
    assert Document.objects.get().name == kept


@pytest.mark.usefixtures("case")
def test_the_timeline_can_only_grow() -> None:
    event = CaseEvent.objects.all()[0]
    event.text = "Something else."
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
