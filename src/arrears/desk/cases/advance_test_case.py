"""Move a test case along, as a partner and a debtor would."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Event, Lifecycle, Party, Phase
from arrears.core.payment import Method, Recipient
from arrears.core.quote import Outcome
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.endings import end_case
from arrears.desk.models import Case
from arrears.desk.moves import move
from arrears.desk.quoting import end_request
from arrears.desk.roles import only
from arrears.desk.splitting import Receipt, take


class TestState(StrEnum):
    """Where a test case can be moved to. The values are what the Customer API calls them."""

    __test__ = False

    ACTIVE = "Active"
    PAID = "Closed:Paid"
    UNPAID = "Closed:NoPayment"


_CODES = {TestState.PAID: CloseCode.PAID, TestState.UNPAID: CloseCode.EXHAUSTED}
_TEXT = "Moved on for a test."

#: The next step from each open state on the way to being active, and who makes it.
_STEPS = {
    Lifecycle.PENDING_SIGNING: (Event.SIGNED, Party.DESK),
    Lifecycle.PENDING_CHECK: (Event.CHECK_PASSED, Party.DESK),
    Lifecycle.PENDING_VERIFICATION: (Event.ACCEPTED, Party.OPERATOR),
    Lifecycle.MORE_INFO: (Event.INFO_GIVEN, Party.CREDITOR),
    Lifecycle.COLLECTING_QUOTES: (Event.QUOTES_ENDED_AT_WORK, Party.DESK),
    Lifecycle.PENDING_QUOTE_SELECTION: (Event.QUOTES_ENDED_AT_WORK, Party.DESK),
    Lifecycle.PAUSED: (Event.RESUMED, Party.OPERATOR),
}


def advance_test_case(
    actor: Actor,
    case_id: UUID | str,
    to: TestState,
    amount: Decimal | None = None,
    *,
    now: datetime,
    today: date,
) -> tuple[bool, str]:
    """Move a creditor's test case to a state, through all that lies before it. Subscribers are told as ever.

    Returns whether anything changed, and where the case stands then: a TestState, `Closed` for any other end,
    or a lifecycle. To close it as paid, say the `amount` paid. Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        if not case.is_test:
            raise Refused("This is a real case. Only test cases can be moved on.", code="not_a_test")
        if _is_there(case, to):
            return False, _state(case)
        if to is TestState.PAID and amount is None:
            raise Refused("Say the amount that was paid, to close the case as paid.", code="amount")
        _activate(case, now)
        if to is TestState.PAID and amount is not None:
            _pay(case, amount, now, today)
        if to is not TestState.ACTIVE:
            end_case(case, _CODES[to], _by(Party.OPERATOR), _TEXT, now=now)
    return True, _state(case)


def _is_there(case: Case, to: TestState) -> bool:
    """Whether nothing is left to do. Raises Refused where a case has ended otherwise."""
    if case.lifecycle == Lifecycle.CLOSED:
        if to is not TestState.ACTIVE and case.close_code != _CODES[to]:
            raise Refused(
                f"This case is closed as “{case.close_code}” already, so not as “{_CODES[to]}”.",
                code="closed_otherwise",
                action="Open another test case.",
            )
        return True
    return to is TestState.ACTIVE and case.lifecycle == Lifecycle.ACTIVE


def _activate(case: Case, now: datetime) -> None:
    end_request(case, Outcome.CASE_ENDED, now=now)
    case.info_requests.filter(answered_at=None, settled_at=None).update(settled_at=now)
    case.accepted_at = case.accepted_at or now
    case.phase = case.phase or Phase.PRE_LEGAL.value
    case.withdrawal_asked_at = None
    while case.lifecycle != Lifecycle.ACTIVE:
        event, party = _STEPS[Lifecycle(case.lifecycle)]
        move(case, event, _by(party), _TEXT, now=now, check_after=None, info_due=None)


def _pay(case: Case, amount: Decimal, now: datetime, today: date) -> None:
    """Nobody is there to pass the money on, so it counts as passed on at once."""
    receipt = Receipt(today, amount, Recipient.PARTNER, Method.BANK_TRANSFER, _TEXT)
    payment = take(case, receipt, _by(Party.OPERATOR), now=now, today=today)
    payment.settled_on, payment.settled_at = today, now
    payment.save(update_fields=["settled_on", "settled_at"])


def _by(party: Party) -> Actor:
    return Actor(party, "Test mode")


def _state(case: Case) -> str:
    if case.lifecycle != Lifecycle.CLOSED:
        return TestState.ACTIVE.value if case.lifecycle == Lifecycle.ACTIVE else case.lifecycle
    states = {code.value: state.value for state, code in _CODES.items()}
    return states.get(case.close_code, "Closed")
