"""What a creditor has signed, and what it still has to sign before its cases can go on."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from arrears.accounts.models import Organisation
from arrears.clock import london_date
from arrears.desk.models import AgreementKind, AgreementVersion, PriceGrid, Signature, SigningRequest
from arrears.desk.stamps import Kept, KeptEach, Stamps, stamps_of

#: How long a signing link can be used.
LINK_DAYS = 14

_TOKEN_BYTES = 32
_LONGEST_URL = 2048


class InvalidationReason(StrEnum):
    """Why a signature is no longer enough. The values are the labels of the published contract."""

    NONE = "None"
    NEW_VERSION = "NewVersion"
    ADMIN_INVALIDATED = "AdminInvalidated"
    OTHER = "Other"
    CREDITOR_NAME_CHANGED = "CreditorNameChanged"


@dataclass(frozen=True, slots=True)
class Needed:
    """One agreement that has to be signed, or signed again for `reason` (NONE: it never was).

    `partner` is a partner's pk, for a power of attorney; `jurisdiction` a code such as `US-CA`, for a pricing
    appendix. Everything needed is `blocking`: a case does not go on without it.
    """

    kind: AgreementKind
    partner: int | None = None
    jurisdiction: str = ""
    reason: InvalidationReason = InvalidationReason.NONE
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """How one agreement stands. `signed` says that there is a signature; it counts only while `valid`."""

    signed: bool = False
    reason: InvalidationReason = InvalidationReason.NONE
    signature: UUID | None = None
    signed_at: datetime | None = None

    @property
    def requires_resigning(self) -> bool:
        return self.reason is not InvalidationReason.NONE

    @property
    def valid(self) -> bool:
        return self.signed and not self.requires_resigning


class _Signed(NamedTuple):
    """A signature without its text and its PDF."""

    kind: str
    partner_id: int | None
    jurisdiction: str
    public_id: UUID
    version_id: int
    creditor_name: str
    signed_at: datetime
    invalidated_at: datetime | None
    invalidated_because: str


#: An agreement as one creditor signs it: its kind, and the partner's pk or the jurisdiction that it is for.
_Key = tuple[AgreementKind, int | None, str]


class Signatures:
    """Everything one creditor has signed, as it counts on a day. Read once, asked as often as needed.

    `stamps` are the creditor's where they were just read; without them this is one query.
    """

    def __init__(self, creditor_id: int, today: date, stamps: Stamps | None = None) -> None:
        stamps = stamps or stamps_of(creditor_id)
        self._kinds, self._stale = _versions(_texts.under(stamps.network), today)
        self._name, self._latest = _signed.under(creditor_id, stamps)
        self._priced_since = _priced_since(_priced.under(stamps.network), today)

    def status(self, kind: AgreementKind, partner_id: int | None = None, jurisdiction: str = "") -> Status:
        """How one agreement stands. A power of attorney has a partner, a pricing appendix a jurisdiction."""
        signature = self._latest.get((kind, partner_id, jurisdiction))
        if signature is None:
            return Status()
        return Status(True, self._reason(signature), signature.public_id, signature.signed_at)

    def signed(self) -> tuple[tuple[AgreementKind, int | None, str], ...]:
        """Kind, partner and jurisdiction of every agreement that was ever signed."""
        return tuple(self._latest)

    def missing(self, partner_id: int | None, jurisdiction: str) -> tuple[Needed, ...]:
        """What is missing for a case with a partner, or without one yet, in a jurisdiction."""
        wanted: list[tuple[AgreementKind, int | None, str]] = [(AgreementKind.STANDARD, None, "")]
        if partner_id is not None:
            wanted.append((AgreementKind.POWER_OF_ATTORNEY, partner_id, ""))
        if jurisdiction in self._priced_since:
            wanted.append((AgreementKind.PRICING_APPENDIX, None, jurisdiction))
        found = [(key, self.status(*key)) for key in wanted if key[0] in self._kinds]
        return tuple(Needed(*key, status.reason) for key, status in found if not status.valid)

    def _reason(self, signature: _Signed) -> InvalidationReason:
        if signature.invalidated_at is not None:
            return InvalidationReason(signature.invalidated_because)
        if signature.version_id in self._stale or self._repriced(signature):
            return InvalidationReason.NEW_VERSION
        if signature.creditor_name != self._name:
            return InvalidationReason.CREDITOR_NAME_CHANGED
        return InvalidationReason.NONE

    def _repriced(self, signature: _Signed) -> bool:
        """Whether the jurisdiction has had another price list since its appendix was signed."""
        since = self._priced_since.get(signature.jurisdiction)
        return since is not None and since > london_date(signature.signed_at)


def missing(
    creditor_id: int,
    partner_id: int | None,
    jurisdiction: str,
    today: date,
    stamps: Stamps | None = None,
) -> tuple[Needed, ...]:
    """What a creditor still has to sign for one case. `partner_id` is a pk; None while none is chosen."""
    return Signatures(creditor_id, today, stamps).missing(partner_id, jurisdiction)


def signing_link(
    creditor_id: int,
    return_url: str = "",
    *,
    now: datetime,
    partner_id: int | None = None,
    jurisdiction: str = "",
) -> str:
    """Make a secret address where a creditor signs everything that is missing. It works for 14 days.

    That is what its waiting cases need and, where given, what a partner and a jurisdiction need. An address
    to return to that no browser could follow is dropped.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    SigningRequest.objects.create(
        creditor_id=creditor_id,
        token_hash=token_hash(token),
        partner_id=partner_id,
        jurisdiction=jurisdiction,
        return_url=_followable(return_url),
        created_at=now,
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    return f"{settings.ARREARS_URL}{reverse('sign', args=[token])}"


def token_hash(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _followable(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.hostname and url.isprintable() and " " not in url
    return url if sound and len(url) <= _LONGEST_URL else ""


class _Text(NamedTuple):
    """A version of an agreement without what it says."""

    pk: int
    kind: str
    since: date
    must_be_signed_again: bool


def _read_texts() -> list[_Text]:
    """Every version, the latest first."""
    rows = AgreementVersion.objects.order_by("-since", "-pk")
    return [_Text(*row) for row in rows.values_list("pk", "kind", "since", "must_be_signed_again")]


def _versions(texts: list[_Text], today: date) -> tuple[set[str], set[int]]:
    """The kinds with a text in force, and the versions since which one came that has to be signed again."""
    kinds, superseded, stale = set[str](), set[str](), set[int]()
    for text in texts:
        if text.since > today:
            continue
        kinds.add(text.kind)
        if text.kind in superseded:
            stale.add(text.pk)
        if text.must_be_signed_again:
            superseded.add(text.kind)
    return kinds, stale


def _read_signed(creditor_id: int) -> tuple[str, Mapping[_Key, _Signed]]:
    """The creditor's name as it is now, and its last signature of each agreement."""
    name = Organisation.objects.values_list("name", flat=True).get(pk=creditor_id)
    columns = ("version__kind", *_Signed._fields[1:])
    rows = Signature.objects.filter(creditor_id=creditor_id).order_by("signed_at", "pk").values_list(*columns)
    signed = [_Signed(*row) for row in rows]
    return name, {(AgreementKind(one.kind), one.partner_id, one.jurisdiction): one for one in signed}


def _read_priced() -> list[tuple[str, date]]:
    """Each jurisdiction with the first day of each price list of its own."""
    own = PriceGrid.objects.filter(creditor=None, partner=None).exclude(jurisdiction="")
    return list(own.values_list("jurisdiction", "since").order_by("since"))


def _priced_since(priced: list[tuple[str, date]], today: date) -> dict[str, date]:
    """The jurisdictions with a price list of their own, and since when the one in force is."""
    return {jurisdiction: since for jurisdiction, since in priced if since <= today}


_texts = Kept(_read_texts)
_priced = Kept(_read_priced)
_signed = KeptEach(_read_signed)
