"""List what creditors have signed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.models import Signature
from arrears.desk.roles import only


def list_signatures(actor: Actor, creditor: UUID | None = None) -> QuerySet[Signature]:
    """Signatures of all creditors or of one, by public id, the latest first; without the copies."""
    only(actor, Party.OPERATOR)
    signatures = Signature.objects.select_related("creditor", "version", "partner").defer(
        "pdf", "text", "drawn"
    )
    if creditor is not None:
        signatures = signatures.filter(creditor__public_id=creditor)
    return signatures.order_by("-signed_at", "-pk")
