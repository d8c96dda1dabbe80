"""The ledger of submissions: rows are planned here, taken here and moved here, and nowhere else.

A step is one conditional update that names the state and the fence it expects. Whoever finds them changed
has been overtaken and stops; so two workers, a frozen worker that wakes up and a restored process can all
run at once, and the row still takes one path through the table in core/submission.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F

from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.core.claim import Claim
from arrears.core.invoice import Invoice
from arrears.core.submission import (
    HOLDING,
    RESTING,
    TRANSITIONS,
    Event,
    State,
    body_hash,
    identity_of,
    next_state,
    reference_of,
)

#: Nothing is on its way for a submission in one of these: it can be let go of at once.
UNSENT = (State.PLANNED, State.INTENT)

#: Something was sent for a submission in one of these, and it is not known what became of it.
SENT = (State.SENDING, State.AMBIGUOUS)

#: Runs that still have something to send.
UNDER_WAY = (ImportRun.Stage.PREPARING, ImportRun.Stage.SUBMITTING)

#: Runs that will send something, unless somebody says no.
OPEN = (ImportRun.Stage.AWAITING, *UNDER_WAY)

#: Where a case goes: the collector's address, who we are there, and the mode. Nothing stands for our desk.
_WHERE = ("run__collector__base_url", "run__collector__creditor", "run__collector__test")
_Where = tuple[object, ...]

#: The finding of a row that rests because its run stopped before it was sent.
STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Picked:
    """One invoice chosen for submission: the id that never changes and the number people know.

    `seen` tells what was owed, and by whom, when it was chosen (see `seen_of`); an invoice that has changed
    since is not submitted. Empty when the chooser did not see it.
    """

    id: str
    number: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """One invoice that was looked at and left out, with the finding codes and the reason in a sentence."""

    invoice: Picked
    codes: tuple[str, ...]
    message: str


def picked_of(claim: Claim) -> list[Picked]:
    """The invoices of a claim, chosen as they stand in it."""
    return [Picked(invoice.id, invoice.number, seen_of(invoice)) for invoice in claim.invoices]


def seen_of(invoice: Invoice) -> str:
    """What a person saw of an invoice, in a form that does not depend on how the books write amounts."""
    money = invoice.outstanding.money
    return f"{money.rounded().amount} {money.currency} {invoice.customer_code}" if money else ""


def seen_hash(seen: Sequence[str]) -> str:
    """What is kept of what was seen of the invoices of one case; empty when one of them was not seen."""
    return body_hash({"seen": sorted(seen)}) if all(seen) else ""


def plan(
    run: ImportRun, source: str, account: str, groups: Sequence[Sequence[Picked]], now: datetime
) -> list[Submission]:
    """Write down one submission for each group of invoices and take hold of the invoices.

    A group of which any invoice is already held by another submission is recorded as flagged, with what
    holds it. Runs in one transaction; safe against other runs planning the same invoices at this moment.
    """
    with transaction.atomic():
        rows = [_planned(run, source, account, group, now) for group in groups if group]
        _raise_generations(rows)
        Submission.objects.bulk_create(rows)
        _take_hold(rows)
        _flag_the_taken(rows, now)
    return rows


def _planned(run: ImportRun, source: str, account: str, group: Sequence[Picked], now: datetime) -> Submission:
    chosen = {picked.id: picked for picked in group}  # an invoice named twice is still owed once
    ids = list(chosen)
    return Submission(
        run=run,
        organisation_id=run.organisation_id,
        source=source,
        account=account,
        invoice_ids=ids,
        invoice_numbers=[picked.number for picked in chosen.values()],
        identity=identity_of(source, account, ids),
        reference=reference_of(source, account, ids, test=run.test),
        body_hash=seen_hash([picked.seen for picked in chosen.values()]),
        state=State.PLANNED,
        due_at=now,
        created_at=now,
        changed_at=now,
    )


def _raise_generations(rows: Sequence[Submission]) -> None:
    """Give each debt the last generation it was submitted under, or the next one after a settled refusal.

    A refusal such as a missing signature is remembered by the collector under its key, so that asking with
    the same key would be refused for ever; and so is a case for testing that was removed since. After any
    uncertain outcome the generation must stay; so what happened to the debt elsewhere, or in a test, must
    not raise it: the case that may exist would be looked for under another reference, and opened again.
    """
    earlier = Submission.objects.filter(
        organisation_id__in={row.organisation_id for row in rows}, identity__in=[row.identity for row in rows]
    )
    last: dict[tuple[str, _Where], int] = {}
    known = earlier.values_list("identity", "generation", "state", "case_id", *_WHERE)
    for identity, generation, state, case_id, *where in known:
        is_over = state in (State.NEEDS_ACTION, State.WITHDRAWN) or (state == State.CREATED and not case_id)
        wanted = generation + 1 if is_over else generation
        debt = (identity, tuple(where))
        last[debt] = max(wanted, last.get(debt, 1))
    for row in rows:
        _name(row, last.get((row.identity, _where(row.run)), 1))


def _name(row: Submission, generation: int) -> None:
    """Give a row its generation, and the reference that goes with it."""
    row.generation = generation
    row.reference = reference_of(row.source, row.account, row.invoice_ids, generation, test=row.run.test)


def _where(run: ImportRun) -> _Where:
    """A collector removed and connected again is still the same place."""
    account = run.collector
    return (account.base_url, account.creditor, account.test) if account else (None, None, None)


def _holdings(row: Submission) -> list[Holding]:
    return [
        Holding(
            organisation_id=row.organisation_id,
            source=row.source,
            account=row.account,
            invoice_id=invoice_id,
            test=row.run.test,
            submission=row,
        )
        for invoice_id in row.invoice_ids
    ]


def _take_hold(rows: Sequence[Submission]) -> None:
    # In one fixed order everywhere, so that two runs at once wait for each other and never deadlock.
    wanted = sorted((holding for row in rows for holding in _holdings(row)), key=lambda one: one.invoice_id)
    Holding.objects.bulk_create(wanted, ignore_conflicts=True)


def _flag_the_taken(rows: Sequence[Submission], now: datetime) -> None:
    taken = _not_held(rows)
    for row in taken:
        row.state = next_state(State(row.state), Event.NOT_ELIGIBLE)
        row.due_at = None
    _say_who_holds(taken, now)


def _not_held(rows: Sequence[Submission]) -> list[Submission]:
    """Those of the rows that could not take all of their invoices; they let go of the others."""
    held = Counter(Holding.objects.filter(submission__in=rows).values_list("submission_id", flat=True))
    taken = [row for row in rows if held[row.pk] < len(row.invoice_ids)]
    Holding.objects.filter(submission__in=taken).delete()
    return taken


def _say_who_holds(taken: Sequence[Submission], now: datetime) -> None:
    for row in taken:
        row.message = _who_holds(row)
        row.finding_codes = ["already_submitted"]
        row.changed_at = now
    Submission.objects.bulk_update(taken, ["message", "finding_codes", "state", "due_at", "changed_at"])


def _who_holds(row: Submission) -> str:
    other = (
        Submission.objects.filter(
            holdings__organisation_id=row.organisation_id,
            holdings__source=row.source,
            holdings__account=row.account,
            holdings__invoice_id__in=row.invoice_ids,
            holdings__test=row.run.test,
        )
        .exclude(pk=row.pk)
        .first()
    )
    if other is not None and other.case_reference:
        return f"Already submitted: it is in case {other.case_reference}."
    if other is not None:
        return f"Already being submitted by import {other.run_id}."
    return "Already being submitted by another import."


def record_left_out(
    run: ImportRun, source: str, account: str, left_out: Sequence[Left], now: datetime
) -> None:
    """Write down why invoices were looked at and not submitted. They are not held."""
    rows = []
    for left in left_out:
        row = _planned(run, source, account, [left.invoice], now)
        row.state = next_state(State.PLANNED, Event.NOT_ELIGIBLE)
        row.finding_codes = list(left.codes)
        row.message = left.message
        row.due_at = None
        rows.append(row)
    Submission.objects.bulk_create(rows)


def take(row: Submission) -> bool:
    """Make this process the one that may move the row. False when somebody else has just taken it."""
    taken = Submission.objects.filter(pk=row.pk, fence=row.fence, state=row.state).update(
        fence=F("fence") + 1
    )
    row.fence += taken
    return bool(taken)


def move(row: Submission, event: Event, now: datetime, **changes: Any) -> bool:
    """Move the row along the table, if it is still ours; release its invoices where the new state rests so.

    Returns False, changing nothing, when another process has taken the row since.
    """
    state = next_state(State(row.state), event)
    changes = {"due_at": None if state in RESTING else now, **changes, "state": state, "changed_at": now}
    ours = Submission.objects.filter(pk=row.pk, fence=row.fence, state=row.state)
    if state in HOLDING:
        moved = ours.update(**changes)
    else:
        with transaction.atomic():
            moved = ours.update(**changes)
            if moved:
                Holding.objects.filter(submission_id=row.pk).delete()
    if moved:
        for name, value in changes.items():
            setattr(row, name, value)
    return bool(moved)


def plan_again(rows: Sequence[Submission], now: datetime, *, anew: bool = False) -> list[Submission]:
    """Put rows that rest without a case back at the start, because a person asked. Returns those that are.

    A row whose invoices another submission has taken meanwhile stays where it is and says so. After a
    refusal that had to be settled the generation rises, and with it the reference and the key; with `anew`
    it rises whatever happened, because a person has made sure that there is no case. What rested because the
    run stopped is still compared with what was seen when it was chosen; anything else is taken as it is now.
    """
    with transaction.atomic():
        chosen = Submission.objects.filter(pk__in=[row.pk for row in rows])
        locked = chosen.select_for_update(of=("self",)).select_related("run__collector")
        able = [row for row in locked.order_by("pk") if _may_be_retried(row)]
        _take_hold(able)
        taken = _not_held(able)
        _say_who_holds(taken, now)
        again = [row for row in able if row not in taken]
        # What became of a row under review is not certain, so it keeps its generation.
        _raise_generations([row for row in again if row.state != State.REVIEW])
        for row in again if anew else ():
            _name(row, row.generation + 1)
        for row in again:
            start = {
                "finding_codes": [],
                "message": "",
                "action_url": "",
                "body_hash": row.body_hash if _is_as_chosen(row) else "",
                "lookups": 0,
                "faults": 0,
            }
            move(row, Event.RETRY, now, generation=row.generation, reference=row.reference, **start)
    return again


def _is_as_chosen(row: Submission) -> bool:
    """Whether a row still carries what was seen when it was chosen: from sending on it is what was sent."""
    return row.finding_codes == [STOPPED] and row.sent_at is None


def _may_be_retried(row: Submission) -> bool:
    return Event.RETRY in TRANSITIONS[State(row.state)]


def end_early(
    run_id: int,
    stage: ImportRun.Stage,
    now: datetime,
    problem: str = "",
    of: Sequence[ImportRun.Stage] = UNDER_WAY,
) -> int:
    """Cancel or stop a run that is in a stage of `of`: what it has not sent rests, the rest is still settled.

    Returns how many submissions were let go of.
    """
    with transaction.atomic():
        ended = ImportRun.objects.filter(pk=run_id, stage__in=of).update(
            stage=stage, problem=problem, finished_at=now
        )
        return rest_unsent(run_id, now) if ended else 0


def rest_unsent(run_id: int, now: datetime) -> int:
    """Let go of whatever a run that ended early has not sent. Returns how many; none for any other run."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.stage == ImportRun.Stage.CANCELLED:
            return _let_go(run, Event.CANCELLED, now, message="Cancelled. No case was opened.")
        if run.stage == ImportRun.Stage.FAILED:
            message = f"Not submitted, because the import stopped. {run.problem}".strip()
            return _let_go(run, Event.NOT_ELIGIBLE, now, message=message, finding_codes=[STOPPED])
    return 0


def _let_go(run: ImportRun, event: Event, now: datetime, **changes: Any) -> int:
    rows = Submission.objects.filter(run=run, state__in=UNSENT)
    unsent = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    for state in UNSENT:
        Submission.objects.filter(pk__in=unsent, state=state).update(
            **changes, state=next_state(state, event), fence=F("fence") + 1, due_at=None, changed_at=now
        )
    Holding.objects.filter(submission_id__in=unsent).delete()
    return len(unsent)


def finish_if_done(run_id: int, now: datetime) -> bool:
    """Close a run in which every submission rests. True when this call was the one that closed it."""
    with transaction.atomic():
        # Locked, so that nobody puts a row back at the start between the look and the closing.
        run = ImportRun.objects.select_for_update(no_key=True).filter(
            pk=run_id, stage=ImportRun.Stage.SUBMITTING
        )
        if not run.exists() or unfinished(Submission.objects.filter(run_id=run_id)).exists():
            return False
        return bool(run.update(stage=ImportRun.Stage.FINISHED, finished_at=now))


def unfinished(rows: models.QuerySet[Submission]) -> models.QuerySet[Submission]:
    """Those of the rows that do not rest, and those with a case that still lacks word of its document, or
    that is being taken back."""
    has_more = models.Q(document_attached__isnull=True) | models.Q(taking_back_since__isnull=False)
    return rows.filter(~models.Q(state__in=RESTING) | models.Q(state=State.CREATED) & has_more)


def lacks_document(row: Submission) -> bool:
    """Whether a row has its case and no word yet of the case's document."""
    return row.state == State.CREATED and row.document_attached is None
