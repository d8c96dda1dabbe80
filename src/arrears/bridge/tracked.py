"""What is known of cases at collectors elsewhere: each as it was last stated, and never set back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction

from arrears.bridge.models import CollectorAccount, Recovery, TrackedCase
from arrears.core.money import Money, read_amount
from arrears.ports import Case

_LONGEST_ID = 60
_LONGEST_URL = 2048
_LARGEST_RATE = Decimal(999)

_log = structlog.get_logger()


def remember(account: CollectorAccount, case: Case, now: datetime) -> bool:
    """Keep a case as its collector stated it. Returns whether this is now what we know of the case.

    `now` is a moment before the collector was asked. A statement older than the one we have changes nothing:
    the collector's own time of the last change decides, then when it was asked. Texts are cut to what there
    is room for; a case with an identity or amounts that there is no room for is left out and logged.
    """
    problem = _problem(case)
    if problem:
        _log.warning("tracking.case_left_out", account=account.pk, case=_text(case.id, 60), problem=problem)
        return False
    said_at = min(_moment(case.updated_at, now), now)  # a clock that is ahead must not hold up later news
    known = _columns(case, now) | {"read_at": now}
    new = TrackedCase(
        organisation_id=account.organisation_id,
        account=account,
        case_id=case.id,
        collector_said_at=said_at,
        **known,
    )
    with transaction.atomic():
        TrackedCase.objects.bulk_create([new], ignore_conflicts=True)
        kept = TrackedCase.objects.select_for_update().filter(account=account, case_id=case.id)
        before = kept.first()
        if before is None or not _newest(before, case, said_at, now):  # none: removed at this moment
            return False
        TrackedCase.objects.filter(pk=before.pk).update(
            **known | ({"collector_said_at": said_at} if case.updated_at is not None else {})
        )
        _note_recovery(before, new, now)
    return True


def _newest(before: TrackedCase, case: Case, said_at: datetime, now: datetime) -> bool:
    """Whether a statement of that moment, read at `now`, is no older than the one that is kept."""
    if case.updated_at is None or said_at == before.collector_said_at:
        return before.read_at <= now
    return before.collector_said_at < said_at


def _note_recovery(before: TrackedCase, after: TrackedCase, now: datetime) -> None:
    """What has come in since the last statement; what had before the first one, nobody knows since when."""
    came_in = _paid(after) - _paid(before)
    if came_in and before.currency == after.currency:
        Recovery.objects.create(case=before, amount=came_in, noticed_at=now)


def _paid(row: TrackedCase) -> Decimal:
    return Decimal(row.principal + row.added - row.outstanding)


def of(organisation: int, reference: str) -> TrackedCase | None:
    """The organisation's case with this reference of the collector's, as last read; None when unknown."""
    rows = TrackedCase.objects.filter(organisation_id=organisation, reference=_text(reference, _LONGEST_ID))
    return rows.select_related("account").first()


def _problem(case: Case) -> str:
    """Why a case cannot be kept; empty when it can."""
    if not case.id or case.id != _text(case.id, _LONGEST_ID):
        return "its id cannot be kept"
    amounts = [case.principal, case.outstanding, *([case.added] if case.added else [])]
    currency = case.principal.currency
    if not currency or currency != _text(currency, 3) or {money.currency for money in amounts} != {currency}:
        return "its currency cannot be kept"
    if not all(_fits(money) for money in amounts):
        return "its amounts cannot be kept"
    return ""


def _fits(money: Money) -> bool:
    return read_amount(money.amount) is not None and read_amount(money.rounded().amount) is not None


def _columns(case: Case, now: datetime) -> dict[str, Any]:
    """The case as our table holds it, without its times of reading."""
    return {
        "reference": _text(case.reference, 60) or _text(case.id, 60),
        "creditor_reference": _text(case.creditor_reference, 60),
        "invoice_numbers": [_text(number, 40) for number in case.invoice_numbers],
        "debtor_name": _text(case.debtor_name, 300),
        "country": case.country if len(case.country) == 2 and case.country.isalpha() else "",
        "currency": case.principal.currency,
        "principal": case.principal.rounded().amount,
        "added": (case.added or Money.zero(case.principal.currency)).rounded().amount,
        "outstanding": case.outstanding.rounded().amount,
        "lifecycle": case.lifecycle.value,
        "stated": _text(case.stated, 100),
        "phase": _text(case.phase, 100),
        "close_code": _text(case.close_code, 100),
        "partner": _text(case.partner, 300),
        "rate": _rate(case.rate),
        "needs_info": case.needs_info,
        "url": _address(case.url),
        "signing_url": _address(case.signing_url),
        "opened_at": _moment(case.opened_at, now),
    }


def _text(value: str, longest: int) -> str:
    """Without what the database cannot hold, and no longer than its column."""
    return value.encode(errors="ignore").decode().replace("\0", "")[:longest]


def _rate(rate: Decimal | None) -> Decimal | None:
    """Percentage points to four places; None for what is no rate at all."""
    points = read_amount(rate)
    return None if points is None or abs(points) >= _LARGEST_RATE else points


def _address(url: str) -> str:
    """Half an address leads nowhere, and one that is not for the web is not for a link."""
    fits = url == _text(url, _LONGEST_URL) and url.startswith(("https://", "http://"))
    return url if fits else ""


def _moment(at: datetime | None, now: datetime) -> datetime:
    """In UTC; `now` for a moment that is missing or at the ends of the calendar."""
    if at is None:
        return now
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return now
