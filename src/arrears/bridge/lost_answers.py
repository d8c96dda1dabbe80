"""Finding out what became of a request whose answer was lost, and whether a case that was found is ours.

Everything here asks the collector alone. The books may be locked, changed or disconnected by then, and a
case that nobody knows of must be found all the same; so a case is known again by the fingerprint of what
was sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from arrears.bridge.collector_key import REMOVED
from arrears.bridge.ledger import move, take
from arrears.bridge.models import Submission
from arrears.bridge.tracked import remember
from arrears.core.case import Lifecycle
from arrears.core.claim import Claim
from arrears.core.money import round_amount
from arrears.core.submission import MOST_FAULTS, CaseFacts, Event, State, body_hash, next_lookup, same_case
from arrears.ports import Case, Clock, Collector, NeedsAttention, OutcomeUnknown, Remedy

_COLLECTOR_REMOVED = (
    "The collector was removed before it said whether it opened this case. Connect it again and adopt the "
    "case or try again; or look for it there by our reference, and drop the row only if there is none."
)


def settle_lost_answers(rows: Sequence[Submission], collector: Collector, clock: Clock) -> None:
    """Find out what became of each row that was sent, as far as it is due.

    A row whose case is not there goes back to INTENT: it may be sent again, under the same key.
    """
    for row in rows:
        if not take(row):
            continue
        if row.state == State.SENDING:
            # Its process died between sending and writing down the answer.
            wait_and_look(row, collector, clock)
        if row.state == State.AMBIGUOUS and row.due_at is not None and row.due_at <= clock.now():
            _look_up(row, collector, clock)


def wait_and_look(
    row: Submission, collector: Collector, clock: Clock, loss: OutcomeUnknown | None = None
) -> None:
    """Leave a row whose answer was lost alone until the collector cannot still be working on it.

    Counted from now and not from the sending: nobody knows how long the request was on its way. Each
    further loss waits longer. A loss that was an answer, with a fault of the collector's own, is counted.
    """
    now, wait = clock.now(), collector.quiet_period
    if row.lookups:
        wait = max(wait, next_lookup(row.lookups) or wait)
    text = str(loss or "") or "The answer to the last attempt was lost."
    move(
        row,
        Event.NO_ANSWER,
        now,
        due_at=now + wait,
        lookups=row.lookups + 1,
        faults=row.faults + (1 if loss is not None and loss.answered else 0),
        message=f"{text} The case is looked up before anything is sent again.",
    )


def _look_up(row: Submission, collector: Collector, clock: Clock) -> None:
    now = clock.now()
    try:
        case = collector.find(row.reference)
    except Remedy as error:
        _look_again(row, error, clock)
        return
    if case is not None:
        adopt(row, case, None, collector, clock)
    elif row.faults >= MOST_FAULTS:
        text = (
            f"The collector has answered {row.faults} times with a fault of its own, and there is no case. "
            "It may have stored that answer. Ask its support, then try again, or drop the row."
        )
        move(row, Event.EXHAUSTED, now, message=text)
    elif next_lookup(row.lookups) is None:
        text = "Sent several times without an answer, and there is no case. Try again, or drop it."
        move(row, Event.EXHAUSTED, now, message=text)
    else:
        move(row, Event.ABSENT, now, message="")


def _look_again(row: Submission, error: Remedy, clock: Clock) -> None:
    now, wait = clock.now(), next_lookup(row.lookups)
    if isinstance(error, NeedsAttention) and error.code == REMOVED:
        move(row, Event.EXHAUSTED, now, message=_COLLECTOR_REMOVED)
    elif wait is None:
        text = f"The case could not be looked up: {error} Decide by hand."
        move(row, Event.EXHAUSTED, now, message=text)
    else:
        move(row, Event.NO_ANSWER, now, due_at=now + wait, lookups=row.lookups + 1, message=str(error))


def adopt(row: Submission, case: Case, claim: Claim | None, collector: Collector, clock: Clock) -> None:
    """Take a case found under our reference as ours when it is what we sent, or what we would send now."""
    found = _facts_of_case(case)
    ours = claim is not None and same_case(facts_of_claim(claim, collector), found)
    is_same = ours or fingerprint(row, found) == row.body_hash
    if is_same and is_under(row, case) and case.lifecycle is not Lifecycle.CLOSED:
        created(row, Event.FOUND, case, clock)
        return
    why = _why_not_ours(row, case, is_same=is_same, test=collector.test)
    text = f"Case {case.reference} was found under this reference and {why}. Compare the two and decide."
    move(row, Event.MISMATCH, clock.now(), case_reference=case.reference, message=text)


def is_under(row: Submission, case: Case) -> bool:
    """Whether the case carries the reference that the row was sent under."""
    return case.creditor_reference == row.reference


def _why_not_ours(row: Submission, case: Case, *, is_same: bool, test: bool) -> str:
    if not is_under(row, case):
        return "carries another one"
    if case.test != test:
        return "is for testing" if case.test else "is not for testing"
    return "is closed" if is_same else "has another debtor or amount"


def created(row: Submission, event: Event, case: Case, clock: Clock) -> None:
    """Write down which case the row has become."""
    now = clock.now()
    changes = {"case_id": case.id, "case_reference": case.reference, "message": "", "action_url": ""}
    moved = move(row, event, now, **changes)
    if moved and row.run.collector is not None:
        remember(row.run.collector, case, now)


def facts_of_claim(claim: Claim, collector: Collector) -> CaseFacts:
    """What a case opened for this claim would say."""
    principal = claim.principal
    amount = round_amount(principal.amount, principal.currency) if principal else ""
    return CaseFacts(claim.debtor.name, str(amount), claim.currency, collector.test)


def _facts_of_case(case: Case) -> CaseFacts:
    money = case.principal
    return CaseFacts(
        case.debtor_name, str(round_amount(money.amount, money.currency)), money.currency, case.test
    )


def fingerprint(row: Submission, facts: CaseFacts) -> str:
    """What is kept of the facts that were sent, so that their case is known again without a copy of them."""
    name = " ".join(facts.debtor_name.casefold().split())
    kept = {"debtor": name, "amount": facts.amount, "currency": facts.currency, "test": facts.test}
    return body_hash({**kept, "ids": row.identity})
