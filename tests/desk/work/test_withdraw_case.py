"""Withdrawing a case: free and at once, or asked for at a confirmed cost and decided by the partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.exclusivity import PeriodStatus
from arrears.core.withdrawal import May
from arrears.desk.actors import Actor, Refused
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, Payment, QuoteRequest, Task
from arrears.desk.periods import period_of
from tests.desk.builders import NOON, OPERATOR, creditor_of, partner_of
from tests.desk.work.at_work import (
    TODAY,
    a_payment,
    a_priced_case,
    a_subscription,
    announced,
    row,
    told,
)

pytestmark = pytest.mark.django_db

COST = Decimal(190)


def withdraw(case: Case, cost: Decimal | None = None) -> None:
    withdraw_case(
        creditor_of(case), case.public_id, "Settled directly.", confirmed_cost=cost, now=NOON, today=TODAY
    )


def an_asked_case(lifecycle: Lifecycle = Lifecycle.ACTIVE, **changes: Any) -> Case:
    case = a_priced_case(lifecycle, **changes)
    withdraw(case, COST)
    return row(case)


BEFORE_WORK = [
    Lifecycle.PENDING_SIGNING,
    Lifecycle.PENDING_CHECK,
    Lifecycle.PENDING_VERIFICATION,
    Lifecycle.MORE_INFO,
    Lifecycle.COLLECTING_QUOTES,
    Lifecycle.PENDING_QUOTE_SELECTION,
]


@pytest.mark.parametrize("state", BEFORE_WORK)
def test_before_a_partner_has_accepted_it_is_free_and_at_once(state: Lifecycle) -> None:
    case = a_priced_case(state)
    a_subscription(case)
    withdraw(case)
    now = row(case)
    assert (now.lifecycle, now.close_code, now.finished_at) == (Lifecycle.CLOSED, CloseCode.WITHDRAWN, NOON)
    assert told(case) == ["Withdrawn by the creditor, free of charge: Settled directly."]
    assert announced(case) == ["case.closed"]


def test_an_open_request_for_quotes_ends_with_the_case() -> None:
    case = a_priced_case(Lifecycle.COLLECTING_QUOTES)
    request = QuoteRequest.objects.create(
        case=case,
        scenario="Network",
        purpose="PhaseChange",
        phase="Pre-legal",
        max_quotes=5,
        state="Open",
        opened_at=NOON,
        closes_at=NOON,
    )
    withdraw(case)
    request.refresh_from_db()
    assert request.decided_at == NOON


def test_inside_the_period_the_case_pauses_and_the_partner_is_asked() -> None:
    case = a_priced_case()
    terms = read_withdrawal_terms(creditor_of(case), case.public_id, TODAY)
    assert (terms.may, terms.cost and terms.cost.amount) == (May.REQUEST, COST)
    withdraw(case, COST)
    now = row(case)
    assert (now.lifecycle, now.withdrawal_asked_at) == (Lifecycle.PAUSED, NOON)
    assert told(case) == [
        "The creditor asks to withdraw this case: Settled directly. It costs GBP 190.00, before any VAT.",
        "Paused until the partner has decided about the withdrawal.",
    ]
    open_tasks = Task.objects.filter(case=case, solved_at=None, party="partner")
    assert list(open_tasks.values_list("kind", flat=True)) == ["DecideWithdrawal"]


@pytest.mark.parametrize("confirmed", [None, Decimal(0), Decimal("189.99"), Decimal("190.01")])
def test_a_cost_that_was_not_confirmed_stops_it(confirmed: Decimal | None) -> None:
    case = a_priced_case()
    with pytest.raises(Refused, match=r"costs GBP 190.00 now") as refusal:
        withdraw(case, confirmed)
    assert refusal.value.code == "cost_not_confirmed"
    assert (row(case).lifecycle, row(case).withdrawal_asked_at, told(case)) == (Lifecycle.ACTIVE, None, [])


def test_the_cost_follows_what_is_still_outstanding_and_what_the_partner_added() -> None:
    case = a_priced_case(collection_fees=Decimal(40), outstanding=Decimal(1040))
    a_payment(case, "1000")
    a_payment(case, "500", reversed_at=NOON)
    terms = read_withdrawal_terms(creditor_of(case), case.public_id, TODAY)
    assert terms.cost is not None
    assert terms.cost.amount == Decimal(135)


def test_after_the_period_it_is_free_and_at_once() -> None:
    case = a_priced_case(period_start=date(2026, 5, 21))
    withdraw(case)
    assert row(case).close_code == CloseCode.WITHDRAWN


def test_on_the_last_day_of_the_period_it_still_costs() -> None:
    case = a_priced_case(period_start=date(2026, 5, 22))
    with pytest.raises(Refused, match="costs"):
        withdraw(case)


@pytest.mark.parametrize("change", [{"phase": "Legal"}, {"price_source": "Accepted quote"}])
def test_terms_agreed_for_the_case_are_asked_for_without_a_cost(change: dict[str, Any]) -> None:
    case = a_priced_case(**change)
    withdraw(case)
    assert row(case).lifecycle == Lifecycle.PAUSED
    decide_withdrawal(partner_of(case), case.public_id, True, now=NOON, today=TODAY)
    assert "follows from what was agreed with the partner" in told(case)[-1]


def test_it_is_asked_for_once() -> None:
    case = an_asked_case()
    with pytest.raises(Refused, match="has not answered yet"):
        withdraw(case, COST)


def test_a_closed_case_is_not_withdrawn() -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code="Paid")
    with pytest.raises(Refused, match="closed already"):
        withdraw(case)


@pytest.mark.parametrize("whose", [partner_of, lambda _: OPERATOR])
def test_only_its_creditor_withdraws_a_case(whose: Any) -> None:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    with pytest.raises(Refused, match="Only the creditor"):
        withdraw_case(whose(case), case.public_id, "No.", now=NOON, today=TODAY)


@pytest.mark.parametrize("whose", [partner_of, lambda _: OPERATOR])
def test_agreed_the_case_is_closed_and_what_is_owed_is_told_not_recorded(whose: Any) -> None:
    case = an_asked_case()
    a_subscription(case)
    decide_withdrawal(whose(case), case.public_id, True, now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.close_code) == (Lifecycle.CLOSED, CloseCode.WITHDRAWN)
    assert now.withdrawal_asked_at is None
    assert told(case)[-1] == "Withdrawal agreed. The creditor owes the partner GBP 190.00, before any VAT."
    assert not Payment.objects.exists()
    assert announced(case) == ["case.closed"]
    period = period_of(now, TODAY)
    assert period is not None
    assert period.status_on(TODAY) is PeriodStatus.TERMINATED


def test_what_the_debtor_has_paid_since_is_not_charged_twice() -> None:
    case = an_asked_case()
    a_payment(case, "1000")
    decide_withdrawal(OPERATOR, case.public_id, True, now=NOON, today=TODAY)
    assert "owes the partner GBP 95.00" in told(case)[-1]


def test_never_more_than_the_creditor_confirmed() -> None:
    case = a_priced_case()
    payment = a_payment(case, "1000")
    withdraw(case, Decimal(95))
    payment.reversed_at = NOON
    payment.save()
    decide_withdrawal(OPERATOR, case.public_id, True, now=NOON, today=TODAY)
    assert "owes the partner GBP 95.00" in told(case)[-1]


def test_turned_down_the_case_goes_on() -> None:
    case = an_asked_case()
    decide_withdrawal(partner_of(case), case.public_id, False, "Court is tomorrow.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.withdrawal_asked_at) == (Lifecycle.ACTIVE, None)
    assert told(case)[-1] == "Withdrawal turned down: Court is tomorrow."
    withdraw(case, COST)


def test_turning_it_down_needs_a_reason() -> None:
    case = an_asked_case()
    with pytest.raises(Refused, match="reason"):
        decide_withdrawal(partner_of(case), case.public_id, False, " ", now=NOON, today=TODAY)
    assert row(case).withdrawal_asked_at == NOON


def test_a_case_that_waits_for_its_creditor_keeps_waiting_with_a_new_deadline() -> None:
    case = an_asked_case(Lifecycle.MORE_INFO, accepted_at=NOON, period_start=TODAY, info_due=TODAY)
    assert (case.lifecycle, case.info_due) == (Lifecycle.MORE_INFO, None)
    decide_withdrawal(partner_of(case), case.public_id, False, "We need you.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.withdrawal_asked_at) == (Lifecycle.MORE_INFO, None)
    assert now.info_due == date(2026, 12, 7)


def test_a_paused_case_stays_paused_while_it_is_asked_for() -> None:
    case = an_asked_case(Lifecycle.PAUSED)
    assert case.lifecycle == Lifecycle.PAUSED


def test_the_creditor_does_not_decide_and_nothing_is_decided_unasked() -> None:
    case = an_asked_case()
    with pytest.raises(Refused, match="Only the partner"):
        decide_withdrawal(creditor_of(case), case.public_id, True, now=NOON, today=TODAY)
    other = a_priced_case()
    with pytest.raises(Refused, match="has not asked"):
        decide_withdrawal(OPERATOR, other.public_id, True, now=NOON, today=TODAY)


def test_everybody_on_the_case_reads_the_terms() -> None:
    case = a_priced_case()
    actors: list[Actor] = [creditor_of(case), partner_of(case), OPERATOR]
    costs = {read_withdrawal_terms(actor, case.public_id, TODAY).cost for actor in actors}
    assert len(costs) == 1
