"""The root keys from which every key that protects a secret is derived.

They live in one file outside the database and its backups: one key a line, the newest first. The newest
encrypts, all of them decrypt, so a key can be replaced while everything stays readable.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

_KEY_BYTES = 32


class KeyProblem(Exception):
    """The root key cannot be used. The message says why, and the line that fixes it."""


@dataclass(frozen=True, slots=True)
class RootKeys:
    """Root keys, the newest first. Never shown."""

    keys: tuple[bytes, ...] = field(repr=False)


def key_file(home: Path) -> Path:
    """Where the root keys are: the file named by ARREARS_KEY_FILE, else one in the data folder."""
    named = os.environ.get("ARREARS_KEY_FILE")
    return Path(named).expanduser() if named else home / "keys" / "root.key"


def load(path: Path, *, may_create: bool) -> tuple[RootKeys, bool]:
    """Read the root keys, and whether the file was made just now.

    Raises KeyProblem: no file and not allowed to make one, not readable, readable by others, or not a key.
    """
    try:
        made = may_create and not path.exists() and create(path)
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        raise KeyProblem(
            f"There is no key file at {path}, so stored passwords cannot be protected. Make one with: "
            f"arrears keys new {path}"
        ) from None
    except OSError as error:
        raise KeyProblem(
            f"The key file {path} cannot be used ({error.strerror}). Give it to the user that runs Arrears, "
            f"with: chown $USER {path}"
        ) from None
    if mode & 0o077:
        raise KeyProblem(
            f"Other users of this machine can read the key file. Close it with: chmod 600 {path}"
        )
    return parse(text, path), made


def parse(text: str, path: Path) -> RootKeys:
    """Read keys, one a line. Raises KeyProblem when there is none or one is damaged."""
    keys = []
    for line in text.split():
        try:
            key = base64.b64decode(line, altchars=b"-_", validate=True)
        except ValueError:
            key = b""
        if len(key) != _KEY_BYTES:
            raise KeyProblem(
                f"{path} holds a line that is not a key. Restore the file from your backup of it."
            )
        keys.append(key)
    if not keys:
        raise KeyProblem(f"{path} is empty. Restore the file from your backup of it.")
    return RootKeys(tuple(keys))


def create(path: Path) -> bool:
    """Make a key file with a new key, unless there is one. Of several processes at once one succeeds."""
    draft = _draft(path, RootKeys((new_key(),)))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    _flush_folder(path)
    return True


def write(path: Path, keys: RootKeys) -> None:
    """Replace the key file in one step, readable by its owner alone."""
    draft = _draft(path, keys)
    draft.replace(path)
    _flush_folder(path)


def _draft(path: Path, keys: RootKeys) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    text = "".join(base64.urlsafe_b64encode(key).decode() + "\n" for key in keys.keys)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _flush_folder(path: Path) -> None:
    """Secrets sealed with a key must not outlive it in a power cut, so the new name goes to disk first."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_key() -> bytes:
    return secrets.token_bytes(_KEY_BYTES)
