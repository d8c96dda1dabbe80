"""Which files may be attached to a case: told by their name and, above all, by what is in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from arrears.desk.file_contents import (
    is_email,
    is_gif,
    is_jpeg,
    is_pdf,
    is_png,
    is_text,
    office_zip_problem,
    old_office_problem,
)
from arrears.desk.models import LONGEST_FILE_NAME

LARGEST_FILE = 25 * 1024 * 1024

#: A second ending that a desktop would run or a browser would show as a page.
_ACTIVE_ENDINGS = frozenset(
    {
        *("exe", "scr", "bat", "cmd", "msi", "lnk", "hta", "jar", "sh", "ps1", "vbs", "vbe", "wsf"),
        *("js", "jse", "mjs", "py", "php", "htm", "html", "xhtml", "shtml", "svg", "xml"),
        *("docm", "dotm", "xlsm", "xltm"),
    }
)
_PDF_ACTION = "Attach it as PDF, or as a picture."


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken. `ours` marks what the published API does not list."""

    extension: str
    media_type: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file is not taken: a stable code, a sentence, and what to do.

    Codes: `empty`, `too_large`, `unsupported_type` (never taken), `type_mismatch` (not what its name says).
    """

    code: str
    sentence: str
    action: str


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: Every kind that is taken, by extension.
FILE_KINDS: Mapping[str, FileKind] = MappingProxyType(
    {
        kind.extension: kind
        for kind in (
            FileKind("pdf", "application/pdf"),
            FileKind("xls", "application/vnd.ms-excel"),
            FileKind("xlsx", _XLSX),
            FileKind("csv", "text/csv"),
            FileKind("txt", "text/plain"),
            FileKind("jpg", "image/jpeg"),
            FileKind("jpeg", "image/jpeg"),
            FileKind("png", "image/png"),
            FileKind("gif", "image/gif"),
            FileKind("doc", "application/msword", ours=True),
            FileKind("docx", _DOCX, ours=True),
            FileKind("eml", "message/rfc822", ours=True),
        )
    }
)


def clean_name(name: str) -> str:
    """The bare name of a file: no folders, nothing that cannot be seen or turns text round, not too long."""
    bare = PureWindowsPath(PurePosixPath(name).name).name
    seen = "".join(char for char in bare if char.isprintable())
    tidy = unicodedata.normalize("NFC", seen).strip().rstrip(". ")
    return tidy[-LONGEST_FILE_NAME:] or "invoice.pdf"


def kind_of(name: str, content: bytes) -> FileKind | FileProblem:
    """What kind of file this is, or why it is not taken. `name` is a clean name."""
    if not content:
        return FileProblem("empty", f"The file {name} is empty.", "Attach the file again.")
    if len(content) > LARGEST_FILE:
        sentence = f"The file {name} is larger than {LARGEST_FILE // 1024**2} MB."
        return FileProblem("too_large", sentence, "Attach a smaller file.")
    kind = _kind_named(name)
    if isinstance(kind, FileProblem):
        return kind
    return _content_problem(kind, name, content) or kind


def _kind_named(name: str) -> FileKind | FileProblem:
    *others, extension = [part.strip().lower() for part in name.split(".")[1:]] or [""]
    kind = FILE_KINDS.get(extension)
    if kind is None:
        taken = ", ".join(FILE_KINDS)
        return FileProblem(
            "unsupported_type",
            f"Files like {name} are not taken.",
            f"Attach one of these kinds: {taken}.",
        )
    active = _ACTIVE_ENDINGS.intersection(others)
    if active:
        return FileProblem(
            "unsupported_type",
            f"The name {name} has two endings, and “.{min(active)}” is never taken.",
            "Attach the original under its own name.",
        )
    return kind


def _content_problem(kind: FileKind, name: str, content: bytes) -> FileProblem | None:
    look = _LOOKS.get(kind.extension)
    if look is not None:
        if look(content):
            return None
        sentence = f"The file {name} is not a {kind.extension.upper()} file inside."
        return FileProblem("type_mismatch", sentence, _PDF_ACTION)
    check = office_zip_problem if kind.extension in {"xlsx", "docx"} else old_office_problem
    found = check(content, kind.extension)
    if found is None:
        return None
    return FileProblem(found.code, f"The file {name} {found.what}.", _PDF_ACTION)


_LOOKS: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {
        "pdf": is_pdf,
        "png": is_png,
        "jpg": is_jpeg,
        "jpeg": is_jpeg,
        "gif": is_gif,
        "csv": is_text,
        "txt": is_text,
        "eml": is_email,
    }
)
