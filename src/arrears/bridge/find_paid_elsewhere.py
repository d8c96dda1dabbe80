"""Find money that the books show on open cases and their collector does not: it has to be reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention, refuse_other_company
from arrears.bridge.collectors import collector_of
from arrears.bridge.models import Connection, PaidElsewhere, Submission, TrackedCase
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.core.paid_elsewhere import in_books, seen_elsewhere
from arrears.core.payment import REPORT_DAYS
from arrears.core.submission import State
from arrears.ports import Case, Owed

_BATCH = 50

#: Every case elsewhere is read once a day. What was recorded on one that was not may well be known there, and
#: must not be reported as paid to us: what a collector has passed on shows in the books as well.
_READ_WITHIN = timedelta(days=2)

_Pair = tuple[Submission, Case]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the books show on one case, and how much of it the collector does not."""

    in_books: Money
    beyond: Money | None
    paid_on: date | None


def find_paid_elsewhere(connection: Connection) -> None:
    """Compare the connection's open cases with its books, and write down what has to be reported.

    What cannot be told for certain is left as it was. Rows that nobody has answered are dismissed once the
    case is closed or the collector knows of the money. Raises TryAgainLater or NeedsAttention.
    """
    pairs = list(_open_cases(connection))
    if not pairs:
        return
    with noting_attention(connection, adapters().clock):
        books = adapters().books(connection)
        refuse_other_company(connection, books.company())
        for start in range(0, len(pairs), _BATCH):
            batch = pairs[start : start + _BATCH]
            fresh = books.fresh([number for row, _ in batch for number in row.invoice_numbers])
            _compare(batch, fresh)


def _open_cases(connection: Connection) -> Iterator[_Pair]:
    """Submissions from these books with a case in earnest that is open; those of closed ones are put away."""
    rows = (
        Submission.objects.filter(
            models.Q(run__collector=None)
            | models.Q(run__collector__test=False, run__collector__removed_at=None),
            organisation_id=connection.organisation_id,
            source=connection.source,
            account=connection.account,
            state=State.CREATED,
        )
        .exclude(case_id="")
        .select_related("run__collector")
    )
    for row, case in _with_cases(rows):
        if case.lifecycle is Lifecycle.CLOSED:
            _put_away(row)
        else:
            yield row, case


def _with_cases(rows: Iterable[Submission]) -> Iterator[_Pair]:
    """Each with its case: as lately stated by a collector elsewhere, as it is now at our own desk."""
    rows, since = list(rows), adapters().clock.now() - _READ_WITHIN
    elsewhere = {
        (case.account_id, case.case_id): case.as_stated()
        for case in TrackedCase.objects.filter(
            account__in={row.run.collector_id for row in rows if row.run.collector_id},
            case_id__in=[row.case_id for row in rows],
            read_at__gte=since,
        ).select_related("account")
    }
    for row in rows:
        account = row.run.collector_id
        case = elsewhere.get((account, row.case_id)) if account else collector_of(row.run).read(row.case_id)
        if case is not None and not case.test:
            yield row, case


def _compare(batch: Sequence[_Pair], fresh: Mapping[str, Owed | None]) -> None:
    for row, case in batch:
        seen = _seen(row, case, fresh)
        if seen is None:
            continue
        if seen.beyond is None:
            _put_away(row)
        else:
            _write_down(row, seen, seen.beyond)


def _seen(row: Submission, case: Case, fresh: Mapping[str, Owed | None]) -> _Seen | None:
    """None unless the books still have every invoice of the case, and say what is owed on it."""
    found = [owed.invoice for number in row.invoice_numbers if (owed := fresh.get(number)) is not None]
    if [invoice.id for invoice in found] != list(row.invoice_ids):
        return None
    if any(invoice.deleted for invoice in found):
        return None
    shown = in_books(case.principal, [invoice.outstanding.money for invoice in found])
    if shown is None:
        return None
    days = [invoice.last_payment for invoice in found if invoice.last_payment]
    return _Seen(shown, seen_elsewhere(shown, case.paid), max(days, default=None))


def _write_down(row: Submission, seen: _Seen, beyond: Money) -> None:
    """Bring the open row up to date. Once it was answered, only more money in the books opens another."""
    known = {
        "amount": beyond.amount,
        "currency": beyond.currency,
        "in_books": seen.in_books.amount,
        "paid_on": seen.paid_on,
    }
    if _waiting(row).update(**known):
        return
    answered = row.paid_elsewhere.aggregate(most=models.Max("in_books"))["most"]
    if answered is not None and seen.in_books.amount <= answered:
        return
    clock = adapters().clock
    report_by = clock.today() + timedelta(days=REPORT_DAYS)
    new = PaidElsewhere(submission=row, seen_at=clock.now(), report_by=report_by, **known)
    PaidElsewhere.objects.bulk_create([new], ignore_conflicts=True)  # another look may have been quicker


def _put_away(row: Submission) -> None:
    _waiting(row).update(dismissed_at=adapters().clock.now())


def _waiting(row: Submission) -> models.QuerySet[PaidElsewhere]:
    return PaidElsewhere.objects.filter(submission=row, reported_at=None, dismissed_at=None)
