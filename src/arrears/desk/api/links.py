"""Addresses that work without signing in, for a while: files to fetch, agreements to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

_FILE, _AGREEMENT, _SIGN = "document", "agreement", "sign"

#: How long each kind of address works.
LIFETIMES = {
    _FILE: timedelta(minutes=15),
    _AGREEMENT: timedelta(minutes=15),
    _SIGN: timedelta(days=14),
}


@dataclass(frozen=True, slots=True)
class SigningAsked:
    """What a creditor is to sign: what its waiting cases need, and what this partner and place need."""

    creditor: int
    partner: int | None = None
    jurisdiction: str = ""
    return_url: str = ""


def document_url(creditor_id: int, document: UUID) -> str:
    return _url(_FILE, "file", [creditor_id, str(document)])


def agreement_url(creditor_id: int, signature: UUID) -> str:
    return _url(_AGREEMENT, "file", [creditor_id, str(signature)])


def signing_url(asked: SigningAsked) -> str:
    """Where a person signs. The signing itself begins when the address is opened."""
    value = [asked.creditor, asked.partner, asked.jurisdiction, asked.return_url]
    return _url(_SIGN, "sign", value)


def read_document_token(token: str) -> tuple[int, str] | None:
    """The creditor and document that an address names; None when it was never ours or is too old."""
    value = _read(_FILE, token)
    return (value[0], value[1]) if value else None


def read_agreement_token(token: str) -> tuple[int, UUID] | None:
    value = _read(_AGREEMENT, token)
    return (value[0], UUID(value[1])) if value else None


def read_signing_token(token: str) -> SigningAsked | None:
    value = _read(_SIGN, token)
    return SigningAsked(*value) if value else None


def _url(kind: str, view: str, value: list[Any]) -> str:
    token = signing.dumps(value, salt=f"arrears.api.{kind}", compress=True)
    path = reverse(f"customer_{view}", args=[token])
    return f"{settings.ARREARS_URL}{path}"


def _read(kind: str, token: str) -> list[Any] | None:
    try:
        value: list[Any] = signing.loads(token, salt=f"arrears.api.{kind}", max_age=LIFETIMES[kind])
    except signing.BadSignature:
        return None
    return value
