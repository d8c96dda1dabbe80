"""List what was sent, or will be, about a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arrears.core.case import Party
from arrears.desk.actors import Actor, case_for
from arrears.desk.models import Delivery

#: Far more than happens to a case.
MOST_LISTED = 1000


def list_deliveries(
    organisation_id: int, case_id: UUID | str, *, since: datetime | None = None
) -> list[Delivery]:
    """The deliveries to an organisation about a case of its own, newest first. Raises NotThere.

    `since` leaves out what happened before. `case` and `webhook` are loaded with each.
    """
    case = case_for(Actor(Party.CREDITOR, "", organisation=organisation_id), case_id)
    deliveries = Delivery.objects.filter(case=case, webhook__organisation_id=organisation_id)
    if since is not None:
        deliveries = deliveries.filter(created_at__gte=since)
    return list(deliveries.select_related("case", "webhook").order_by("-created_at", "-pk")[:MOST_LISTED])
