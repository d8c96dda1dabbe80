"""Looking into a file without unpacking or interpreting it: is it what it claims to be?"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from dataclasses import dataclass

_PDF_MARK = b"%PDF-"
#: Readers accept a few bytes before the mark (PDF 1.7, appendix H, note 13), so it is looked for this far.
_MARK_WITHIN = 1024
_BLANK = b"\xef\xbb\xbf \t\r\n\f\0"

_PNG_MARK, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SCRIPT = re.compile(rb"<(?:script|html|svg|iframe|\?php|!doctype\s+html)", re.IGNORECASE)
#: How much of a text is looked at for mark-up; a browser that guesses looks no further.
_GUESSED_FROM = 1445
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_MARK_UP = re.compile(r"\s*(?:<[!?/a-zA-Z]|#!|%PDF-)")
_EMAIL_HEADER = re.compile(r"(?:[!-9;-~]+:|From )")

#: An archive is refused beyond these. A spreadsheet has a few dozen entries and shrinks about tenfold.
_MOST_ENTRIES = 1000
_LARGEST_DIRECTORY = 512 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
_GREATEST_RATIO = 200
_ZIP_START, _ZIP_END, _ZIP64_LOCATOR = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_ZIP_END_SIZE, _ZIP64_LOCATOR_SIZE = 22, 20
_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar")
_MAIN_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_MAIN_STREAMS = {"xls": ("Workbook", "Book"), "doc": ("WordDocument",)}


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a file: a stable code, and words that follow the file's name in a sentence."""

    code: str
    what: str


_NOT_INSIDE = {
    "xlsx": Objection("type_mismatch", "is not an Excel workbook inside"),
    "xls": Objection("type_mismatch", "is not an Excel workbook inside"),
    "docx": Objection("type_mismatch", "is not a Word document inside"),
    "doc": Objection("type_mismatch", "is not a Word document inside"),
}
_MACROS = Objection("unsupported_type", "contains macros, which are never taken")
_BOMB = Objection("unsupported_type", "would unpack to far more than it is")
_UNSAFE = Objection("unsupported_type", "contains an entry that has no place in a document")


def is_pdf(content: bytes) -> bool:
    """A PDF with nothing but blanks before its mark: a page in front would make it two files in one."""
    at = content.find(_PDF_MARK, 0, _MARK_WITHIN)
    return at >= 0 and not content[:at].strip(_BLANK)


def is_png(content: bytes) -> bool:
    return (
        content.startswith(_PNG_MARK)
        and content[12:16] == b"IHDR"
        and _PNG_END in content
        and _plain(content)
    )


def is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content and _plain(content)


def is_gif(content: bytes) -> bool:
    return (
        content.startswith((b"GIF87a", b"GIF89a"))
        and content.rstrip(b"\0").endswith(b";")
        and _plain(content)
    )


def is_text(content: bytes) -> bool:
    """Readable text in UTF-8 or Windows-1252 that no browser would take for a page or a script."""
    text = _decoded(content)
    if text is None or _MARK_UP.match(text):
        return False
    return not _SCRIPT.search(content[:_GUESSED_FROM])


def is_email(content: bytes) -> bool:
    """A message as mail programs save it: readable text that starts with a header."""
    text = _decoded(content)
    return text is not None and _EMAIL_HEADER.match(text) is not None


def old_office_problem(content: bytes, extension: str) -> Objection | None:
    """What is wrong with a file of Word or Excel 97 to 2003."""
    if not content.startswith(_OLE_MARK):
        return _NOT_INSIDE[extension]
    if not any(_stream_name(name) in content for name in _MAIN_STREAMS[extension]):
        return _NOT_INSIDE[extension]
    return _MACROS if _stream_name("_VBA_PROJECT") in content else None


def office_zip_problem(content: bytes, extension: str) -> Objection | None:
    """What is wrong with a Word or Excel file of today. Only the directory is read, nothing unpacked."""
    if not content.startswith(_ZIP_START):
        return _NOT_INSIDE[extension]
    directory = _directory_problem(content)
    if directory is not None:
        return directory
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return _NOT_INSIDE[extension]
    return _entries_problem(entries, extension, len(content))


def _directory_problem(content: bytes) -> Objection | None:
    """Is the directory small, and where it should be? An Office file ends with its end record."""
    end = content[-_ZIP_END_SIZE:]
    if len(end) < _ZIP_END_SIZE or not end.startswith(_ZIP_END):
        return Objection("type_mismatch", "is damaged, or something follows its end")
    entries, size = struct.unpack("<H L", end[10:12] + end[12:16])
    locator = content[-_ZIP_END_SIZE - _ZIP64_LOCATOR_SIZE : -_ZIP_END_SIZE]
    if entries > _MOST_ENTRIES or size > _LARGEST_DIRECTORY or locator.startswith(_ZIP64_LOCATOR):
        return _BOMB
    return None


def _entries_problem(entries: list[zipfile.ZipInfo], extension: str, size: int) -> Objection | None:
    names = [entry.filename for entry in entries]
    lowered = {name.lower() for name in names}
    if "[Content_Types].xml" not in names or _MAIN_PART[extension] not in names:
        return _NOT_INSIDE[extension]
    if any(name.endswith("vbaproject.bin") for name in lowered):
        return _MACROS
    if len(lowered) < len(names) or any(_is_unsafe(entry) for entry in entries):
        return _UNSAFE
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    too_much = unpacked > _LARGEST_UNPACKED or unpacked > _GREATEST_RATIO * max(packed, 1)
    # Entries that share their bytes are how a small file unpacks without end.
    return _BOMB if too_much or packed > size or len(entries) > _MOST_ENTRIES else None


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    leaves = name.startswith("/") or ".." in name.split("/") or any(char in name for char in "\\:\0")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_locked = bool(entry.flag_bits & _ENCRYPTED)
    return leaves or is_link or is_locked or name.lower().endswith(_ARCHIVES)


def _plain(picture: bytes) -> bool:
    return _SCRIPT.search(picture) is None


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _stream_name(name: str) -> bytes:
    """How the directory of such a file spells a stream's name; the NUL tells `Book` from `Bookmarks`."""
    return (name + "\0").encode("utf-16-le")
