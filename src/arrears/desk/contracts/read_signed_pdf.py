"""Read the copy of something that was signed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from arrears.core.case import Party
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor, NotThere
from arrears.desk.models import AgreementKind, Signature


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """A signed copy: its title for people, a name for the file, and the file."""

    title: str
    name: str
    content: bytes


def read_signed_pdf(actor: Actor, signature_id: UUID) -> SignedPdf:
    """The PDF of one signature, for its creditor and for operators. Raises NotThere for everybody else."""
    signatures = Signature.objects.select_related("version", "partner").filter(public_id=signature_id)
    if actor.party is Party.CREDITOR:
        signatures = signatures.filter(creditor_id=actor.organisation)
    elif actor.party is not Party.OPERATOR:
        signatures = signatures.none()
    signature = signatures.first()
    if signature is None:
        raise NotThere("document")
    about = signature.partner.name if signature.partner else jurisdiction_name(signature.jurisdiction)
    kind = AgreementKind(signature.version.kind)
    return SignedPdf(
        f"{kind.label}: {about}" if about else str(kind.label),
        f"{kind.value.replace(' ', '-')}-{signature.signed_at:%Y-%m-%d}.pdf",
        bytes(signature.pdf),
    )
