"""List the cases of a creditor."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from arrears.desk.models import Case

_PAGE = 200


def list_cases(creditor_id: int) -> Iterator[Case]:
    """All cases of a creditor, newest first, read page by page while they are consumed."""
    mine = Case.objects.filter(creditor_id=creditor_id).select_related("partner").prefetch_related("events")
    newest_first = mine.order_by("-opened_at", "-pk")
    page = list(newest_first[:_PAGE])
    while page:
        yield from page
        last = page[-1]
        older = Q(opened_at__lt=last.opened_at) | Q(opened_at=last.opened_at, pk__lt=last.pk)
        page = list(newest_first.filter(older)[:_PAGE])
