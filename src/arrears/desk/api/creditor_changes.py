"""Beyond the contract: every case that has changed since one last asked.

A change is told once its transaction, and every one that began before it, has ended. Transactions end in
another order than they begin: with a clock or a counter that is read while they run, a late one could slip
behind a cursor that has passed it. The database numbers transactions as they first write, and knows below
which number none runs any more; a trigger keeps the number of the last one that wrote a case. So a change may
be told a little later, but is never missed. A case that changed several times in between is told once, as it
is now.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from django.core import signing
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router

from arrears.desk.actors import cases_of
from arrears.desk.api.answers import READING
from arrears.desk.api.auth import caller
from arrears.desk.api.creditor_wire import Changes
from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.paging import Page
from arrears.desk.api.show_cases import show_cases, shown_with

router = Router(tags=["Changes"], by_alias=True)

_HORIZON = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, system_identifier::text FROM pg_control_system()
"""


class _Position(NamedTuple):
    """Everything up to this case of this transaction has been told, in this database.

    A database restored from a backup counts transactions anew, so there everything is told once more.
    """

    database: str = ""
    transaction: int = 0
    case: int = 0


@router.get(
    "/changes",
    response={200: Changes, **READING},
    operation_id="listChanges",
    summary="The cases that have changed since a cursor",
)
def changes(
    request: HttpRequest,
    cursor: Annotated[str, Query(alias="Cursor")] = "",
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> Changes:
    """Without a cursor all cases are told, the one that changed longest ago first."""
    who = caller(request)
    size = Page.of(None, page_size, default_size=100).size
    since = _read(cursor, who.creditor.pk)
    with connection.cursor() as database:
        database.execute(_HORIZON)
        horizon, here = database.fetchone()
    if since.database != here:
        since = _Position(here)
    later = Q(change__gt=since.transaction) | Q(change=since.transaction, pk__gt=since.case)
    cases = shown_with(cases_of(who.actor)).filter(later, change__lt=horizon).order_by("change", "pk")
    found = list(cases[: size + 1])
    told = found[:size]
    reached = _Position(here, told[-1].change, told[-1].pk) if told else since
    return Changes(cursor=_text(reached, who.creditor.pk), has_more=len(found) > size, cases=show_cases(told))


def _text(position: _Position, creditor_id: int) -> str:
    return signing.dumps(list(position), salt=_salt(creditor_id))


def _read(cursor: str, creditor_id: int) -> _Position:
    if not cursor:
        return _Position()
    try:
        return _Position(*signing.loads(cursor, salt=_salt(creditor_id)))
    except signing.BadSignature:
        raise FieldErrors(
            {"cursor": ["This is not a cursor that was given to you. Begin without one."]}
        ) from None


def _salt(creditor_id: int) -> str:
    return f"arrears.api.changes.{creditor_id}"
