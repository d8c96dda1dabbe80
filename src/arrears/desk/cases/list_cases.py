"""List the cases that somebody may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.db.models import Q

from arrears.desk.actors import Actor, cases_of
from arrears.desk.models import Case

_PAGE = 500


def list_cases(actor: Actor, *, by: Literal["opened_at", "updated_at"] = "opened_at") -> Iterator[Case]:
    """All cases an actor may see, the last opened or changed first, read page by page while consumed.

    A case that changes meanwhile comes at the front of the next list, and perhaps not in this one.
    """
    latest_first = cases_of(actor).select_related("partner").order_by(f"-{by}", "-pk")
    page = list(latest_first[:_PAGE])
    while page:
        yield from page
        last = page[-1]
        at = getattr(last, by)
        earlier = Q(**{f"{by}__lt": at}) | Q(**{by: at}, pk__lt=last.pk)
        # The first condition follows from the second, and lets the index begin at this very case.
        page = list(latest_first.filter(Q(**{f"{by}__lte": at}), earlier)[:_PAGE])
