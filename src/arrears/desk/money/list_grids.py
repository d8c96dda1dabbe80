"""List the desk's price lists."""

from __future__ import annotations

from django.db.models import QuerySet

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.models import PriceGrid
from arrears.desk.price_lists import stored_lists
from arrears.desk.roles import only


def list_grids(actor: Actor) -> QuerySet[PriceGrid]:
    """Every price list that was saved, with its brackets: by scope, the latest of each first.

    The published standard price lists that come with this version are not among them: see core's GRIDS.
    """
    only(actor, Party.OPERATOR)
    return stored_lists()
