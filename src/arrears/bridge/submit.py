"""Carry submissions as far as they will go now: check again, look, open, look again, attach.

The order is what makes a case open exactly once. The intent with its reference and key is stored before
anything is sent; the collector is asked for the reference before it is asked to open; an answer that was
lost is never repeated blindly but looked up after the quiet period; and every step is written against the
fence, so a process that was overtaken changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention, noting_collector, refuse_other_company
from arrears.bridge.collectors import collector_of
from arrears.bridge.documents import attach_documents
from arrears.bridge.ledger import (
    SENT,
    UNSENT,
    end_early,
    finish_if_done,
    lacks_document,
    move,
    rest_unsent,
    seen_hash,
    seen_of,
    take,
    unfinished,
)
from arrears.bridge.lost_answers import (
    adopt,
    created,
    facts_of_claim,
    fingerprint,
    is_under,
    settle_lost_answers,
    wait_and_look,
)
from arrears.bridge.models import Connection, ConnectionState, ImportRun, Submission
from arrears.bridge.taking_back import close_again
from arrears.core.claim import Claim
from arrears.core.eligibility import Known, Severity, Verdict, check
from arrears.core.submission import Event, State, key_of
from arrears.core.wording import money_text
from arrears.ports import (
    Answer,
    Books,
    Clock,
    Collector,
    NeedsAttention,
    Opened,
    OutcomeUnknown,
    Owed,
    TryAgainLater,
)

#: A process that was asleep for longer may have been taken for dead, and another be at work in its place.
_ASLEEP = timedelta(seconds=60)

#: Invoices fetched afresh at once: enough to keep the connection busy, few enough to stay fresh.
_FRESH = 20


@dataclass(frozen=True, slots=True)
class _Work:
    """What one chunk is carried out with."""

    books: Books
    collector: Collector
    clock: Clock
    today: date


def submit(run_id: int, first: int, last: int, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Carry out a run's submissions with ids from `first` to `last`. Safe to repeat and to kill anywhere.

    Raises TryAgainLater when the books or the collector are unreachable: the rows keep their state and are
    taken up again. NeedsAttention stops the run with its reason, and nothing is lost. When the process is
    told to stop, what is left is queued again.
    """
    run = ImportRun.objects.select_related("connection", "collector").filter(pk=run_id).first()
    if run is None:
        return
    clock, collector = adapters().clock, collector_of(run)
    rows = list(_unsettled(run, first, last, clock.now()))
    settle_lost_answers([row for row in rows if row.state in SENT], collector, clock)
    close_again([row for row in rows if row.taking_back_since is not None], collector, clock)
    try:
        if run.connection is None:
            _give_up_documents(rows)
        else:
            _carry_out(run, run.connection, rows, is_stopping)
    except NeedsAttention as reason:
        problem = reason.in_full
        end_early(run_id, ImportRun.Stage.FAILED, clock.now(), problem)
    rest_unsent(run_id, clock.now())  # what came back from the collector after the run had ended
    finish_if_done(run_id, clock.now())


def _unsettled(run: ImportRun, first: int, last: int, now: datetime) -> models.QuerySet[Submission]:
    """What has something due, and cases whose document was not attached before the process died."""
    mine = Submission.objects.filter(run=run, pk__gte=first, pk__lte=last)
    return unfinished(mine).exclude(due_at__gt=now).select_related("run__collector")


def _give_up_documents(rows: Sequence[Submission]) -> None:
    """The books are gone, and the documents of the last cases with them."""
    waiting = [row.pk for row in rows if lacks_document(row)]
    Submission.objects.filter(pk__in=waiting).update(document_attached=False)


def _carry_out(
    run: ImportRun, connection: Connection, rows: Sequence[Submission], is_stopping: Callable[[], bool]
) -> None:
    """Do what needs the books. They are not touched for a chunk in which nothing needs them."""
    waiting = _wanted(run.pk, [row for row in rows if row.state in UNSENT or lacks_document(row)])
    if not waiting:
        return
    clock = adapters().clock
    with noting_attention(connection, clock):
        books, collector = adapters().books(connection), collector_of(run)
        refuse_other_company(connection, books.company())
        work = _Work(books, collector, clock, clock.today())
        for start, batch, fresh in _fetched_ahead(waiting, books):
            if is_stopping():
                queue.submit(run, [row.pk for row in waiting[start:]])
                return
            _carry_out_batch(_wanted(run.pk, batch), fresh, connection, work)


def _fetched_ahead(
    rows: Sequence[Submission], books: Books
) -> Iterator[tuple[int, Sequence[Submission], dict[str, Owed | None]]]:
    """Batches with their place and their invoices as they stand now.

    The next batch is fetched while one is carried out, so what is sent is never older than a batch takes.
    """

    def fetch(batch: Sequence[Submission]) -> dict[str, Owed | None]:
        return books.fresh([number for row in batch for number in row.invoice_numbers])

    batches = [rows[start : start + _FRESH] for start in range(0, len(rows), _FRESH)]
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(fetch, batches[0])
        for place, batch in enumerate(batches):
            fresh = coming.result()
            if place + 1 < len(batches):
                coming = ahead.submit(fetch, batches[place + 1])
            yield place * _FRESH, batch, fresh


def _wanted(run_id: int, rows: Sequence[Submission]) -> list[Submission]:
    """Nothing new is sent for a run that has ended, but its cases get their documents.

    Those of one that stopped, perhaps over the books themselves, only where nothing is wrong with the books.
    """
    run = ImportRun.objects.select_related("connection").get(pk=run_id)
    if run.stage == ImportRun.Stage.SUBMITTING:
        return list(rows)
    if run.stage == ImportRun.Stage.FAILED and not _opens_unasked(run.connection):
        return []
    return [row for row in rows if lacks_document(row)]


def _opens_unasked(connection: Connection | None) -> bool:
    """Whether the books can be opened without anybody having to do something first."""
    if connection is None or connection.asks_for_word:
        return False
    return connection.state == ConnectionState.OK


def _carry_out_batch(
    rows: Sequence[Submission], fresh: dict[str, Owed | None], connection: Connection, work: _Work
) -> None:
    for row in rows:
        if row.state in UNSENT and _wanted(row.run_id, [row]) and take(row):
            with noting_collector(row.run.collector):
                _check_and_open(row, fresh, connection, work)
    attach_documents(rows, fresh, work.books, work.collector)


# --- Check again --------------------------------------------------------------------------------------------


def _check_and_open(
    row: Submission, fresh: dict[str, Owed | None], connection: Connection, work: _Work
) -> None:
    claim = _claim(row, fresh, connection)
    if claim is None:
        _flag(row, ["changed"], _changed_since(row, fresh), work)
        return
    blocking = [one for one in _verdict(claim, work).findings if one.severity is Severity.BLOCKS]
    if blocking:
        _flag(row, [one.code for one in blocking], " ".join(one.message for one in blocking), work)
    elif row.state == State.PLANNED and _looks_different(row, claim):
        owed = claim.principal
        _flag(row, ["changed"], f"{money_text(owed) if owed else 'Another amount'} is owed now.", work)
    elif row.state == State.INTENT or _state_intent(row, work):
        _open(row, claim, work)


def _flag(row: Submission, codes: list[str], why: str, work: _Work) -> None:
    message = f"Changed since the preview: {why}"
    move(row, Event.NOT_ELIGIBLE, work.clock.now(), finding_codes=codes, message=message)


def _looks_different(row: Submission, claim: Claim) -> bool:
    """Whether the invoices are not as they were when somebody chose them."""
    now = seen_hash([seen_of(invoice) for invoice in claim.invoices])
    return bool(row.body_hash) and row.body_hash != now


def _verdict(claim: Claim, work: _Work) -> Verdict:
    offer = work.collector.preview(claim, work.today)
    # The unpaid report was compared when the list was read; this is about what changed since.
    known = Known(has_partner=bool(offer.partner) if offer.asked else None)
    return check(claim, known, adapters().policy(), work.today)


def _claim(row: Submission, fresh: dict[str, Owed | None], connection: Connection) -> Claim | None:
    """The claim as the books state it now, or None when it is no longer the one that was chosen."""
    owed = [fresh.get(number) for number in row.invoice_numbers]
    found = [one for one in owed if one is not None]
    if [one.invoice.id for one in found] != list(row.invoice_ids):
        return None
    if len({one.debtor.code for one in found}) != 1 or len({one.invoice.currency for one in found}) != 1:
        return None
    return Claim(connection.account, found[0].debtor, tuple(one.invoice for one in found))


def _changed_since(row: Submission, fresh: dict[str, Owed | None]) -> str:
    for number, invoice_id in zip(row.invoice_numbers, row.invoice_ids, strict=True):
        owed = fresh.get(number)
        if owed is None:
            return f"invoice {number} is no longer in KashFlow."
        if owed.invoice.id != invoice_id:
            return f"number {number} now belongs to another invoice."
    return "the invoices no longer share one customer and one currency."


# --- Open ---------------------------------------------------------------------------------------------------


def _state_intent(row: Submission, work: _Work) -> bool:
    """Make the intent durable, with the key that must be the same if it is ever sent again."""
    collector = work.collector
    mode = "test" if collector.test else "live"
    key = key_of(collector.host, mode, collector.creditor, row.reference, row.generation)
    return move(row, Event.CHECKED, work.clock.now(), key=key)


def _open(row: Submission, claim: Claim, work: _Work) -> None:
    """Look, then send, then write down the answer."""
    existing = work.collector.find(row.reference)
    if existing is not None:
        adopt(row, existing, claim, work.collector, work.clock)
        return
    now, facts = work.clock.now(), facts_of_claim(claim, work.collector)
    if not move(row, Event.SEND, now, sent_at=now, due_at=now, body_hash=fingerprint(row, facts)):
        return
    if work.clock.now() - now > _ASLEEP:
        move(row, Event.NOT_SENT, work.clock.now(), message="Held up for too long before it was sent.")
        return
    try:
        opened = work.collector.open(claim, row.reference, row.key, work.today)
    except OutcomeUnknown as error:
        wait_and_look(row, work.collector, work.clock, error)
    except TryAgainLater as error:
        delay = error.after or timedelta(minutes=1)
        move(row, Event.NOT_SENT, work.clock.now(), due_at=work.clock.now() + delay, message=str(error))
    except NeedsAttention as error:
        move(row, Event.NOT_SENT, work.clock.now(), message=str(error))
        raise
    else:
        _write_down(row, claim, opened, work)


def _write_down(row: Submission, claim: Claim, opened: Opened, work: _Work) -> None:
    case = opened.case
    if opened.answer is Answer.OPENED:
        if case is not None and is_under(row, case) and case.test == work.collector.test:
            created(row, Event.OPENED, case, work.clock)
        else:
            text = "The collector's answer does not carry the case that was asked for."
            wait_and_look(row, work.collector, work.clock, OutcomeUnknown(text))
    elif opened.answer is Answer.DUPLICATE:
        existing = work.collector.find(row.reference)
        if existing is not None:
            adopt(row, existing, claim, work.collector, work.clock)
        else:
            text = "The collector says the reference is taken but does not show the case."
            wait_and_look(row, work.collector, work.clock, OutcomeUnknown(text))
    elif opened.answer is Answer.REFUSED:
        move(row, Event.REFUSED, work.clock.now(), message=" ".join(opened.messages))
    else:
        message, url = " ".join(opened.messages), _where_to_act(opened)
        move(row, Event.MUST_ACT, work.clock.now(), message=message, action_url=url)


def _where_to_act(opened: Opened) -> str:
    """One link through all that is asked for, or else to the first of it."""
    first = next((required.url for required in opened.required if required.url), "")
    return (opened.signing_url or first)[:2048]
