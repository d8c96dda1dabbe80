"""Erase what has been kept long enough."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from arrears.core.case import Lifecycle
from arrears.core.complaint import SETTLED
from arrears.core.retention import closed_before, is_due
from arrears.desk.actors import DESK
from arrears.desk.erasure import erase, retention_facts
from arrears.desk.models import Case, Complaint, DeskSettings, Payment
from arrears.desk.unsettled import UNSETTLED

_BATCH = 20


def sweep_retention(*, now: datetime, today: date) -> int:
    """Erase the debtors of cases closed for longer than the desk keeps them. Says how many.

    One batch, every case in its own transaction; the next sweep goes on. A case that somebody holds is left
    for it.
    """
    years = DeskSettings.current().retention_years
    due = _due(years, today)
    done = 0
    for pk in list(due.order_by("finished_at").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            case = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if case is not None and is_due(retention_facts(case), years, today):
                erase(case, DESK, now=now)
                done += 1
    return done


def _due(years: int, today: date) -> QuerySet[Case]:
    settled = [state.value for state in SETTLED]
    complaints = Complaint.objects.filter(case=OuterRef("pk")).exclude(state__in=settled)
    unsettled = Payment.objects.filter(UNSETTLED, case=OuterRef("pk"))
    return Case.objects.filter(
        ~Exists(complaints),
        ~Exists(unsettled),
        lifecycle=Lifecycle.CLOSED.value,
        debtor_erased_at=None,
        finished_at__date__lt=closed_before(years, today),
    )
