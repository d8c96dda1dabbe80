"""Reading the audit trail of one organisation, newest first, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, models, transaction

from arrears.accounts.models import AuditEntry

#: A search that takes longer is given up: one person's question must not slow the others down.
_MOST_SECONDS = 10

#: In a file, the newest so many lines.
MOST_EXPORTED = 200_000


class TookTooLong(Exception):
    """The search was given up."""


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What lines to find: all that is given must hold. `until` is the first instant after the last day."""

    words: str = ""
    who: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read_audit(organisation_id: int, search: AuditSearch, *, before: int = 0, most: int) -> list[AuditEntry]:
    """The newest `most` lines, or those older than the line with the id `before`. Raises TookTooLong."""
    rows = _found(organisation_id, search)
    if before:
        rows = rows.filter(pk__lt=before)
    with _time_boxed():
        return list(rows[:most])


def audit_file(organisation_id: int, search: AuditSearch) -> Iterator[AuditEntry]:
    """The newest MOST_EXPORTED lines, read as they are asked for."""
    yield from _found(organisation_id, search)[:MOST_EXPORTED].iterator(chunk_size=2000)


def audit_of(organisation_id: int, subject: str, most: int) -> list[AuditEntry]:
    """The newest lines about one thing, such as `case Q8OAXF3W`."""
    mine = AuditEntry.objects.filter(organisation_id=organisation_id, subject=subject)
    return list(mine.order_by("-pk")[:most])


def _found(organisation_id: int, search: AuditSearch) -> models.QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(organisation_id=organisation_id).order_by("-pk")
    if search.action:
        rows = rows.filter(action=search.action)
    if search.who:
        rows = rows.filter(who__icontains=search.who)
    if search.since:
        rows = rows.filter(at__gte=search.since)
    if search.until:
        rows = rows.filter(at__lt=search.until)
    for word in search.words.split():
        rows = rows.filter(
            models.Q(text__icontains=word)
            | models.Q(subject__icontains=word)
            | models.Q(who__icontains=word)
            | models.Q(address__icontains=word)
        )
    return rows


@contextmanager
def _time_boxed() -> Iterator[None]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:  # for this transaction alone
                cursor.execute("select set_config('statement_timeout', %s, true)", [f"{_MOST_SECONDS}s"])
            yield
    except OperationalError as error:
        if "statement timeout" in str(error):
            raise TookTooLong from error
        raise
