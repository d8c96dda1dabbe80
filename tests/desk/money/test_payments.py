"""Recording payments: what is refused, how they are split, what follows from them."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import simplejson
from django.db import connection

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.payment import Bucket, Method, Recipient
from arrears.desk.actors import NotThere, Refused
from arrears.desk.models import Case, Delivery, DeskSettings, Payment, Webhook
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.read_payment import read_payment
from arrears.desk.money.report_direct_payment import report_direct_payment
from tests.desk.builders import OPERATOR, an_organisation
from tests.desk.money.conftest import NOW, TODAY, World, a_case, a_partner


def shares(payment: Payment) -> tuple[str, str, str, str]:
    found = Payment.objects.get(pk=payment.pk)
    return tuple(  # type: ignore[return-value]
        f"{amount:.2f}" for amount in (found.fee, found.fee_vat, found.partner_share, found.creditor_share)
    )


def change(world: World, **changes: Any) -> None:
    Case.objects.filter(pk=world.case.pk).update(**changes)


def test_a_payment_is_split_and_what_is_owed_sinks(world: World) -> None:
    # 200 to principal: fee 9.5% = 19.00, VAT 20% = 3.80, creditor 200 - 22.80 = 177.20.
    payment = world.pay("200", note="Standing order")
    assert shares(payment) == ("19.00", "3.80", "0.00", "177.20")
    assert world.reread().outstanding == Decimal(800)
    assert payment.settle_by == date(2027, 1, 4)  # 22 November is a Sunday: Monday 23rd and 30 business days
    assert (payment.recipient, payment.method) == ("CollectionPartner", "BankTransfer")
    assert (payment.recorded_by, payment.note) == ("Pat Partner", "Standing order")
    assert world.texts()[0] == (
        "GBP 200.00 received by the partner on 22 November 2026: GBP 200.00 principal. "
        "Success fee GBP 19.00 (9.5% of principal). VAT at 20%, the rate in United Kingdom. "
        "GBP 800.00 is still owed."
    )


def test_what_the_partner_added_stays_with_the_partner(world: World) -> None:
    # 1,000 principal, 50 interest, 20 reminder and 30 collection fees; costs 4.50. Fee 95, VAT 19.
    # Partner 100 + 4.50. Creditor 1,100 - 95 - 19 - 104.50 = 881.50.
    change(world, interest_fees=50, reminder_fees=20, collection_fees=30, outstanding=1100)
    payment = world.pay("1100", costs=Decimal("4.50"))
    assert shares(payment) == ("95.00", "19.00", "104.50", "881.50")
    assert world.reread().outstanding == 0


def test_the_operator_sets_the_order_of_allocation(world: World) -> None:
    change(world, interest_fees=50, outstanding=1050)
    row = DeskSettings.current()
    row.allocation = [Bucket.INTEREST.value, Bucket.PRINCIPAL.value]
    row.save()
    payment = world.pay("60")
    assert (payment.to_interest, payment.to_principal) == (50, 10)
    assert shares(payment) == ("0.95", "0.19", "50.00", "8.86")


def test_part_payments_cost_what_one_payment_would(world: World) -> None:
    # Three of 33.33 at 9.5%: 3.17 + 3.16 + 3.17 = 9.50, and 9.5% of 99.99 is 9.49905.
    fees = [world.pay("33.33").fee for _ in range(3)]
    assert fees == [Decimal("3.17"), Decimal("3.16"), Decimal("3.17")]


def test_a_new_rate_counts_from_where_it_was_agreed(world: World) -> None:
    # 100 at 9.5% cost 9.50. At 20% the next 100 cost 20.00, not 20% of 200 less 9.50.
    world.pay("100")
    change(world, rate=Decimal(20))
    assert world.pay("100").fee == Decimal(20)


@pytest.mark.parametrize(
    ("creditor", "partner", "vat_rate", "vat"),
    [
        ("DE", "GB", "20", "0.00"),
        ("GB", "GB", None, "0.00"),
        ("DE", "DE", "19", "1.81"),
    ],  # 19% of 9.50 is 1.805
)
def test_vat_follows_creditor_and_partner(
    db: None, creditor: str, partner: str, vat_rate: str | None, vat: str
) -> None:
    owner = an_organisation(country=creditor)
    other = a_partner(country=partner, vat_rate=vat_rate and Decimal(vat_rate))
    world = World(owner, other, a_case(owner, other))
    assert f"{world.pay('100').fee_vat:.2f}" == vat


def test_yen_are_whole(world: World) -> None:
    # 9.5% of 1,234 is 117.23: 117 yen; 20% of that is 23.4: 23.
    case = a_case(world.creditor, world.partner, currency="JPY", principal="5000")
    payment = world.pay("1234", case=case)
    assert (payment.fee, payment.fee_vat, payment.creditor_share) == (117, 23, 1094)
    with pytest.raises(Refused, match="more decimal places than the 0 of JPY"):
        world.pay("1.5", case=case)


@pytest.mark.parametrize(
    ("amount", "changes", "sentence"),
    [
        ("0", {}, "more than nothing"),
        ("-5", {}, "more than nothing"),
        ("1.005", {}, "more decimal places than the 2 of GBP"),
        ("NaN", {}, "not a plausible one"),
        ("1000.01", {}, r"GBP 1,000\.01 is more than the GBP 1,000\.00 still owed"),
        ("10", {"paid_on": date(2026, 11, 23)}, "23 November 2026 is in the future"),
        ("10", {"costs": Decimal("10.01")}, "between nothing and the payment"),
        ("10", {"costs": Decimal("-1")}, "between nothing and the payment"),
        ("10", {"costs": Decimal("0.001")}, "The amount of the costs has more decimal places"),
        ("10", {"costs": Decimal(1), "recipient": Recipient.CREDITOR}, "only what the partner received"),
        ("10", {"note": "x" * 2001}, "at most 2,000 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    world: World, amount: str, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        world.pay(amount, **changes)
    assert not Payment.objects.exists()
    assert world.texts() == []
    assert world.reread().outstanding == 1000


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lifecycle": Lifecycle.CLOSED.value, "close_code": "Paid"}, "Reopen it first"),
        ({"accepted_at": None}, "No partner has accepted"),
        ({"lifecycle": Lifecycle.PENDING_VERIFICATION.value}, "No partner has accepted"),
    ],
)
def test_closed_and_unaccepted_cases_take_no_money(
    world: World, changes: dict[str, Any], sentence: str
) -> None:
    change(world, **changes)
    with pytest.raises(Refused, match=sentence):
        world.pay("10")


def test_others_find_no_case_and_creditors_record_nothing(world: World) -> None:
    stranger = World(an_organisation("Other"), a_partner("Elm Collections"), world.case)
    with pytest.raises(NotThere):
        stranger.pay("10")
    with pytest.raises(NotThere):
        stranger.pay("10", case=a_case(world.creditor, world.partner, is_test=True), actor=world.as_partner)
    with pytest.raises(Refused, match="Only the partner and the operator"):
        world.pay("10", actor=world.as_creditor)
    assert not Payment.objects.exists()


def test_a_creditor_reports_a_direct_payment_and_then_owes_the_fee(world: World) -> None:
    # 100 principal: fee 9.50, VAT 1.90; due 14 days after it was reported. Paid four days before.
    payment = report_direct_payment(
        world.as_creditor,
        world.case.public_id,
        paid_on=TODAY - timedelta(days=4),
        amount=Decimal(100),
        method=Method.CASH,
        now=NOW,
        today=TODAY,
    )
    assert (payment.recipient, payment.method) == ("Creditor", "Cash")
    assert payment.settle_by == date(2026, 12, 6)
    assert shares(payment) == ("9.50", "1.90", "0.00", "88.60")
    assert "Reported 4 days after it was paid" in world.texts()[0]
    with pytest.raises(Refused, match="Only the creditor"):
        report_direct_payment(
            OPERATOR, world.case.public_id, paid_on=TODAY, amount=Decimal(1), now=NOW, today=TODAY
        )


def test_closing_with_the_last_payment(world: World) -> None:
    world.pay("600", close=True)
    assert world.reread().lifecycle == Lifecycle.ACTIVE
    assert world.texts()[-1] == "Not closed as paid: GBP 400.00 is still owed."
    world.pay("400", close=True)
    assert (world.reread().lifecycle, world.case.close_code) == (Lifecycle.CLOSED, CloseCode.PAID)
    assert world.case.finished_at == NOW


def test_a_payment_prolongs_the_exclusive_period(world: World) -> None:
    change(world, period_start=date(2026, 11, 1))
    world.pay("10", paid_on=date(2026, 11, 20))
    extension = world.case.extensions.get()
    assert (extension.kind, extension.event_date, extension.new_end) == (
        "Payment",
        date(2026, 11, 20),
        date(2027, 11, 20),
    )


def test_subscribers_are_told_by_id_alone(world: World) -> None:
    Webhook.objects.create(
        organisation=world.creditor,
        url="https://example.com/hook",
        events=["payment.created"],
        created_at=NOW,
        updated_at=NOW,
    )
    payment = world.pay("10")
    told = simplejson.loads(Delivery.objects.get().payload)
    assert (told["event"], told["data"]["paymentId"]) == ("payment.created", str(payment.public_id))
    assert "amount" not in told["data"]


def test_everybody_sees_only_their_own_payments(world: World) -> None:
    mine = world.pay("10")
    other_creditor, other_partner = an_organisation("Other"), a_partner("Elm Collections")
    other = World(other_creditor, other_partner, a_case(other_creditor, other_partner))
    theirs = other.pay("20")
    for actor, expected in [
        (world.as_creditor, [mine]),
        (world.as_partner, [mine]),
        (other.as_creditor, [theirs]),
        (other.as_partner, [theirs]),
        (OPERATOR, [theirs, mine]),
    ]:
        assert list(list_payments(actor)) == expected
    assert list(list_payments(world.as_creditor, world.case.public_id)) == [mine]
    with pytest.raises(NotThere):
        list_payments(world.as_creditor, other.case.public_id)
    assert read_payment(world.as_creditor, str(mine.public_id)) == mine
    for unknown in (theirs.public_id, "nonsense"):
        with pytest.raises(NotThere):
            read_payment(world.as_creditor, unknown)


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_cannot_pay_more_than_is_owed(world: World) -> None:
    barrier, refused = threading.Barrier(2), []

    def pay() -> None:
        try:
            barrier.wait(timeout=30)
            world.pay("600")
        except Refused as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=pay) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["over_paid"]
    assert Payment.objects.get().amount == 600
    assert world.reread().outstanding == 400
