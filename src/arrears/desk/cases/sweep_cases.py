"""Do what has become due by itself: ask for what is missing, and close what nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.working_time import business_days_after
from arrears.desk.actors import DESK
from arrears.desk.checking import check
from arrears.desk.endings import end_case
from arrears.desk.models import Case

_log = structlog.get_logger()

_BATCH = 100
#: How many business days after the last day a case is kept open for a late answer.
_LATE_DAYS = 2
#: How many days a case waits for its agreements to be signed.
SIGNING_DAYS = 90


def sweep_cases(*, now: datetime, today: date) -> None:
    """One batch of each kind, each case in its own transaction. Cases that somebody else holds wait.

    A case on which a partner is already at work is not closed here: the partner knows whether it can go on.
    One that fails is logged, and stops no other one.
    """
    due = Case.objects.filter(lifecycle=Lifecycle.PENDING_CHECK.value, check_after__lte=now)
    _each(due, "check_after", lambda case: check(case, now=now, today=today))
    silent = Case.objects.filter(lifecycle=Lifecycle.MORE_INFO.value, info_due__lt=today, accepted_at=None)
    _each(silent, "info_due", lambda case: _close_if_too_late(case, now, today))
    opened_by = now - timedelta(days=SIGNING_DAYS)
    unsigned = Case.objects.filter(lifecycle=Lifecycle.PENDING_SIGNING.value, opened_at__lte=opened_by)
    _each(unsigned, "opened_at", lambda case: _close_unsigned(case, now))


def _each(cases: QuerySet[Case], oldest_by: str, act: Callable[[Case], None]) -> None:
    for pk in list(cases.order_by(oldest_by).values_list("pk", flat=True)[:_BATCH]):
        try:
            with transaction.atomic():
                case = _held(cases, pk)
                if case is not None:
                    act(case)
        except Exception:  # noqa: BLE001 - logged; see above
            _log.exception("desk.swept_case_failed", case=pk)


def _held(cases: QuerySet[Case], pk: int) -> Case | None:
    """The case with its row held, if it is still due and nobody else is at it."""
    rows = cases.filter(pk=pk).select_related("partner", "creditor")
    return rows.select_for_update(of=("self",), skip_locked=True).first()


def _close_if_too_late(case: Case, now: datetime, today: date) -> None:
    if case.info_due is not None and today > business_days_after(case.info_due, _LATE_DAYS):
        end_case(case, CloseCode.UNRESPONSIVE, DESK, "Closed: what was asked has not been answered.", now=now)


def _close_unsigned(case: Case, now: datetime) -> None:
    text = f"Closed: not signed for within {SIGNING_DAYS} days."
    end_case(case, CloseCode.NEVER_STARTED, DESK, text, now=now)
