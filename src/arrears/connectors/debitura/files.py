"""Which files Debitura takes, told before any is sent, and the request that sends one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from arrears.connectors.debitura.answers import parsed, raise_refusal, senseless
from arrears.connectors.debitura.protocol import CASE, piece
from arrears.connectors.message import Request, Response
from arrears.ports import DocumentKind, NeedsAttention

LARGEST_FILE = 25 * 1024 * 1024

_LONGEST_NAME = 200
_DEADLINE = 180.0
_MOST_BYTES = 4_000_000
_PURPOSE = "a file to attach"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARK_UP = re.compile(rb"\s*(?:<[!?/a-zA-Z]|#!|%PDF-)")

#: What to do with files that people often have and the API does not take.
_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("doc", "docx", "odt", "rtf"), "Save it as PDF first, and attach that."),
        **dict.fromkeys(("eml", "msg"), "Print the e-mail to PDF first, and attach that."),
        **dict.fromkeys(("zip", "7z", "rar"), "Unpack it first, and attach the files one by one."),
        **dict.fromkeys(("heic", "tif", "tiff", "bmp", "webp"), "Save it as JPG, PNG or PDF first."),
    }
)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n")


def _is_gif(content: bytes) -> bool:
    return content.startswith((b"GIF87a", b"GIF89a"))


def _is_old_excel(content: bytes) -> bool:
    return content.startswith(_OLE_MARK)


def _is_excel(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in content


def _is_text(content: bytes) -> bool:
    return not _CONTROL.search(content) and not _MARK_UP.match(content)


#: What is taken, by extension: its media type, and whether a content can be of it.
_TYPES: Mapping[str, tuple[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", _is_pdf),
        "xls": ("application/vnd.ms-excel", _is_old_excel),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _is_excel),
        "csv": ("text/csv", _is_text),
        "txt": ("text/plain", _is_text),
        "jpg": ("image/jpeg", _is_jpeg),
        "jpeg": ("image/jpeg", _is_jpeg),
        "png": ("image/png", _is_png),
        "gif": ("image/gif", _is_gif),
    }
)

#: Extensions of the files that are taken, as people say them.
TAKEN = ", ".join(_TYPES)


def clean_name(name: str) -> str:
    """The bare name of a file: no folders, nothing that cannot be seen or turns text round, not too long."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    seen = "".join(char for char in bare if char.isprintable())
    return unicodedata.normalize("NFC", seen).strip().rstrip(". ")[-_LONGEST_NAME:]


def check_file(name: str, content: bytes) -> str:
    """The media type of a file under its clean name. Raises NeedsAttention for one that is not taken."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in _TYPES:
        action = _INSTEAD.get(extension, "Save it as PDF first, and attach that.")
        raise _no("file_type", f"Debitura does not take files like {_quoted(name)}, only {TAKEN}.", action)
    if len(content) > LARGEST_FILE:
        largest = f"{LARGEST_FILE // 1024**2} MB"
        sentence = f"The file {_quoted(name)} is larger than the {largest} that Debitura takes."
        raise _no("file_too_large", sentence, "Attach a smaller file, or split it.")
    media_type, fits = _TYPES[extension]
    if not content:
        raise _no("file_content", f"The file {_quoted(name)} is empty.", "Attach the file again.")
    if not fits(content):
        sentence = f"The file {_quoted(name)} is not a {extension.upper()} file inside."
        raise _no("file_content", sentence, "Open it, save it as PDF, and attach that.")
    return media_type


def fingerprint(name: str, content: bytes) -> str:
    """The description under which a file is sent: by it, one that is there already is known again."""
    digest = hashlib.sha256(name.encode() + b"\0" + content).hexdigest()
    return f"Sent by Arrears ({digest[:32]})"


def file_request(case_id: str, name: str, content: bytes, media_type: str, kind: DocumentKind) -> Request:
    """Attach a file under its clean name. The same file gives the same bytes."""
    fields = {"DocumentType": kind.value, "Description": fingerprint(name, content)}
    boundary = _boundary(name, content)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="File"; filename="{_escaped(name)}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    headers = {"Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return Request(
        "POST",
        f"cases/{piece(case_id)}/files",
        _PURPOSE,
        body,
        headers,
        effects=True,
        deadline=_DEADLINE,
        most_bytes=_MOST_BYTES,
    )


def read_attached(response: Response) -> None:
    """Raises NeedsAttention for a file that Debitura refused, and TryAgainLater where it is not known."""
    if response.succeeded:
        if not isinstance(parsed(response), dict):
            raise senseless("the file")
        return
    if response.status == 413:
        raise _no("file_too_large", "Debitura found the file too large.", "Attach a smaller file.")
    if response.status == 415:
        raise _no("file_type", "Debitura does not take files of this type.", "Save it as PDF first.")
    raise_refusal(response, CASE if response.status == 404 else _PURPOSE)


def _no(code: str, sentence: str, action: str) -> NeedsAttention:
    return NeedsAttention(sentence, code=code, action=action)


def _quoted(name: str) -> str:
    return f"“{name[-60:]}”"


def _escaped(name: str) -> str:
    """A file name as browsers write it into a form."""
    return name.replace('"', "%22")


def _boundary(name: str, content: bytes) -> str:
    """A line that does not occur in the content."""
    for turn in range(1000):
        boundary = hashlib.sha256(f"{turn}\0{name}".encode() + content).hexdigest()[:40]
        if boundary.encode() not in content:
            return boundary
    raise AssertionError("No content holds a thousand of its own fingerprints.")
