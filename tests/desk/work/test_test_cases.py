"""Test cases: moved along in one call, removed without a trace."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from arrears.core.case import CloseCode, Lifecycle, Party, Phase
from arrears.core.verification import CheckArea
from arrears.desk.actors import NotThere, Refused
from arrears.desk.cases.advance_test_case import TestState, advance_test_case
from arrears.desk.cases.delete_test_cases import delete_test_cases
from arrears.desk.models import (
    Assignment,
    Case,
    Delivery,
    Document,
    EventKind,
    InfoRequest,
    Message,
    Payment,
    Quote,
    Task,
)
from arrears.desk.moves import write_down
from tests.desk.builders import NOON, OPERATOR, an_organisation, creditor_of, partner_of
from tests.desk.work.at_work import (
    TODAY,
    a_payment,
    a_priced_case,
    a_subscription,
    announced,
    row,
    stranger,
    told,
)
from tests.desk.work.test_working import accept_quote

pytestmark = pytest.mark.django_db


def a_test_case(lifecycle: Lifecycle = Lifecycle.PENDING_VERIFICATION, **changes: Any) -> Case:
    return a_priced_case(lifecycle, **({"partner": None, "is_test": True} | changes))


def advance(case: Case, to: TestState, amount: str | None = None) -> tuple[bool, str]:
    paid = Decimal(amount) if amount else None
    return advance_test_case(creditor_of(case), case.public_id, to, paid, now=NOON, today=TODAY)


OPEN = [state for state in Lifecycle if state is not Lifecycle.CLOSED]


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("to", TestState)
def test_every_open_case_reaches_every_state_and_a_second_call_does_nothing(
    state: Lifecycle, to: TestState
) -> None:
    case = a_test_case(state)
    there = state is Lifecycle.ACTIVE and to is TestState.ACTIVE
    assert advance(case, to, "2000") == (not there, to.value)
    lines = told(case)
    assert advance(case, to, "2000") == (False, to.value)
    assert told(case) == lines


def test_an_advanced_case_looks_as_if_it_was_accepted() -> None:
    case = a_test_case()
    advance(case, TestState.ACTIVE)
    now = row(case)
    assert (now.lifecycle, now.accepted_at, now.phase) == (Lifecycle.ACTIVE, NOON, "Pre-legal")


def test_paid_records_the_payment_and_says_so_to_test_subscriptions_only() -> None:
    case = a_test_case()
    a_subscription(case, is_test=True)
    real = a_subscription(case)
    advance(case, TestState.PAID, "2000")
    now = row(case)
    assert (now.close_code, now.outstanding) == (CloseCode.PAID, 0)
    payment = Payment.objects.get(case=case)
    assert (payment.amount, payment.settled_on) == (2000, TODAY)
    assert not Task.objects.filter(case=case, solved_at=None).exists()
    assert announced(case) == ["case.updated", "payment.created", "case.closed"]
    assert not Delivery.objects.filter(webhook=real).exists()


def test_paid_needs_an_amount_that_can_have_been_paid() -> None:
    case = a_test_case()
    with pytest.raises(Refused, match="Say the amount"):
        advance(case, TestState.PAID)
    for amount in ("2000.01", "-1", "0.001"):
        with pytest.raises(Refused):
            advance(case, TestState.PAID, amount)
    assert row(case).lifecycle == Lifecycle.PENDING_VERIFICATION


def test_unpaid_ends_without_money() -> None:
    case = a_test_case()
    assert advance(case, TestState.UNPAID) == (True, "Closed:NoPayment")
    assert row(case).close_code == CloseCode.EXHAUSTED
    assert not Payment.objects.exists()


def test_a_case_that_ended_otherwise_is_not_closed_again() -> None:
    case = a_test_case()
    advance(case, TestState.UNPAID)
    with pytest.raises(Refused, match="is closed as"):
        advance(case, TestState.PAID, "2000")
    assert advance(case, TestState.ACTIVE) == (False, "Closed:NoPayment")
    withdrawn = a_test_case(Lifecycle.CLOSED, close_code="Withdrawn by Client")
    assert advance(withdrawn, TestState.ACTIVE) == (False, "Closed")


def test_real_cases_and_other_peoples_are_not_moved() -> None:
    real = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    with pytest.raises(Refused, match="a real case"):
        advance(real, TestState.ACTIVE)
    case = a_test_case()
    with pytest.raises(NotThere):
        advance_test_case(
            stranger(Party.CREDITOR, case), case.public_id, TestState.ACTIVE, now=NOON, today=TODAY
        )
    for actor in (OPERATOR, partner_of(real)):
        with pytest.raises(Refused, match="Only the creditor"):
            advance_test_case(actor, case.public_id, TestState.ACTIVE, now=NOON, today=TODAY)


# --- Removing -----------------------------------------------------------------------------------------------


def with_everything(case: Case) -> Case:
    """A case with a row in every table that belongs to cases."""
    a_subscription(case, is_test=case.is_test)
    partner = a_priced_case().partner
    assert partner is not None
    a_payment(case, partner=partner)
    accept_quote(row_with(case, partner.pk), Phase.LEGAL)
    Assignment.objects.create(case=case, partner=partner, given_at=NOON)
    InfoRequest.objects.create(
        case=case, area=CheckArea.OTHER, description="?", party="partner", asked_at=NOON
    )
    Message.objects.create(case=case, party="creditor", by="Carol", text="Hello", at=NOON)
    Document.objects.create(
        case=case,
        kind="OriginalInvoice",
        name="1.pdf",
        sha256="0" * 64,
        size=1,
        content=b"1",
        attached_at=NOON,
    )
    case.extensions.create(kind="Payment", event_date=TODAY, new_end=TODAY, at=NOON)
    case.updates.create(month=TODAY, actions="-", recommendation="stay", by="Pat", at=NOON)
    case.tasks.create(creditor=case.creditor, party="creditor", kind="Generic", opened_at=NOON)
    case.complaints.create(
        number=f"C-{case.pk}",
        subject="-",
        text="-",
        state="Submitted",
        raised_by="Carol",
        raised_at=NOON,
        updated_at=NOON,
    )
    case.disclosures.create(at=NOON, to="-", what="-", why="-")
    write_down(case, EventKind.NOTE, OPERATOR, "Noted.", now=NOON)
    Delivery.objects.create(
        webhook=case.creditor.webhooks.get(), case=case, event="case.created", payload="{}", created_at=NOON
    )
    return case


def row_with(case: Case, partner: int) -> Case:
    found = row(case)
    found.partner_id = partner
    return found


def belonging_to(case: Case) -> dict[str, int]:
    """How many rows of each table name the case."""
    counts = {}
    for model in apps.get_app_config("desk").get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is Case:
                counts[model.__name__] = model._default_manager.filter(**{field.name: case.pk}).count()
    return counts


def test_a_removed_case_leaves_nothing_behind() -> None:
    case = with_everything(a_test_case(tag="run-1"))
    before = belonging_to(case)
    assert len(before) >= 13
    assert all(before.values()), before
    assert delete_test_cases(creditor_of(case), case_id=case.public_id) == 1
    assert not any(belonging_to(case).values())
    assert not Quote.objects.exists()
    assert not Case.objects.filter(pk=case.pk).exists()


def test_removing_twice_or_what_was_never_there_is_no_error() -> None:
    case = a_test_case()
    actor = creditor_of(case)
    assert delete_test_cases(actor, case_id=case.public_id) == 1
    assert delete_test_cases(actor, case_id=case.public_id) == 0
    assert delete_test_cases(actor, case_id="not an id") == 0
    assert delete_test_cases(actor, tag="never used") == 0


def test_a_tag_removes_its_own_cases_and_no_others() -> None:
    creditor = an_organisation()
    tagged = [a_test_case(creditor=creditor, tag="run-1") for _ in range(2)]
    other_tag, other_creditor = a_test_case(creditor=creditor, tag="run-2"), a_test_case(tag="run-1")
    assert delete_test_cases(creditor_of(tagged[0]), tag="run-1") == 2
    assert set(Case.objects.filter(is_test=True)) == {other_tag, other_creditor}


def test_all_or_nothing_when_a_real_case_has_the_tag() -> None:
    creditor = an_organisation()
    case = a_test_case(creditor=creditor, tag="run-1")
    real = a_priced_case(creditor=creditor, tag="run-1")
    for wanted in ({"tag": "run-1"}, {"case_id": real.public_id}):
        with pytest.raises(Refused, match="real case"):
            delete_test_cases(creditor_of(case), **wanted)
    assert Case.objects.filter(pk__in=[case.pk, real.pk]).count() == 2


def test_somebody_elses_case_stays_and_a_blank_tag_is_refused() -> None:
    case = a_test_case(tag="")
    assert delete_test_cases(stranger(Party.CREDITOR, case), case_id=case.public_id) == 0
    with pytest.raises(Refused, match="Say which"):
        delete_test_cases(creditor_of(case), tag=" ")
    with pytest.raises(Refused, match="Only the creditor"):
        delete_test_cases(OPERATOR, case_id=case.public_id)
    assert Case.objects.filter(pk=case.pk).exists()
