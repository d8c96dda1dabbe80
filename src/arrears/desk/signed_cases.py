"""Letting cases go on that waited for a signature and wait no longer."""

from __future__ import annotations

from datetime import date, datetime

import structlog
from django.db import transaction

from arrears.core.case import Event, Lifecycle
from arrears.core.country import jurisdiction
from arrears.desk.actors import DESK
from arrears.desk.checking import check
from arrears.desk.models import Case
from arrears.desk.moves import move
from arrears.desk.signatures import Signatures

_log = structlog.get_logger()

#: The most cases moved in one transaction, which somebody may be waiting for.
BATCH = 100


def let_signed_cases_go_on(creditor_id: int, *, now: datetime, today: date, at_most: int = BATCH) -> int:
    """Move on the cases of a creditor for which nothing is missing any more. Returns how many.

    One transaction. What is over `at_most`, or held by somebody else, is left to the next sweep. So is a case
    that fails: it is logged, stays as it was, and stops no other one.
    """
    moved = 0
    with transaction.atomic():
        for pk in _ready(creditor_id, today):
            if moved == at_most:
                break
            try:
                with transaction.atomic():
                    moved += _go_on(pk, now, today)
            except Exception:  # noqa: BLE001 - logged; see above
                _log.exception("desk.signed_case_failed", case=pk)
    return moved


def _go_on(pk: int, now: datetime, today: date) -> bool:
    """Whether the case was there to be moved on, and nobody else was at it."""
    waiting = Case.objects.filter(pk=pk, lifecycle=Lifecycle.PENDING_SIGNING)
    rows = waiting.select_related("partner", "creditor")
    case = rows.select_for_update(of=("self",), skip_locked=True).first()
    if case is None:
        return False
    move(case, Event.SIGNED, DESK, "Everything that this case needs is signed.", now=now)
    check(case, now=now, today=today)
    return True


def _ready(creditor_id: int, today: date) -> list[int]:
    """The waiting cases that everything is signed for."""
    waiting = Case.objects.filter(creditor_id=creditor_id, lifecycle=Lifecycle.PENDING_SIGNING)
    rows = list(waiting.order_by("pk").values_list("pk", "partner_id", "debtor_country", "debtor_state"))
    if not rows:
        return []
    signatures = Signatures(creditor_id, today)
    return [
        pk
        for pk, partner_id, country, state in rows
        if not signatures.missing(partner_id, jurisdiction(country, state))
    ]
