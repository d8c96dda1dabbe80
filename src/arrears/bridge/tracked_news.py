"""What was found to have happened on cases elsewhere, for e-mails to their creditor."""

from __future__ import annotations

from datetime import datetime

from arrears.bridge.models import Recovery, TrackedCase
from arrears.core.case import Lifecycle
from arrears.core.digest import News
from arrears.core.money import Money
from arrears.core.notice import NoticeKind
from arrears.core.wording import money_text


class TrackedNews:
    """ports.CaseNews for one organisation's cases at other collectors."""

    def __init__(self, organisation: int) -> None:
        self._organisation = organisation

    def between(self, since: datetime, until: datetime) -> list[News]:
        return sorted([*self._paid(since, until), *self._changed(since, until)], key=lambda one: one.at)

    def _paid(self, since: datetime, until: datetime) -> list[News]:
        found = Recovery.objects.filter(
            case__organisation_id=self._organisation,
            case__account__test=False,
            noticed_at__gt=since,
            noticed_at__lte=until,
            amount__gt=0,
        )
        return [_payment(row) for row in found.select_related("case")]

    def _changed(self, since: datetime, until: datetime) -> list[News]:
        changed = TrackedCase.objects.filter(
            organisation_id=self._organisation,
            account__test=False,
            collector_said_at__gt=since,
            collector_said_at__lte=until,
        )
        return [news for row in changed if (news := _news_of(row))]


def _payment(row: Recovery) -> News:
    case = row.case
    amount = money_text(Money(row.amount, case.currency).rounded())
    return _about(case, NoticeKind.PAYMENT, row.noticed_at, f"{amount} was paid on case {case.reference}.")


def _news_of(row: TrackedCase) -> News | None:
    if row.lifecycle == Lifecycle.CLOSED:
        text = f"Case {row.reference} was closed."
        return _about(row, NoticeKind.CASE_CLOSED, row.collector_said_at, text)
    if row.needs_info:
        text = f"The collector needs something from you: case {row.reference}."
        return _about(row, NoticeKind.TASK, row.collector_said_at, text)
    return None


def _about(case: TrackedCase, kind: NoticeKind, at: datetime, text: str) -> News:
    return News(kind, at, text, f"/cases/{case.reference}/")
