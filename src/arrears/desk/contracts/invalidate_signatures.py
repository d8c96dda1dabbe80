"""Declare signatures void, so that their agreements have to be signed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Signature
from arrears.desk.signatures import InvalidationReason

_BY_HAND = (InvalidationReason.ADMIN_INVALIDATED, InvalidationReason.OTHER)


def invalidate_signatures(
    actor: Actor,
    signature_ids: Sequence[UUID],
    *,
    reason: InvalidationReason = InvalidationReason.ADMIN_INVALIDATED,
    now: datetime,
) -> int:
    """Make signatures count no longer; all of them, or none. Returns how many counted until now.

    Only an operator may, for ADMIN_INVALIDATED or OTHER: the other reasons come about by themselves. The
    signed copies stay. Raises NotThere, Refused.
    """
    if actor.party is not Party.OPERATOR:
        raise NotThere("signature")
    if reason not in _BY_HAND:
        raise Refused(f"“{reason}” is not a reason that can be given by hand.", code="reason")
    wanted = set(signature_ids)
    with transaction.atomic():
        found = Signature.objects.filter(public_id__in=wanted)
        if found.count() != len(wanted):
            raise NotThere("signature")
        return found.filter(invalidated_at=None).update(invalidated_at=now, invalidated_because=reason.value)
