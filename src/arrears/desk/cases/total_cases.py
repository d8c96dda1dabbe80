"""Add up cases."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from arrears.core.money import Money
from arrears.desk.actors import Actor
from arrears.desk.case_search import CaseSearch, found


@dataclass(frozen=True, slots=True)
class CaseSum:
    """The cases in one currency: how many, what was handed over and what is left to recover."""

    count: int
    principal: Money
    outstanding: Money


def total_cases(actor: Actor, search: CaseSearch) -> list[CaseSum]:
    """One sum for each currency among the cases that fit, the one with most cases first."""
    rows = (
        found(actor, search)
        .values("currency")
        .annotate(count=Count("pk"), handed_over=Sum("principal"), left=Sum("outstanding"))
        .order_by("-count", "currency")
    )
    return [
        CaseSum(
            row["count"],
            Money(row["handed_over"], row["currency"]).rounded(),
            Money(row["left"], row["currency"]).rounded(),
        )
        for row in rows
    ]
