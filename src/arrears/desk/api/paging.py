"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.wire_values import Shape

LARGEST_PAGE = 100
_LAST_PAGE = 1_000_000


class PageData(Shape):
    """Where in a list one is. `response_count` is how many this page holds."""

    total_results: int
    page_size: int
    current_page: int
    response_count: int
    total_pages: int


class Page(NamedTuple):
    number: int
    size: int

    @classmethod
    def of(cls, number: int | None, size: int | None, default_size: int = 10) -> Page:
        """The page asked for. Raises FieldErrors."""
        page = cls(1 if number is None else number, default_size if size is None else size)
        errors = {}
        if not 1 <= page.number <= _LAST_PAGE:
            errors["page"] = [f"Page must be from 1 to {_LAST_PAGE:,}."]
        if not 1 <= page.size <= LARGEST_PAGE:
            errors["pageSize"] = [f"PageSize must be from 1 to {LARGEST_PAGE}."]
        if errors:
            raise FieldErrors(errors)
        return page

    def cut(self, rows: QuerySet[Any]) -> tuple[list[Any], PageData]:
        """The rows of this page, and where they stand. Two queries, one where the first page is not full.

        Later pages take one more: which rows they hold is found by their keys alone, so that the rows passed
        over are not read, which makes a page near the end of a long list many times quicker.
        """
        start = (self.number - 1) * self.size
        wanted = rows[start : start + self.size]
        if start:
            keys = list(wanted.values_list("pk", flat=True))
            by_key = {row.pk: row for row in rows.filter(pk__in=keys).order_by()}
            found = [by_key[key] for key in keys if key in by_key]
        else:
            found = list(wanted)
        is_last = len(found) < self.size and (found or start == 0)
        total = start + len(found) if is_last else rows.order_by().count()
        return found, self.data(found, total)

    def data(self, found: Sequence[Any], total: int) -> PageData:
        return PageData(
            total_results=total,
            page_size=self.size,
            current_page=self.number,
            response_count=len(found),
            total_pages=-(-total // self.size),
        )
