"""Sealing a secret so that it opens only in the place it was stored for.

Every secret gets its own key, derived from a root key and from where the secret belongs: organisation,
record and field. A sealed text copied to another organisation, record or field does not open there.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arrears.accounts.root_keys import RootKeys


class CannotOpen(Exception):
    """A sealed text does not open here: another root key, another place, or damaged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret belongs. Ids only: this is not itself secret."""

    organisation: int
    record: str
    field: str

    @property
    def info(self) -> bytes:
        return json.dumps(["arrears", 1, self.organisation, self.record, self.field]).encode()


def _fernet(keys: RootKeys, place: Place) -> MultiFernet:
    def derived(root: bytes) -> Fernet:
        key = HKDF(hashes.SHA256(), length=32, salt=None, info=place.info).derive(root)
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([derived(root) for root in keys.keys])


def seal(keys: RootKeys, place: Place, secret: str) -> str:
    return _fernet(keys, place).encrypt(secret.encode()).decode()


def unseal(keys: RootKeys, place: Place, sealed: str) -> str:
    """Open a sealed text. Raises CannotOpen."""
    try:
        return _fernet(keys, place).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise CannotOpen("A stored secret does not open with this installation's key.") from None


def reseal(keys: RootKeys, place: Place, sealed: str) -> str:
    """Seal again under the newest root key. Raises CannotOpen."""
    return seal(keys, place, unseal(keys, place, sealed))
