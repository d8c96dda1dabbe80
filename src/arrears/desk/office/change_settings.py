"""Change how the desk works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from arrears.core.case import Party
from arrears.core.payment import Bucket
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import DeskSettings
from arrears.desk.roles import only

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Limit:
    """What one number of the settings is called, and the least and the most it may be."""

    label: str
    least: int
    most: int


#: The numbers that can be set, by the name of the column.
LIMITS = {
    "check_minutes": Limit("Minutes to complete a case", 0, 10_080),
    "info_business_days": Limit("Working days to answer a request for information", 1, 90),
    "quote_business_hours": Limit("Working hours to offer a quote", 1, 1_000),
    "max_quotes": Limit("Quotes at most", 1, 50),
    "decide_days": Limit("Days to choose a quote", 1, 90),
    "settle_business_days": Limit("Working days to pass money on", 1, 120),
    "retention_years": Limit("Years to keep a closed case's personal data", 1, 30),
}


def change_settings(
    actor: Actor, *, desk_name: str, allocation: Sequence[str], **numbers: int
) -> DeskSettings:
    """Set everything at once; `numbers` has a value for each of LIMITS.

    `allocation` names every Bucket once, in the order in which a payment fills them. What is under way keeps
    the deadlines it has. Raises Refused, and then nothing has changed.
    """
    only(actor, Party.OPERATOR)
    name = " ".join(free_text(desk_name, "the desk's name", longest=_LONGEST_NAME).split())
    _check_allocation(allocation)
    for column, limit in LIMITS.items():
        if not limit.least <= numbers[column] <= limit.most:
            raise Refused(
                f"{limit.label}: enter a number from {limit.least:,} to {limit.most:,}.", code=column
            )
    with transaction.atomic():
        settings = DeskSettings.objects.select_for_update().get(pk=DeskSettings.current().pk)
        settings.desk_name, settings.allocation = name, list(allocation)
        for column in LIMITS:
            setattr(settings, column, numbers[column])
        settings.save()
    return settings


def _check_allocation(allocation: Sequence[str]) -> None:
    buckets = {bucket.value for bucket in Bucket}
    if len(allocation) != len(buckets) or set(allocation) != buckets:
        raise Refused(
            "The order of payment must name each part of a debt once.",
            code="allocation",
            action="Choose a different part for each place.",
        )
