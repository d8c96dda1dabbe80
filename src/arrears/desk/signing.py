"""One invitation to sign: finding it by its secret link, what it asks to be signed, and who may sign."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.crypto import salted_hmac

from arrears.core.case import Lifecycle
from arrears.core.country import jurisdiction
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import NotThere
from arrears.desk.agreement_text import fill_in, hash_of, in_force
from arrears.desk.models import AgreementKind, AgreementVersion, Case, Partner, SigningRequest
from arrears.desk.signatures import InvalidationReason, Needed, Signatures, token_hash

#: Anything longer was never a token of ours.
_LONGEST_TOKEN = 100

#: How long a code works.
CODE_MINUTES = 10

_ORDER = tuple(AgreementKind)


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement to be signed, filled in for the creditor. `about` is a partner or a place, or empty."""

    kind: AgreementKind
    about: str
    text: str
    text_hash: str
    version: AgreementVersion
    partner: Partner | None
    jurisdiction: str
    reason: InvalidationReason

    @property
    def title(self) -> str:
        return f"{self.kind.label}: {self.about}" if self.about else str(self.kind.label)


def request_of(token: str, *, now: datetime, lock: bool = False, signed_too: bool = False) -> SigningRequest:
    """The invitation behind a link. Unknown, expired and used links all raise the same NotThere."""
    requests = SigningRequest.objects.select_related("creditor", "partner")
    if lock:
        requests = requests.select_for_update(of=("self",))
    known = len(token) <= _LONGEST_TOKEN
    request = requests.filter(token_hash=token_hash(token)).first() if known else None
    if request is None or request.expires_at <= now or (request.signed_at and not signed_too):
        raise NotThere("signing link")
    return request


def papers_of(request: SigningRequest, today: date) -> tuple[Paper, ...]:
    """What the creditor has to sign: for the cases that wait for it, and for what the link was asked for."""
    signatures = Signatures(request.creditor_id, today)
    needed: dict[tuple[AgreementKind, int | None, str], Needed] = {}
    for partner_id, place in _asked_for(request):
        for need in signatures.missing(partner_id, place):
            needed[need.kind, need.partner, need.jurisdiction] = need
    partners = Partner.objects.in_bulk([need.partner for need in needed.values() if need.partner is not None])
    papers = [_paper(request, need, partners, today) for need in needed.values()]
    return tuple(sorted(papers, key=lambda paper: (_ORDER.index(paper.kind), paper.about.casefold())))


def digest_of(papers: Sequence[Paper]) -> str:
    """What tells whether two readings of a link showed the same texts."""
    return hashlib.sha256("".join(paper.text_hash for paper in papers).encode()).hexdigest()


def addresses_of(request: SigningRequest) -> dict[str, str]:
    """The e-mail addresses that may prove who signs, by a name that does not give them away.

    They are the members' own, and the organisation's.
    """
    members = request.creditor.members.filter(is_active=True).order_by("pk").values_list("email", flat=True)
    found = {email.casefold(): email for email in (*members, request.creditor.email) if email}
    return {
        salted_hmac("signing address", f"{request.pk} {plain}").hexdigest()[:16]: email
        for plain, email in found.items()
    }


def masked(email: str) -> str:
    """An address as its owner recognises it and nobody else learns it: `o•••@example.com`."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def code_hash(request: SigningRequest, code: str) -> str:
    """What is kept of a code. Keyed, because there are only a million codes to try."""
    return salted_hmac("signing code", f"{request.pk} {code}", algorithm="sha256").hexdigest()


def _asked_for(request: SigningRequest) -> Iterator[tuple[int | None, str]]:
    """Pairs of partner and jurisdiction; the first asks for the standard agreement at least."""
    yield request.partner_id, request.jurisdiction
    waiting = Case.objects.filter(creditor_id=request.creditor_id, lifecycle=Lifecycle.PENDING_SIGNING)
    places = waiting.values_list("partner_id", "debtor_country", "debtor_state").order_by().distinct()
    for partner_id, country, state in places:
        yield partner_id, jurisdiction(country, state)


def _paper(request: SigningRequest, need: Needed, partners: dict[int, Partner], today: date) -> Paper:
    version = in_force(need.kind, today)
    if version is None:
        raise RuntimeError("An agreement without a text in force is not needed.")
    partner = partners[need.partner] if need.partner is not None else None
    text = fill_in(version, request.creditor, partner, need.jurisdiction, today)
    about = partner.name if partner else jurisdiction_name(need.jurisdiction) if need.jurisdiction else ""
    return Paper(need.kind, about, text, hash_of(text), version, partner, need.jurisdiction, need.reason)
