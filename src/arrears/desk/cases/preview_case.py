"""Say what would happen to a claim, without opening anything."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arrears.accounts.models import Organisation
from arrears.core.handover import Handover
from arrears.desk.assess import Assessment, assess
from arrears.desk.stamps import Stamps


def preview_case(
    creditor: Organisation,
    handover: Handover,
    *,
    explicit_partner: UUID | None = None,
    today: date,
    stamps: Stamps | None = None,
) -> Assessment:
    """The problems, the partner, the price and the contracts that opening a case today would meet.

    `stamps` are the creditor's where they were just read.
    """
    return assess(creditor, handover, explicit_partner=explicit_partner, today=today, stamps=stamps)
