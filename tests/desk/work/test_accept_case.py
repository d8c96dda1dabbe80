"""Accepting a case: who may, what is added, when the exclusive period begins."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from arrears.core.case import Lifecycle
from arrears.desk.actors import Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.models import Assignment, Case, CaseEvent, Message
from tests.desk.builders import NOON, OPERATOR, a_partner, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, a_subscription, announced, row, told

pytestmark = pytest.mark.django_db


def a_waiting_case(**changes: Any) -> Case:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION, **changes)
    if case.partner:
        Assignment.objects.create(case=case, partner=case.partner, given_at=case.opened_at)
    return case


def test_the_partner_accepts_and_works_the_case_from_now_on() -> None:
    case = a_waiting_case()
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.phase, now.accepted_at) == (Lifecycle.ACTIVE, "Pre-legal", NOON)
    assignment = Assignment.objects.get(case=case)
    assert (assignment.outcome, assignment.decided_at) == (Assignment.Outcome.ACCEPTED, NOON)
    assert told(case) == [f"Accepted by {case.partner}."]


def test_an_operator_may_accept_for_the_partner_but_the_creditor_may_not() -> None:
    case = a_waiting_case()
    with pytest.raises(Refused):
        accept_case(creditor_of(case), case.public_id, now=NOON, today=TODAY)
    assert row(case).accepted_at is None
    assert Assignment.objects.get(case=case).outcome == Assignment.Outcome.WAITING
    accept_case(OPERATOR, case.public_id, now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.ACTIVE


def test_what_the_partner_adds_is_owed_too_and_rounded_to_the_currency() -> None:
    case = a_waiting_case(currency="JPY")
    accept_case(
        partner_of(case),
        case.public_id,
        interest_fees=Decimal("10.5"),
        reminder_fees=Decimal(20),
        collection_fees=Decimal("30.4"),
        now=NOON,
        today=TODAY,
    )
    now = row(case)
    assert (now.interest_fees, now.reminder_fees, now.collection_fees) == (11, 20, 30)
    assert now.outstanding == 2061
    assert told(case) == [f"Accepted by {case.partner}. JPY 61 was added; the debtor owes JPY 2,061 now."]


@pytest.mark.parametrize("fee", ["-0.01", "NaN", "Infinity", "1e15"])
@pytest.mark.parametrize("which", ["interest_fees", "reminder_fees", "collection_fees"])
def test_a_fee_below_zero_or_no_amount_at_all_is_refused(which: str, fee: str) -> None:
    case = a_waiting_case()
    with pytest.raises(Refused, match="zero or more"):
        accept_case(
            partner_of(case),
            case.public_id,
            now=NOON,
            today=TODAY,
            **{which: Decimal(fee)},  # type: ignore[arg-type]
        )
    assert row(case).lifecycle == Lifecycle.PENDING_VERIFICATION


def test_the_welcome_is_the_first_message_and_is_announced() -> None:
    case = a_waiting_case()
    a_subscription(case)
    partner = partner_of(case)
    accept_case(
        partner, case.public_id, welcome=" We begin today. ", partner_reference="P-1", now=NOON, today=TODAY
    )
    message = Message.objects.get(case=case)
    assert (message.party, message.by, message.text) == ("partner", partner.name, "We begin today.")
    assert sorted(announced(case)) == ["case.updated", "chat.created"]
    assert row(case).partner_reference == "P-1"


@pytest.mark.parametrize("field", [{"welcome": "x" * 5001}, {"partner_reference": "x" * 129}])
def test_texts_have_a_longest_length(field: dict[str, str]) -> None:
    case = a_waiting_case()
    with pytest.raises(Refused, match="at most"):
        accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY, **field)  # type: ignore[arg-type]
    assert not Message.objects.exists()


def test_a_case_nobody_was_given_cannot_be_accepted() -> None:
    case = a_waiting_case(partner=None)
    with pytest.raises(Refused, match="No partner"):
        accept_case(OPERATOR, case.public_id, now=NOON, today=TODAY)


@pytest.mark.parametrize(
    "state", [state for state in Lifecycle if state is not Lifecycle.PENDING_VERIFICATION]
)
def test_only_a_case_that_waits_for_it_is_accepted(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused):
        accept_case(OPERATOR, case.public_id, interest_fees=Decimal(5), now=NOON, today=TODAY)
    assert (row(case).outstanding, told(case)) == (2000, [])


def test_the_period_begins_when_all_information_was_there() -> None:
    case = a_waiting_case()
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    assert row(case).period_start == date(2026, 11, 1)


def test_a_later_check_moves_the_beginning_of_the_period() -> None:
    case = a_waiting_case()
    for day in (5, 12):
        CaseEvent.objects.create(
            case=case,
            at=datetime(2026, 11, day, 9, tzinfo=UTC),
            kind="lifecycle",
            text="Passed.",
            data={"event": "check passed"},
        )
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    assert row(case).period_start == date(2026, 11, 12)


def test_for_a_second_partner_the_period_begins_when_it_was_given_the_case() -> None:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    Assignment.objects.create(case=case, partner=a_partner(), given_at=case.opened_at, outcome="declined")
    assert case.partner is not None
    Assignment.objects.create(case=case, partner=case.partner, given_at=datetime(2026, 11, 18, 9, tzinfo=UTC))
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    assert row(case).period_start == date(2026, 11, 18)


def test_terms_of_its_own_and_partners_who_bid_have_no_period() -> None:
    by_quote = a_waiting_case(price_source="Accepted quote")
    bidding = a_waiting_case(partner=a_partner(exclusive=False))
    for case in (by_quote, bidding):
        accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
        assert row(case).period_start is None
