"""Looking for a secret in whatever a run left behind, in every form in which one usually leaks."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import UUID

_CHUNK = 64_000_000


def forms(needle: str) -> dict[str, bytes]:
    """How the needle looks raw and encoded, by the name of the form."""
    spellings = {"": needle, "lower case ": needle.lower(), "upper case ": needle.upper()}
    found = {}
    for case, text in spellings.items():
        data = text.encode()
        found[f"{case}text"] = data
        found[f"{case}UTF-16 LE"] = text.encode("utf-16-le")
        found[f"{case}UTF-16 BE"] = text.encode("utf-16-be")
        found[f"{case}JSON"] = json.dumps(text)[1:-1].encode()
        found[f"{case}URL"] = quote(text, safe="").encode()
        found[f"{case}form"] = quote_plus(text).encode()
        found[f"{case}hex"] = data.hex().encode()
        found[f"{case}HEX"] = data.hex().upper().encode()
        for offset in range(3):
            found[f"{case}base64 at {offset}"] = _inside(base64.b64encode(bytes(offset) + data), offset, data)
            safe = base64.urlsafe_b64encode(bytes(offset) + data)
            found[f"{case}URL-safe base64 at {offset}"] = _inside(safe, offset, data)
    return found | _forms_of_token(needle)


def _inside(encoded: bytes, offset: int, data: bytes) -> bytes:
    """The characters of a base64 text that depend on `data` alone, whatever stands before and after it."""
    return encoded[(0, 2, 3)[offset] : (offset + len(data)) * 8 // 6]


def _forms_of_token(needle: str) -> dict[str, bytes]:
    try:
        token = UUID(needle)
    except ValueError:
        return {}
    return {"token without dashes": token.hex.encode(), "token as sixteen bytes": token.bytes}


class Needles:
    """Secrets by a name that may be shown."""

    def __init__(self, **secrets: str) -> None:
        self._forms = [
            (f"{name} as {form}", pattern)
            for name, secret in secrets.items()
            for form, pattern in forms(secret).items()
        ]
        self._longest = max(len(pattern) for _, pattern in self._forms)

    def within(self, data: bytes, where: str) -> list[str]:
        """What of the secrets is in `data`, each as a sentence that does not repeat it."""
        return [f"{name} is in {where}" for name, pattern in self._forms if pattern in data]

    def below(self, folder: Path) -> list[str]:
        """What of the secrets is in the name or the content of any file."""
        found = []
        for path in files(folder):
            found += self.within(str(path.relative_to(folder)).encode(), f"the name of {path}")
            for data in _overlapping(path, self._longest):
                found += self.within(data, str(path))
        return found

    def among(self, texts: Iterable[bytes], where: str) -> list[str]:
        return self.within(b"\n".join(texts), where)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _overlapping(path: Path, overlap: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            before = b""
            while data := file.read(_CHUNK):
                yield before + data
                before = data[-overlap:]
    except FileNotFoundError:
        return  # the database removes files while it works
