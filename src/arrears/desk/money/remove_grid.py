"""Remove a price list that has priced nothing."""

from __future__ import annotations

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere
from arrears.desk.models import PriceGrid
from arrears.desk.price_lists import refuse_if_used
from arrears.desk.roles import only


def remove_grid(actor: Actor, grid: int) -> None:
    """Remove a price list by its id. Raises Refused where a case was opened at its price."""
    only(actor, Party.OPERATOR)
    with transaction.atomic():
        row = PriceGrid.objects.select_for_update(of=("self",)).filter(pk=grid).first()
        if row is None:
            raise NotThere("price list")
        refuse_if_used(row)
        row.delete()
