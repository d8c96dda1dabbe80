"""Settle a submission under review: a person says what is to become of it."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.collectors import collector_of
from arrears.bridge.ledger import finish_if_done, move, plan_again
from arrears.bridge.limit import WAITING_FIELDS, wait_again, why_again
from arrears.bridge.lost_answers import created
from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import Event, State
from arrears.ports import Case, NeedsAttention


class Decision(StrEnum):
    """ADOPT: the case found under our reference is the right one. TRY_AGAIN: check and send once more, under
    the same reference. ASK_ANEW: the same under a new reference and key, where the collector has stored a
    refusal under the old ones and would give it for ever. DROP: leave it, and let go of the invoices.
    """

    ADOPT = "adopt"
    TRY_AGAIN = "try again"
    ASK_ANEW = "ask anew"
    DROP = "drop"


def settle_review(row: Submission, decision: Decision, settled_by: int | None = None) -> Submission:
    """Carry out a person's decision and return the row as it stands then.

    Where the organisation has a limit, a row that is tried again waits for a second person.

    Raises NeedsAttention when the row is not under review any more, when there is no case to adopt, when
    there is one and it was to be asked anew, or no connection to try again with; TryAgainLater when the
    collector cannot be asked.
    """
    case = _case_of(row) if decision is Decision.ADOPT else None
    if decision is Decision.ASK_ANEW:
        _refuse_a_second_case(row)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(no_key=True).get(pk=row.run_id)
        row = Submission.objects.select_for_update().get(pk=row.pk)
        if row.state != State.REVIEW:
            raise NeedsAttention(
                "This row is not under review any more.",
                code="not_under_review",
                action="Load the page again.",
            )
        if case is not None:
            created(row, Event.FOUND, case, adapters().clock)
            queue.submit(run, [row.pk])  # for the document
        elif decision in (Decision.TRY_AGAIN, Decision.ASK_ANEW):
            _try_again(run, row, settled_by, anew=decision is Decision.ASK_ANEW)
        else:
            move(row, Event.CANCELLED, adapters().clock.now(), message="Dropped by hand.")
            finish_if_done(run.pk, adapters().clock.now())
        _note(row, decision)
    row.refresh_from_db()
    return row


def _case_of(row: Submission) -> Case:
    collector = collector_of(row.run)
    case = collector.find(row.reference)
    if case is None:
        raise NeedsAttention(
            f"There is no case under the reference {row.reference}.",
            code="no_case_to_adopt",
            action="Try again to open one, or drop the row.",
        )
    if case.test != collector.test:
        raise NeedsAttention(
            f"Case {case.reference} is {'' if case.test else 'not '}for testing, and this import was "
            f"{'for testing' if collector.test else 'in earnest'}.",
            code="other_mode",
            action="Drop the row, and see to the case where it is.",
        )
    return case


def _refuse_a_second_case(row: Submission) -> None:
    case = collector_of(row.run).find(row.reference)
    if case is not None:
        raise NeedsAttention(
            f"Case {case.reference} stands under the reference {row.reference}.",
            code="case_exists",
            action="Compare it with the invoice; then adopt it, or drop the row.",
        )


def _note(row: Submission, decision: Decision) -> None:
    text = f"Settled invoice {', '.join(row.invoice_numbers)}: {decision}."
    now, subject = adapters().clock.now(), f"run {row.run_id}"
    note(row.organisation_id, Action.ROW_SETTLED, text, now, subject=subject)


def _try_again(run: ImportRun, row: Submission, settled_by: int | None, *, anew: bool) -> None:
    if run.connection_id is None:
        raise NeedsAttention(
            "The connection of this import was removed, so its invoices cannot be checked.",
            code="connection_removed",
            action="Drop the row, connect the company again and start a new import.",
        )
    run.stage, run.problem, run.finished_at = ImportRun.Stage.SUBMITTING, "", None
    again = plan_again([row], adapters().clock.now(), anew=anew)
    why = why_again(run, again) if again else ""
    if why:
        wait_again(run, why, settled_by)
    else:
        queue.submit(run, [row.pk])
    run.save(update_fields=["problem", "finished_at", *WAITING_FIELDS])
