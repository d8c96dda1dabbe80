"""What the operator of a desk can set."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.core.payment import DEFAULT_ALLOCATION


def default_allocation() -> list[str]:
    return [bucket.value for bucket in DEFAULT_ALLOCATION]


class DeskSettings(models.Model):
    """One row. `allocation` lists core's Buckets in the order in which a payment fills them."""

    desk_name = models.CharField(max_length=200, default="Arrears desk")
    allocation = ArrayField(models.CharField(max_length=20), default=default_allocation)
    check_minutes = models.PositiveIntegerField(default=60)
    info_business_days = models.PositiveIntegerField(default=10)
    quote_business_hours = models.PositiveIntegerField(default=120)
    max_quotes = models.PositiveSmallIntegerField(default=5)
    decide_days = models.PositiveIntegerField(default=14)
    settle_business_days = models.PositiveIntegerField(default=30)
    retention_years = models.PositiveIntegerField(default=6)

    def __str__(self) -> str:
        return "desk settings"

    @classmethod
    def current(cls) -> DeskSettings:
        return cls.objects.get_or_create(pk=1)[0]
