"""Which files are sent, which are not and why, and how."""

from __future__ import annotations

import io
import zipfile
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.connectors.debitura.files import (
    LARGEST_FILE,
    check_file,
    clean_name,
    file_request,
    fingerprint,
    read_attached,
)
from arrears.ports import DocumentKind, NeedsAttention, TryAgainLater
from tests.connectors.debitura.scripted import answer

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


GOOD = [
    ("a.pdf", PDF, "application/pdf"),
    ("a.PDF", PDF, "application/pdf"),
    ("a.png", PNG, "image/png"),
    ("a.jpg", JPEG, "image/jpeg"),
    ("a.jpeg", JPEG, "image/jpeg"),
    ("a.gif", b"GIF89a;", "image/gif"),
    ("a.csv", b"a,b\r\n1,2\r\n", "text/csv"),
    ("a.txt", "Grüße".encode("cp1252"), "text/plain"),
    ("a.xls", OLE, "application/vnd.ms-excel"),
    (
        "a.xlsx",
        zipped("[Content_Types].xml", "xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
]


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
def test_what_debitura_takes(name: str, content: bytes, media_type: str) -> None:
    assert check_file(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("letter.doc", "Save it as PDF first"),
        ("letter.docx", "Save it as PDF first"),
        ("mail.eml", "Print the e-mail to PDF"),
        ("all.zip", "Unpack it first"),
        ("photo.heic", "JPG"),
        ("run.exe", "PDF"),
        ("noending", "PDF"),
        ("trick.pdf.html", "PDF"),
        ("pdf", "PDF"),
    ],
)
def test_other_types_are_refused_with_what_to_do(name: str, action: str) -> None:
    with pytest.raises(NeedsAttention) as caught:
        check_file(name, PDF)
    assert caught.value.code == "file_type"
    assert action in caught.value.action
    assert "pdf, xls, xlsx, csv, txt, jpg, jpeg, png, gif" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html>not a pdf</html>"),
        ("a.pdf", b""),
        ("a.png", JPEG),
        ("a.jpg", PNG),
        ("a.gif", PDF),
        ("a.xls", PDF),
        ("a.xlsx", zipped("word/document.xml")),
        ("a.xlsx", OLE),
        ("a.txt", b"<script>alert(1)</script>"),
        ("a.csv", PDF),
        ("a.txt", b"\0\0\0"),
    ],
)
def test_a_content_that_does_not_fit_its_name_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(NeedsAttention) as caught:
        check_file(name, content)
    assert caught.value.code == "file_content"


def test_the_largest_file_is_25_mb() -> None:
    assert check_file("a.pdf", PDF.ljust(LARGEST_FILE))
    with pytest.raises(NeedsAttention, match="25 MB") as caught:
        check_file("a.pdf", PDF.ljust(LARGEST_FILE + 1))
    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/invoice.pdf", "invoice.pdf"),
        ("C:\\docs\\invoice.pdf", "invoice.pdf"),
        ("in\r\nvoice\u202e\0.pdf", "invoice.pdf"),
        (" Rechnung Müller.pdf. ", "Rechnung Müller.pdf"),
    ],
)
def test_a_name_is_one_name(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def parts_of(body: bytes, content_type: str) -> dict[str, Message]:
    """The form as another program reads it, by field."""
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found = [part for part in form.get_payload() if isinstance(part, Message)]
    return {str(part.get_param("name", header="content-disposition")): part for part in found}


def test_the_form_is_what_the_contract_asks_for() -> None:
    request = file_request("7", 'the "bill".pdf', PDF, "application/pdf", DocumentKind.DEMAND_LETTER)
    parts = parts_of(request.body, request.headers["Content-Type"])
    assert list(parts) == ["DocumentType", "Description", "File"]
    assert parts["DocumentType"].get_payload(decode=True) == b"DemandLetter"
    assert parts["File"].get_payload(decode=True) == PDF
    assert parts["File"].get_content_type() == "application/pdf"
    assert parts["File"].get_filename() == "the %22bill%22.pdf"
    assert (request.method, request.path, request.effects) == ("POST", "cases/7/files", True)


def test_the_same_file_gives_the_same_bytes_and_another_another_description() -> None:
    first, again = (
        file_request("7", "a.pdf", PDF, "application/pdf", DocumentKind.INVOICE) for _ in range(2)
    )
    assert first == again
    assert len({fingerprint("a.pdf", PDF), fingerprint("b.pdf", PDF), fingerprint("a.pdf", PDF + b" ")}) == 3


@given(st.binary(max_size=300))
def test_no_content_breaks_out_of_its_part(content: bytes) -> None:
    request = file_request("7", "a.txt", content, "text/plain", DocumentKind.OTHER)
    boundary = request.headers["Content-Type"].partition("boundary=")[2].encode()
    assert boundary not in content
    assert request.body.count(b"--" + boundary) == 4
    rest = request.body.partition(b"text/plain\r\n\r\n")[2]
    assert rest == content + b"\r\n--" + boundary + b"--\r\n"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (413, "file_too_large"),
        (415, "file_type"),
        (404, "not_there"),
        (400, "refused"),
        (401, "key_rejected"),
    ],
)
def test_what_debitura_says_to_a_file(status: int, code: str) -> None:
    with pytest.raises(NeedsAttention) as caught:
        read_attached(answer({"message": "needle"}, status))
    assert caught.value.code == code
    assert "needle" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 500, 503])
def test_a_fault_may_pass_by_itself(status: int) -> None:
    with pytest.raises(TryAgainLater):
        read_attached(answer({}, status))
