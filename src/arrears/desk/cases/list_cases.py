"""List the cases that somebody may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from arrears.desk.actors import Actor, cases_of
from arrears.desk.models import Case

_PAGE = 500


def list_cases(actor: Actor) -> Iterator[Case]:
    """All cases an actor may see, newest first, read page by page while they are consumed.

    Without their timelines, which are longer than everything else about them.
    """
    mine = cases_of(actor).select_related("partner")
    newest_first = mine.order_by("-opened_at", "-pk")
    page = list(newest_first[:_PAGE])
    while page:
        yield from page
        last = page[-1]
        older = Q(opened_at__lt=last.opened_at) | Q(opened_at=last.opened_at, pk__lt=last.pk)
        # The first condition follows from the second, and lets the index begin at this very case.
        page = list(newest_first.filter(Q(opened_at__lte=last.opened_at), older)[:_PAGE])
