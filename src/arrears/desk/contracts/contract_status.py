"""Tell how a creditor's agreements stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from arrears.core.case import Lifecycle, Party
from arrears.core.country import jurisdiction
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor, NotThere
from arrears.desk.models import AgreementKind, Case, Partner, Signature
from arrears.desk.signatures import Signatures, Status


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement of a creditor. `about` is a partner or a place, or empty.

    `wanted` says that it has to be signed now, for the creditor at all or for a case that waits. `partner` is
    the partner's public id. The signature's facts are empty while there is none.
    """

    kind: AgreementKind
    about: str
    status: Status
    wanted: bool
    partner: UUID | None = None
    jurisdiction: str = ""
    version: str = ""
    signer: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContractStatus:
    """All agreements that a creditor has signed or has to sign, and how many cases wait for a signature."""

    lines: tuple[AgreementLine, ...]
    waiting_cases: int

    @property
    def something_to_sign(self) -> bool:
        return any(line.wanted for line in self.lines)


def contract_status(actor: Actor, creditor_id: int, *, today: date) -> ContractStatus:
    """How the agreements of a creditor stand, for itself and for operators. Raises NotThere for others."""
    own = actor.party is Party.CREDITOR and actor.organisation == creditor_id
    if not own and actor.party is not Party.OPERATOR:
        raise NotThere("organisation")
    signatures = Signatures(creditor_id, today)
    waiting = Case.objects.filter(creditor_id=creditor_id, lifecycle=Lifecycle.PENDING_SIGNING)
    wanted = {(need.kind, need.partner, need.jurisdiction) for need in signatures.missing(None, "")}
    places = waiting.values_list("partner_id", "debtor_country", "debtor_state").order_by().distinct()
    for waiting_for, country, state in places:
        for need in signatures.missing(waiting_for, jurisdiction(country, state)):
            wanted.add((need.kind, need.partner, need.jurisdiction))
    keys = wanted | set(signatures.signed())
    facts = _facts(creditor_id)
    partners = Partner.objects.in_bulk([key[1] for key in keys if key[1] is not None])
    lines = []
    for kind, partner_id, place in keys:
        status = signatures.status(kind, partner_id, place)
        partner = partners[partner_id] if partner_id is not None else None
        lines.append(
            AgreementLine(
                kind,
                partner.name if partner else jurisdiction_name(place) if place else "",
                status,
                (kind, partner_id, place) in wanted,
                partner.public_id if partner else None,
                place,
                *facts.get(status.signature, ("", "", None)),
            )
        )
    order = tuple(AgreementKind)
    lines.sort(key=lambda line: (order.index(line.kind), line.about.casefold()))
    return ContractStatus(tuple(lines), waiting.count())


def _facts(creditor_id: int) -> dict[UUID | None, tuple[str, str, datetime | None]]:
    """Version, signer and moment of each signature, by its public id."""
    rows = Signature.objects.filter(creditor_id=creditor_id)
    columns = rows.values_list("public_id", "version__version", "signer_name", "signed_at")
    return {public_id: (version, signer, at) for public_id, version, signer, at in columns}
