"""List who was given a debtor's personal data."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, case_for
from arrears.desk.models import Disclosure


def list_disclosures(actor: Actor, case_id: UUID | str) -> QuerySet[Disclosure]:
    """The disclosures of a case, oldest first, for its creditor and for operators. Raises NotThere."""
    if actor.party is Party.PARTNER:
        raise NotThere
    return Disclosure.objects.filter(case=case_for(actor, case_id)).order_by("at", "pk")
