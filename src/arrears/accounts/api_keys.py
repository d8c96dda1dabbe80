"""API keys: make one, find whose one is, revoke one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts.audit import Action, note
from arrears.accounts.models import ApiKey, Organisation

#: The beginning of every key, so that one found in the wrong place is recognised.
_PREFIX = "arr_"
_RANDOM_BYTES = 32
_SHOWN = 10

#: The longest key looked up; anything longer was never one of ours.
_LONGEST = 200

#: "Last used" is exact to this, so that reading does not write with every request.
_USE_NOTED_EVERY = timedelta(minutes=1)


def make_key(organisation: Organisation, name: str, by: str, now: datetime) -> tuple[ApiKey, SecretStr]:
    """A new key and its text, which is shown once and kept nowhere."""
    text = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    with transaction.atomic():
        key = ApiKey.objects.create(
            organisation=organisation,
            name=name,
            start=text[:_SHOWN],
            key_hash=_hash(text),
            created_by=by,
            created_at=now,
        )
        said = f"Made the API key “{name}”, which begins with {key.start}."
        note(organisation.pk, Action.KEY_MADE, said, now, subject=f"API key {key.pk}")
    return key, SecretStr(text)


def find_key(text: str, now: datetime) -> ApiKey | None:
    """The key with this text, unless it was revoked."""
    if not text or len(text) > _LONGEST:
        return None
    key = ApiKey.objects.select_related("organisation").filter(key_hash=_hash(text), revoked_at=None).first()
    if key and (key.last_used_at is None or now - key.last_used_at >= _USE_NOTED_EVERY):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def revoke_key(organisation_id: int, key_id: int, now: datetime) -> bool:
    """Make a key useless from now on. False when the organisation has no such working key."""
    with transaction.atomic():
        keys = ApiKey.objects.filter(organisation_id=organisation_id, pk=key_id, revoked_at=None)
        key = keys.select_for_update().first()
        if key is None:
            return False
        keys.update(revoked_at=now)
        said = f"Revoked the API key “{key.name}”, which begins with {key.start}."
        note(organisation_id, Action.KEY_REVOKED, said, now, subject=f"API key {key.pk}")
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
