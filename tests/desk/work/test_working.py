"""Working a case: questions, pauses, notes, phases, promises."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from arrears.core.case import Lifecycle, Phase
from arrears.core.exclusivity import ExtensionKind, PeriodStatus
from arrears.core.verification import CheckArea
from arrears.desk.actors import Refused
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.note_case import note_case
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.models import Case, InfoRequest, Quote, QuoteRequest, Task
from arrears.desk.periods import extend, period_of
from tests.desk.builders import NOON, OPERATOR, a_partner, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, a_subscription, announced, row, told

pytestmark = pytest.mark.django_db

QUESTIONS = ((CheckArea.ADDRESS, "Is it number 2 or 12?"), (CheckArea.DOCUMENTS, "Attach the contract."))


@pytest.mark.parametrize("state", [Lifecycle.PENDING_VERIFICATION, Lifecycle.ACTIVE])
def test_questions_wait_for_the_creditor_ten_business_days(state: Lifecycle) -> None:
    case = a_priced_case(state)
    a_subscription(case)
    ask_info(partner_of(case), case.public_id, QUESTIONS, now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.info_due) == (Lifecycle.MORE_INFO, date(2026, 12, 7))
    asked = InfoRequest.objects.filter(case=case).order_by("pk")
    assert [(one.area, one.description, one.party) for one in asked] == [
        ("Address", "Is it number 2 or 12?", "partner"),
        ("Documents", "Attach the contract.", "partner"),
    ]
    assert told(case) == [
        (
            "The creditor is asked to answer by 7 December 2026. "
            "Address: Is it number 2 or 12? Documents: Attach the contract."
        )
    ]
    assert list(Task.objects.filter(case=case, party="creditor").values_list("kind", "due_on")) == [
        ("MoreInfoNeeded", date(2026, 12, 7))
    ]
    assert "case.updated" in announced(case)


@pytest.mark.parametrize(
    "items", [(), ((CheckArea.OTHER, " "),), ((CheckArea.OTHER, "x" * 1001),), QUESTIONS * 11]
)
def test_nothing_too_much_and_empty_questions_are_refused(items: tuple[tuple[CheckArea, str], ...]) -> None:
    case = a_priced_case()
    with pytest.raises(Refused):
        ask_info(partner_of(case), case.public_id, items, now=NOON, today=TODAY)
    assert not InfoRequest.objects.exists()


def test_questions_on_a_case_that_cannot_wait_leave_nothing_behind() -> None:
    case = a_priced_case(Lifecycle.PAUSED)
    with pytest.raises(Refused):
        ask_info(OPERATOR, case.public_id, QUESTIONS, now=NOON, today=TODAY)
    assert not InfoRequest.objects.exists()


def test_a_case_is_paused_and_resumed_with_reasons() -> None:
    case = a_priced_case()
    a_subscription(case)
    pause_case(partner_of(case), case.public_id, "The debtor is in hospital.", now=NOON)
    assert row(case).lifecycle == Lifecycle.PAUSED
    resume_case(partner_of(case), case.public_id, "She is home again.", now=NOON)
    assert row(case).lifecycle == Lifecycle.ACTIVE
    assert told(case) == ["Paused: The debtor is in hospital.", "Resumed: She is home again."]
    assert announced(case).count("case.updated") == 2


def test_a_case_whose_withdrawal_is_asked_for_is_not_resumed() -> None:
    case = a_priced_case(Lifecycle.PAUSED, withdrawal_asked_at=NOON)
    with pytest.raises(Refused, match="decided first"):
        resume_case(partner_of(case), case.public_id, "On we go.", now=NOON)


@pytest.mark.parametrize("state", [Lifecycle.ACTIVE, Lifecycle.CLOSED])
def test_a_note_changes_nothing_but_the_timeline(state: Lifecycle) -> None:
    case = a_priced_case(state)
    a_subscription(case)
    note_case(partner_of(case), case.public_id, "Rang twice, no answer.", now=NOON)
    assert (row(case).lifecycle, told(case)) == (state, ["Rang twice, no answer."])
    assert "case.updated" not in announced(case)


# --- Phases -------------------------------------------------------------------------------------------------


def accept_quote(case: Case, phase: Phase, state: str = "Accepted") -> None:
    request = QuoteRequest.objects.create(
        case=case,
        scenario="Exclusive",
        purpose="PhaseChange",
        phase=phase.value,
        max_quotes=1,
        state="Decided",
        opened_at=NOON,
        closes_at=NOON,
        decided_at=NOON,
    )
    Quote.objects.create(
        request=request,
        partner_id=case.partner_id or 0,
        agreement="Flat Fee",
        currency=case.currency,
        nature="Required",
        phase=phase.value,
        valid_until=TODAY,
        state=state,
        offered_at=NOON,
        updated_at=NOON,
    )


def test_a_partner_goes_to_court_once_the_creditor_has_accepted_its_price() -> None:
    case = a_priced_case()
    a_subscription(case)
    accept_quote(case, Phase.LEGAL)
    change_phase(partner_of(case), case.public_id, Phase.LEGAL, "Filed in Leeds.", now=NOON)
    assert row(case).phase == "Legal"
    assert told(case) == ["The legal phase has begun. Filed in Leeds."]
    assert announced(case)[0] == "case.phase_changed"


@pytest.mark.parametrize(("phase", "state"), [(Phase.LEGAL, "Offered"), (Phase.ENFORCEMENT, "Accepted")])
def test_a_price_that_is_not_accepted_or_for_another_phase_is_not_enough(phase: Phase, state: str) -> None:
    case = a_priced_case()
    accept_quote(case, phase, state)
    with pytest.raises(Refused, match="has not accepted a quote"):
        change_phase(partner_of(case), case.public_id, Phase.LEGAL, now=NOON)
    assert row(case).phase == "Pre-legal"


def test_another_partners_accepted_price_is_not_enough() -> None:
    case = a_priced_case()
    accept_quote(case, Phase.LEGAL)
    Quote.objects.update(partner=a_partner())
    with pytest.raises(Refused, match="has not accepted a quote"):
        change_phase(partner_of(case), case.public_id, Phase.LEGAL, now=NOON)


def test_an_operator_needs_no_quote_but_cannot_go_back_either() -> None:
    case = a_priced_case()
    change_phase(OPERATOR, case.public_id, Phase.ENFORCEMENT, now=NOON)
    assert told(case) == ["The enforcement phase has begun."]
    with pytest.raises(Refused, match="only go forward"):
        change_phase(OPERATOR, case.public_id, Phase.LEGAL, now=NOON)
    assert row(case).phase == "Enforcement"


@pytest.mark.parametrize("state", [Lifecycle.PENDING_VERIFICATION, Lifecycle.MORE_INFO, Lifecycle.CLOSED])
def test_only_a_case_at_work_enters_a_phase(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused):
        change_phase(OPERATOR, case.public_id, Phase.LEGAL, now=NOON)


# --- Promises and the exclusive period ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (ExtensionKind.PROMISE, "promised in writing"),
        (ExtensionKind.AGREEMENT, "signed an agreement"),
    ],
)
def test_a_promise_gives_the_period_twelve_months_from_its_day(kind: ExtensionKind, how: str) -> None:
    case = a_priced_case()
    on = date(2026, 11, 20)
    record_promise(
        partner_of(case), case.public_id, kind, on, Decimal(1200), "Ten rates.", now=NOON, today=TODAY
    )
    period = period_of(row(case), TODAY)
    assert period is not None
    assert period.end == date(2027, 11, 20)
    assert [(one.kind, one.event_date) for one in period.extensions] == [(kind, on)]
    assert told(case) == [
        f"On 20 November 2026 the debtor {how} to pay GBP 1,200.00. Ten rates.",
        "The exclusive period now runs until 20 November 2027.",
    ]


def test_promises_chain_and_an_earlier_one_changes_nothing() -> None:
    case = a_priced_case()
    for day in (20, 22, 15):
        record_promise(
            OPERATOR,
            case.public_id,
            ExtensionKind.PROMISE,
            date(2026, 11, day),
            Decimal(10),
            now=NOON,
            today=TODAY,
        )
    period = period_of(row(case), TODAY)
    assert period is not None
    assert period.end == date(2027, 11, 22)
    assert [one.new_end.day for one in period.extensions] == [20, 22]


def test_a_promise_on_a_case_without_a_period_is_written_down_alone() -> None:
    case = a_priced_case(period_start=None)
    record_promise(OPERATOR, case.public_id, ExtensionKind.PROMISE, TODAY, Decimal(10), now=NOON, today=TODAY)
    assert period_of(row(case), TODAY) is None
    assert len(told(case)) == 1


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (TODAY + timedelta(days=1), Decimal(10)),
        (TODAY, Decimal(0)),
        (TODAY, Decimal("NaN")),
        (TODAY, None),
    ],
)
def test_a_promise_needs_a_day_that_was_and_an_amount(on: date, amount: Decimal | None) -> None:
    case = a_priced_case()
    with pytest.raises(Refused):
        record_promise(OPERATOR, case.public_id, ExtensionKind.PROMISE, on, amount, now=NOON, today=TODAY)
    assert told(case) == []


def test_only_an_operator_prolongs_by_hand_and_nobody_records_a_payment_so() -> None:
    case = a_priced_case()
    manual, payment = ExtensionKind.MANUAL, ExtensionKind.PAYMENT
    with pytest.raises(Refused):
        record_promise(
            partner_of(case), case.public_id, manual, TODAY, None, "Agreed.", now=NOON, today=TODAY
        )
    with pytest.raises(Refused, match="reason"):
        record_promise(OPERATOR, case.public_id, manual, TODAY, now=NOON, today=TODAY)
    with pytest.raises(Refused, match="by itself"):
        record_promise(OPERATOR, case.public_id, payment, TODAY, Decimal(1), now=NOON, today=TODAY)
    record_promise(OPERATOR, case.public_id, manual, TODAY, None, "Agreed.", now=NOON, today=TODAY)
    period = period_of(row(case), TODAY)
    assert period is not None
    assert [one.kind for one in period.extensions] == [manual]


@pytest.mark.parametrize("state", [Lifecycle.PENDING_VERIFICATION, Lifecycle.CLOSED])
def test_nothing_is_promised_before_work_begins_or_after_it_ends(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused):
        record_promise(
            OPERATOR, case.public_id, ExtensionKind.PROMISE, TODAY, Decimal(1), now=NOON, today=TODAY
        )


@pytest.mark.parametrize(
    ("code", "status"),
    [("Withdrawn by Client", PeriodStatus.TERMINATED), ("Paid", PeriodStatus.EXPIRED)],
)
def test_the_period_ends_with_its_case_and_runs_on_when_that_is_reopened(
    code: str, status: PeriodStatus
) -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code=code)
    period = period_of(case, TODAY)
    assert period is not None
    assert period.status_on(TODAY) is status
    Case.objects.filter(pk=case.pk).update(lifecycle="active", close_code="", finished_at=None)
    again = period_of(row(case), TODAY)
    assert again is not None
    assert again.status_on(TODAY) is PeriodStatus.ACTIVE


def test_a_period_that_was_broken_off_is_not_prolonged() -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code="Withdrawn by Client")
    assert extend(case, ExtensionKind.PAYMENT, TODAY, now=datetime.fromisoformat("2026-11-22T12:00Z")) is None
    assert not case.extensions.exists()
