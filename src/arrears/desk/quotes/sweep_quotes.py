"""Let the windows and deadlines of requests for quotes pass."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from arrears.core.case import CloseCode, Event, Lifecycle
from arrears.core.quote import Outcome, QuoteState, RequestState
from arrears.core.wording import date_text
from arrears.desk.actors import DESK
from arrears.desk.endings import end_case
from arrears.desk.models import Case, EventKind, Quote, QuoteRequest
from arrears.desk.moves import move, write_down
from arrears.desk.quoting import close_offers, end_request

_BATCH = 100
_WAITING_FOR_QUOTES = (Lifecycle.COLLECTING_QUOTES, Lifecycle.PENDING_QUOTE_SELECTION)
_TEXTS = {
    Outcome.NO_QUOTES: "No quotes were received.",
    Outcome.EXPIRED: "No quote was accepted in time.",
    Outcome.CASE_ENDED: "Quotes are no longer wanted.",
}


def sweep_quotes(*, now: datetime, today: date) -> int:
    """Do what is due; returns how many requests changed.

    Each has its own transaction, and running twice at once does nothing twice.
    """
    Quote.objects.filter(state=QuoteState.OFFERED.value, valid_until__lt=today).update(
        state=QuoteState.EXPIRED.value, updated_at=now
    )
    due = QuoteRequest.objects.filter(_due(now, today)).order_by("closes_at", "pk")
    return sum(_swept(pk, now, today) for pk in list(due.values_list("pk", flat=True)[:_BATCH]))


def _due(now: datetime, today: date) -> Q:
    standing = Quote.objects.filter(request=OuterRef("pk"), state=QuoteState.OFFERED.value)
    window_over = Q(state=RequestState.OPEN.value, closes_at__lte=now)
    to_decide = Q(state=RequestState.OFFERS_DONE.value)
    return Q(decided_at=None) & (window_over | (to_decide & (Q(decide_by__lt=today) | Q(~Exists(standing)))))


def _swept(pk: int, now: datetime, today: date) -> bool:
    """Whether the request was still due. A case that somebody else holds is left for the next time."""
    with transaction.atomic():
        case = Case.objects.select_for_update(skip_locked=True).filter(quote_requests=pk).first()
        request = QuoteRequest.objects.filter(_due(now, today), pk=pk).first()
        if case is None or request is None:
            return False
        standing = request.quotes.filter(state=QuoteState.OFFERED.value).exists()
        if case.lifecycle not in _WAITING_FOR_QUOTES:
            _end(case, Outcome.CASE_ENDED, now)
        elif request.state == RequestState.OPEN and standing:
            close_offers(request, now=now, today=today)
            text = f"The time for quotes is over. Choose one by {date_text(request.decide_by or today)}."
            write_down(case, EventKind.QUOTE, DESK, text, now=now)
        elif request.quotes.filter(state__in=(QuoteState.OFFERED.value, QuoteState.EXPIRED.value)).exists():
            _end(case, Outcome.EXPIRED, now)
        else:
            _end(case, Outcome.NO_QUOTES, now)
    return True


def _end(case: Case, outcome: Outcome, now: datetime) -> None:
    """A case that was worked on before goes on; one that never was is closed."""
    end_request(case, outcome, now=now)
    text = _TEXTS[outcome]
    if outcome is Outcome.CASE_ENDED:
        write_down(case, EventKind.QUOTE, DESK, text, now=now)
    elif case.accepted_at is not None:
        move(case, Event.QUOTES_ENDED_AT_WORK, DESK, f"{text} The case goes on as before.", now=now)
    else:
        code = CloseCode.NO_QUOTES if outcome is Outcome.NO_QUOTES else CloseCode.QUOTES_EXPIRED
        end_case(case, code, DESK, text, now=now)
