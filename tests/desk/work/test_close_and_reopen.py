"""Closing a case honestly, and opening it again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arrears.core.case import CloseCode, Lifecycle, Party, close_codes_for
from arrears.core.payment import Recipient
from arrears.desk.actors import Refused
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.reopen_case import reopen_case
from arrears.desk.models import InfoRequest, Payment
from arrears.desk.money.record_payment import record_payment
from tests.desk.builders import NOON, OPERATOR, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_payment, a_priced_case, a_subscription, announced, row, told

pytestmark = pytest.mark.django_db

OF_THE_PARTNER = close_codes_for(Party.PARTNER)
MONEY = {CloseCode.PAID, CloseCode.PARTIALLY_PAID}


@pytest.mark.parametrize("code", [code for code in CloseCode if code not in MONEY])
def test_the_partner_gives_the_reasons_that_are_its_own(code: CloseCode) -> None:
    case = a_priced_case()
    a_subscription(case)
    if code not in OF_THE_PARTNER:
        with pytest.raises(Refused):
            close_case(partner_of(case), case.public_id, code, "As I say.", now=NOON)
        assert row(case).lifecycle == Lifecycle.ACTIVE
        return
    close_case(partner_of(case), case.public_id, code, "As I say.", now=NOON)
    now = row(case)
    assert (now.lifecycle, now.close_code, now.finished_at) == (Lifecycle.CLOSED, code, NOON)
    assert told(case) == [f"Closed as “{code}”: As I say."]
    assert announced(case) == ["case.closed"]


def test_paid_means_that_no_principal_is_left() -> None:
    case = a_priced_case()
    a_payment(case, "1999.99")
    with pytest.raises(Refused, match=r"GBP 0\.01 of the principal is still outstanding"):
        close_case(partner_of(case), case.public_id, CloseCode.PAID, "Done.", now=NOON)
    assert row(case).lifecycle == Lifecycle.ACTIVE
    a_payment(case, "0.01")
    close_case(partner_of(case), case.public_id, CloseCode.PAID, "Done.", now=NOON)
    assert row(case).close_code == CloseCode.PAID


def test_a_reversed_payment_has_paid_nothing() -> None:
    case = a_priced_case()
    a_payment(case, "2000", reversed_at=NOON)
    for code in MONEY:
        with pytest.raises(Refused):
            close_case(OPERATOR, case.public_id, code, "Done.", now=NOON)


def test_partially_paid_means_that_something_was_paid() -> None:
    case = a_priced_case()
    with pytest.raises(Refused, match="Nothing has been paid"):
        close_case(OPERATOR, case.public_id, CloseCode.PARTIALLY_PAID, "Done.", now=NOON)
    a_payment(case, "0.01")
    close_case(OPERATOR, case.public_id, CloseCode.PARTIALLY_PAID, "Done.", now=NOON)
    assert row(case).close_code == CloseCode.PARTIALLY_PAID


def test_a_creditor_cannot_close_a_case_past_the_terms_of_withdrawing_it() -> None:
    case = a_priced_case()
    with pytest.raises(Refused):
        close_case(creditor_of(case), case.public_id, CloseCode.WITHDRAWN, "Stop.", now=NOON)


def test_whatever_waited_ends_with_the_case() -> None:
    case = a_priced_case(Lifecycle.MORE_INFO, withdrawal_asked_at=NOON)
    request = InfoRequest.objects.create(
        case=case, area="Other", description="?", party="partner", asked_at=NOON
    )
    close_case(OPERATOR, case.public_id, CloseCode.UNRESPONSIVE, "No answer.", now=NOON)
    request.refresh_from_db()
    assert request.settled_at == NOON
    assert (row(case).withdrawal_asked_at, row(case).info_due) == (None, None)


@pytest.mark.parametrize("code", CloseCode)
def test_a_case_is_reopened_whatever_it_was_closed_for(code: CloseCode) -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code=code.value, outstanding=Decimal("12.34"))
    actor = partner_of(case)
    if code is CloseCode.WITHDRAWN:
        with pytest.raises(Refused, match="but by an operator"):
            reopen_case(actor, case.public_id, "The cheque bounced.", now=NOON)
        assert row(case).lifecycle == Lifecycle.CLOSED
        actor = OPERATOR
    reopen_case(actor, case.public_id, "The cheque bounced.", now=NOON)
    now = row(case)
    assert (now.lifecycle, now.close_code, now.finished_at) == (Lifecycle.ACTIVE, "", None)
    assert now.outstanding == Decimal("12.34")
    assert told(case) == ["Reopened with GBP 12.34 outstanding: The cheque bounced."]


@pytest.mark.parametrize(
    "change", [{"accepted_at": None}, {"partner": None}, {"debtor_erased_at": NOON}, {"is_test": True}]
)
def test_a_case_nobody_can_work_is_not_reopened(change: dict[str, object]) -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code="Other", **change)
    with pytest.raises(Refused, match="cannot be reopened"):
        reopen_case(OPERATOR, case.public_id, "Try again.", now=NOON)


def test_the_creditor_cannot_reopen_and_an_open_case_is_open() -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code="Other")
    with pytest.raises(Refused):
        reopen_case(creditor_of(case), case.public_id, "Go on.", now=NOON)
    with pytest.raises(Refused):
        reopen_case(OPERATOR, a_priced_case().public_id, "Go on.", now=NOON)


@pytest.mark.parametrize("code", CloseCode)
def test_money_that_comes_in_on_a_closed_case_is_recorded_once_it_is_reopened(code: CloseCode) -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code=code.value)

    def pay() -> Payment:
        return record_payment(
            OPERATOR,
            case.public_id,
            paid_on=TODAY,
            amount=Decimal(100),
            recipient=Recipient.PARTNER,
            now=NOON,
            today=TODAY,
        )

    with pytest.raises(Refused, match="Reopen it first"):
        pay()
    reopen_case(OPERATOR, case.public_id, "Money came in.", now=NOON)
    assert pay().case.outstanding == 1900


@pytest.mark.parametrize(
    ("change", "why"),
    [({"accepted_at": None}, "No partner has worked"), ({"debtor_erased_at": NOON}, "were erased")],
)
def test_nobody_is_sent_to_reopen_a_case_that_stays_closed(change: dict[str, object], why: str) -> None:
    case = a_priced_case(Lifecycle.CLOSED, close_code="Other", **change)
    with pytest.raises(Refused, match=why) as refused:
        record_payment(
            OPERATOR,
            case.public_id,
            paid_on=TODAY,
            amount=Decimal(100),
            recipient=Recipient.PARTNER,
            now=NOON,
            today=TODAY,
        )
    assert "Reopen it first" not in str(refused.value)
