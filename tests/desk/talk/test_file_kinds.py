"""Which files are taken: by their name, and by what is in them."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.desk.file_kinds import FILE_KINDS, LARGEST_FILE, FileKind, FileProblem, clean_name, kind_of
from arrears.desk.models import LONGEST_FILE_NAME

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 17 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20 + b"\xff\xd9"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 6 + b";"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
XLS = OLE + "Workbook\0".encode("utf-16-le")
DOC = OLE + "WordDocument\0".encode("utf-16-le")
EML = b"From: Jo <jo@acme.example>\r\nSubject: Unpaid\r\n\r\n<html>Please pay.</html>\r\n"
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def an_archive(*names: str, content: bytes = b"<x/>", main: str = "xl/workbook.xml") -> bytes:
    """A workbook with some more entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", main):
            archive.writestr(name, b"<x/>")
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


XLSX, DOCX = an_archive(), an_archive(main="word/document.xml")

SOUND = {
    "a.pdf": PDF,
    "A.PDF": b"\xef\xbb\xbf\r\n" + PDF,
    "a.xls": XLS,
    "a.xlsx": XLSX,
    "a.csv": "Naïve;1,00 €\r\n".encode("cp1252"),
    "a.txt": "Café, 5 < 6\tand so on\f".encode(),
    "b.txt": b"\xef\xbb\xbfWith a mark",
    "a.jpg": JPEG,
    "a.jpeg": JPEG,
    "a.png": PNG,
    "a.gif": GIF,
    "a.doc": DOC,
    "a.docx": DOCX,
    "a.eml": EML,
    "invoice v1.2.pdf": PDF,
    ".pdf": PDF,
}


@pytest.mark.parametrize(("name", "content"), SOUND.items(), ids=SOUND)
def test_a_sound_file_is_taken_for_what_it_is(name: str, content: bytes) -> None:
    assert kind_of(name, content) is FILE_KINDS[name.rpartition(".")[2].lower()]


def test_what_the_published_api_does_not_list_is_marked() -> None:
    ours = {kind.extension for kind in FILE_KINDS.values() if kind.ours}
    assert ours == {"doc", "docx", "eml"}
    assert set(FILE_KINDS) - ours == {"pdf", "xls", "xlsx", "csv", "txt", "jpg", "jpeg", "png", "gif"}


@pytest.mark.parametrize("name", SOUND)
def test_a_file_under_a_false_name_is_refused(name: str) -> None:
    extension = name.rpartition(".")[2].lower()
    alike = {"jpg", "jpeg"} if extension in {"jpg", "jpeg"} else {extension}
    # A message is readable text, and so are tables; only they can be one another.
    alike |= {"csv", "txt", "eml"} if extension in {"csv", "txt", "eml"} else set()
    for other, content in SOUND.items():
        if other.rpartition(".")[2].lower() not in alike:
            problem = kind_of(name, content)
            assert isinstance(problem, FileProblem), (name, other)
            assert problem.code == "type_mismatch"


HOSTILE = {
    "page as PDF": ("a.pdf", PAGE, "type_mismatch"),
    "page before the PDF": ("a.pdf", b"<script>x</script>" + PDF, "type_mismatch"),
    "script before the PDF": ("a.pdf", b"x=1;/*" + PDF, "type_mismatch"),
    "archive before the PDF": ("a.pdf", b"PK\x03\x04" + PDF, "type_mismatch"),
    "PDF mark too late": ("a.pdf", b" " * 1024 + PDF, "type_mismatch"),
    "page as text": ("a.txt", PAGE, "type_mismatch"),
    "page after a mark and blanks": ("a.csv", b"\xef\xbb\xbf \n\t<svg onload=x>", "type_mismatch"),
    "page after some words": ("a.txt", b"Hello\n<ScRiPt>alert(1)</script>", "type_mismatch"),
    "PHP as text": ("a.txt", b"words <?php system($_GET[0]);", "type_mismatch"),
    "shell script as text": ("a.txt", b"#!/bin/sh\nrm -r /\n", "type_mismatch"),
    "program as text": ("a.txt", b"MZ\x90\0\x03\0\0\0", "type_mismatch"),
    "control characters": ("a.csv", b"a,b\x1b[2J", "type_mismatch"),
    "neither encoding": ("a.txt", b"a\x81b", "type_mismatch"),
    "no header in a message": ("a.eml", PAGE, "type_mismatch"),
    "script in a GIF": ("a.gif", GIF[:-1] + b"<script>x</script>;", "type_mismatch"),
    "page in a PNG": ("a.png", PNG + b"<HTML>", "type_mismatch"),
    "half a PNG": ("a.png", PNG[:20], "type_mismatch"),
    "SVG": ("a.svg", b"<svg/>", "unsupported_type"),
    "program": ("a.exe", b"MZ", "unsupported_type"),
    "macro workbook": ("a.xlsm", XLSX, "unsupported_type"),
    "archive": ("a.zip", XLSX, "unsupported_type"),
    "no ending": ("invoice", PDF, "unsupported_type"),
    "second ending runs": ("invoice.pdf.exe", PDF, "unsupported_type"),
    "hidden ending runs": ("invoice.exe.pdf", PDF, "unsupported_type"),
    "hidden ending is a page": ("invoice.HTML .pdf", PDF, "unsupported_type"),
    "macros in an old workbook": ("a.xls", XLS + "_VBA_PROJECT\0".encode("utf-16-le"), "unsupported_type"),
    "macros in a workbook": ("a.xlsx", an_archive("xl/vbaProject.bin"), "unsupported_type"),
    "bare archive": ("a.xlsx", an_archive(main="other.xml"), "type_mismatch"),
    "document as workbook": ("a.xlsx", DOCX, "type_mismatch"),
    "too many entries": ("a.xlsx", an_archive(*(f"{n}.xml" for n in range(1000))), "unsupported_type"),
    "path upwards": ("a.xlsx", an_archive("../../etc/passwd"), "unsupported_type"),
    "path from the root": ("a.xlsx", an_archive("/etc/passwd"), "unsupported_type"),
    "path of another system": ("a.xlsx", an_archive("xl\\..\\evil.xml"), "unsupported_type"),
    "archive in an archive": ("a.xlsx", an_archive("xl/embeddings/more.zip"), "unsupported_type"),
    "bomb": ("a.xlsx", an_archive("xl/a.xml", content=b"\0" * 2_000_000), "unsupported_type"),
    "something after the end": ("a.xlsx", XLSX + PAGE, "type_mismatch"),
    "something before the start": ("a.xlsx", b"MZ" + XLSX, "type_mismatch"),
    "damaged": ("a.xlsx", XLSX[:4] + b"x" * 60 + XLSX[-22:], "type_mismatch"),
}


@pytest.mark.parametrize(("name", "content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(name: str, content: bytes, code: str) -> None:
    found = kind_of(name, content)
    assert isinstance(found, FileProblem)
    assert found.code == code
    assert found.sentence
    assert found.action


def test_an_archive_that_declares_more_than_it_may_is_refused() -> None:
    huge = bytearray(an_archive("xl/a.xml"))
    at = huge.rfind(b"PK\x01\x02")
    struct.pack_into("<L", huge, at + 20, LARGEST_FILE // 20)  # packed
    struct.pack_into("<L", huge, at + 24, 201 * 1024 * 1024)  # unpacked
    found = kind_of("a.xlsx", bytes(huge))
    assert isinstance(found, FileProblem)
    assert "unpack" in found.sentence


def test_entries_that_share_their_bytes_are_refused() -> None:
    shared = bytearray(an_archive("xl/a.xml", content=bytes(range(256)) * 8))
    at = shared.rfind(b"PK\x01\x02")
    struct.pack_into("<L", shared, at + 20, 2 * len(shared))
    struct.pack_into("<L", shared, at + 24, 2 * len(shared))
    assert isinstance(kind_of("a.xlsx", bytes(shared)), FileProblem)


def test_a_locked_entry_and_a_link_are_refused() -> None:
    for offset, mask, value in ((8, "<H", 1), (38, "<L", 0o120777 << 16)):
        archive = bytearray(an_archive("xl/a.xml"))
        struct.pack_into(mask, archive, archive.rfind(b"PK\x01\x02") + offset, value)
        found = kind_of("a.xlsx", bytes(archive))
        assert isinstance(found, FileProblem)
        assert found.code == "unsupported_type"


def test_a_directory_of_hundred_thousand_entries_is_never_read() -> None:
    directory = (b"PK\x01\x02" + b"\0" * 24 + b"\x01\0" + b"\0" * 16 + b"a") * 100_000
    for entries in (65535, 3):  # told truly, and not
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), 4, 0)
        archive = b"PK\x03\x04" + directory + end
        tracemalloc.start()
        found = kind_of("a.xlsx", archive)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert isinstance(found, FileProblem)
        assert peak < len(archive)


def test_size_is_bounded_on_both_sides() -> None:
    empty, largest = kind_of("a.pdf", b""), kind_of("a.pdf", PDF.ljust(LARGEST_FILE))
    larger = kind_of("a.pdf", PDF.ljust(LARGEST_FILE + 1))
    assert isinstance(largest, FileKind)
    assert isinstance(empty, FileProblem)
    assert isinstance(larger, FileProblem)
    assert (empty.code, larger.code) == ("empty", "too_large")


@given(st.text(max_size=300))
def test_a_clean_name_shows_everything_it_is(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned == clean_name(cleaned)
    assert 0 < len(cleaned) <= LONGEST_FILE_NAME
    assert cleaned.isprintable()
    assert not set(cleaned) & set("/\\\0")


@given(st.binary(max_size=400), st.sampled_from(sorted(FILE_KINDS)))
def test_no_content_brings_it_down(content: bytes, extension: str) -> None:
    for start in (b"", XLSX[:40], b"PK\x03\x04", OLE, PDF):
        assert isinstance(kind_of(f"a.{extension}", start + content + XLSX[-22:]), FileKind | FileProblem)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\invoice.pdf", "invoice.pdf"),
        ("in\0voice\n.pdf", "invoice.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u200binvoice\u2066.pdf", "invoice.pdf"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
        ("half\ud800.pdf", "half.pdf"),
        ("evil.exe. . ", "evil.exe"),
        ("", "invoice.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_only_the_bare_printable_file_name_is_kept(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept
