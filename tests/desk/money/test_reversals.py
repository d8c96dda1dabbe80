"""Taking payments back, and noting that money was passed on."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
import simplejson

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.payment import Recipient
from arrears.desk.actors import NotThere, Refused
from arrears.desk.cases.close_case import close_case
from arrears.desk.models import Case, Delivery, Payment, Task, Webhook
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.read_payment import read_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.periods import period_of
from tests.desk.builders import OPERATOR, an_organisation
from tests.desk.money.conftest import NOW, TODAY, World, a_partner


def undo(world: World, payment: Payment) -> None:
    reverse_payment(world.as_partner, payment.public_id, "It bounced.", now=NOW)
    world.reread()


def settle(world: World, payment: Payment, on: date = TODAY, note: str = "") -> Payment:
    return settle_payment(world.as_partner, payment.public_id, on, note, now=NOW, today=TODAY)


def test_a_reversed_payment_is_owed_again_and_listed_no_more(world: World) -> None:
    payment = world.pay("200")
    undo(world, payment)
    assert world.case.outstanding == 1000
    assert list(list_payments(world.as_creditor)) == []
    assert list(list_payments(world.as_creditor, reversed_too=True)) == [payment]
    with pytest.raises(NotThere):
        read_payment(world.as_creditor, payment.public_id)
    assert world.texts()[-1] == (
        "The payment of GBP 200.00 of 22 November 2026 was reversed. GBP 1,000.00 is owed. "
        "Reason: It bounced."
    )
    kept = Payment.objects.get()
    assert (kept.amount, kept.reversed_at, kept.reversed_because) == (200, NOW, "It bounced.")


@pytest.mark.parametrize(
    "kept", [set(found) for size in range(4) for found in itertools.combinations(range(3), size)]
)
def test_whatever_is_reversed_the_balance_is_as_if_it_had_never_been(world: World, kept: set[int]) -> None:
    # 1,000 + 50 interest; payments of 333.33, 333.34 and 383.33 pay everything.
    Case.objects.filter(pk=world.case.pk).update(interest_fees=50, outstanding=1050)
    paid = [world.pay(amount) for amount in ("333.33", "333.34", "383.33")]
    for place in (1, 0, 2):
        if place not in kept:
            undo(world, paid[place])
    expected = 1050 - sum((paid[place].amount for place in kept), Decimal(0))
    assert world.reread().outstanding == expected
    if expected:
        world.pay(str(expected))
    assert world.reread().outstanding == 0
    live = Payment.objects.filter(reversed_at=None)
    # Once all is paid, the fee in all is 9.5% of the principal of 1,000; the interest of 50 is the partner's.
    assert sum(payment.fee for payment in live) == 95
    assert sum(payment.partner_share for payment in live) == 50
    assert sum(payment.amount for payment in live) == 1050


def test_a_case_closed_as_paid_is_reopened(world: World) -> None:
    payment = world.pay("1000", close=True)
    undo(world, payment)
    assert (world.case.lifecycle, world.case.close_code, world.case.finished_at) == (
        Lifecycle.ACTIVE,
        "",
        None,
    )
    assert world.texts()[-1] == "Reopened: with that payment reversed, the debt is not paid."


def test_a_case_closed_as_partially_paid_is_reopened_with_its_last_payment(world: World) -> None:
    first, second = world.pay("100"), world.pay("200")
    close_case(OPERATOR, world.case.public_id, CloseCode.PARTIALLY_PAID, "No more to be had.", now=NOW)
    undo(world, first)
    assert world.case.lifecycle == Lifecycle.CLOSED
    undo(world, second)
    assert (world.case.lifecycle, world.case.close_code) == (Lifecycle.ACTIVE, "")
    assert world.texts()[-1] == "Reopened: with that payment reversed, the debt is not paid."


@pytest.mark.parametrize("changes", [{"close_code": CloseCode.EXHAUSTED.value}, {"debtor_erased_at": NOW}])
def test_a_case_closed_otherwise_or_erased_stays_closed(world: World, changes: dict[str, object]) -> None:
    payment = world.pay("1000", close=True)
    Case.objects.filter(pk=world.case.pk).update(**changes)
    undo(world, payment)
    assert world.case.lifecycle == Lifecycle.CLOSED
    assert world.case.outstanding == 1000


def test_what_cannot_be_reversed_is_refused(world: World) -> None:
    payment = world.pay("10")
    with pytest.raises(Refused, match="Enter a reason"):
        reverse_payment(world.as_partner, payment.public_id, " ", now=NOW)
    with pytest.raises(Refused, match="Only the partner and the operator"):
        reverse_payment(world.as_creditor, payment.public_id, "Mine.", now=NOW)
    with pytest.raises(NotThere, match="no such payment"):
        undo(World(an_organisation("Other"), a_partner("Elm Collections"), world.case), payment)
    undo(world, payment)
    with pytest.raises(Refused, match="reversed already"):
        undo(world, payment)


def test_subscribers_hear_of_a_reversal(world: World) -> None:
    payment = world.pay("10")
    Webhook.objects.create(
        organisation=world.creditor,
        url="https://example.com/hook",
        events=["payment.deleted", "payment.created"],
        created_at=NOW,
        updated_at=NOW,
    )
    undo(world, payment)
    told = simplejson.loads(Delivery.objects.get().payload)
    assert (told["event"], told["data"]["paymentId"]) == ("payment.deleted", str(payment.public_id))


def test_a_share_is_passed_on_once(world: World) -> None:
    # 200: the creditor's share is 177.20.
    payment = world.pay("200", paid_on=date(2026, 11, 20))
    with pytest.raises(Refused, match="in the future"):
        settle(world, payment, TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="paid only on 20 November 2026"):
        settle(world, payment, date(2026, 11, 19))
    with pytest.raises(Refused, match="Only the partner and the operator"):
        settle_payment(world.as_creditor, payment.public_id, TODAY, now=NOW, today=TODAY)
    settled = settle(world, payment, note="Transfer 4711")
    assert (settled.settled_on, settled.settled_note) == (TODAY, "Transfer 4711")
    assert world.texts()[-1] == "The creditor's share of GBP 177.20 was passed on on 22 November 2026."
    with pytest.raises(Refused, match="settled already"):
        settle(world, payment)


def test_a_direct_payments_fee_comes_in(world: World) -> None:
    # 200 to the creditor: fee 19.00 and VAT 3.80 are owed.
    payment = world.pay("200", recipient=Recipient.CREDITOR)
    settle(world, payment)
    assert world.texts()[-1] == "The partner's fee and share of GBP 22.80 came in on 22 November 2026."


def test_after_a_settled_payment_was_reversed_its_share_goes_back(world: World) -> None:
    payment, other = world.pay("200"), world.pay("10")
    settle(world, payment)
    undo(world, payment)
    undo(world, other)
    back = settle(world, payment)
    assert (back.settled_on, back.returned_on) == (TODAY, TODAY)
    assert "GBP 177.20 of the reversed payment" in world.texts()[-1]
    with pytest.raises(Refused, match="settled already"):
        settle(world, payment)
    with pytest.raises(Refused, match="reversed before anything was passed on"):
        settle(world, other)


def test_the_partner_who_took_the_money_passes_it_on_even_when_another_has_the_case(world: World) -> None:
    payment, successor = world.pay("200"), a_partner("Elm Collections")
    Case.objects.filter(pk=world.case.pk).update(partner=successor)
    with pytest.raises(NotThere):
        settle(World(world.creditor, successor, world.case), payment)
    assert settle(world, payment).settled_on == TODAY


def test_the_operator_may_do_all_of_it(world: World) -> None:
    payment = world.pay("200", actor=OPERATOR)
    settle_payment(OPERATOR, payment.public_id, TODAY, now=NOW, today=TODAY)
    reverse_payment(OPERATOR, payment.public_id, "A mistake.", now=NOW)
    assert world.reread().outstanding == 1000


def test_what_was_passed_on_before_a_reversal_has_to_come_back(world: World) -> None:
    payment = settle(world, world.pay("200"))
    undo(world, payment)
    task = Task.objects.get(case=world.case, kind="SettlePayment", solved_at=None)
    assert (task.party, task.subject) == ("creditor", str(payment.public_id))

    settle(world, payment, TODAY, "came back")
    assert not Task.objects.filter(case=world.case, kind="SettlePayment", solved_at=None).exists()


def test_a_reversed_payment_takes_its_extension_of_the_period_with_it(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(period_start=date(2026, 11, 1))
    world.reread()
    before = period_of(world.case, TODAY)
    first, second = world.pay("100"), world.pay("50")
    extended = period_of(world.reread(), TODAY)
    assert before
    assert extended
    assert extended.end > before.end

    undo(world, first)
    assert period_of(world.case, TODAY) == extended  # the other payment of that day still gives it
    undo(world, second)
    assert period_of(world.case, TODAY) == before
    assert "again: its payment was reversed" in " ".join(world.texts())
