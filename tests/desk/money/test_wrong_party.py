"""Money is owed by whoever has it, and only who has a case changes what is owed on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arrears.core.case import Party
from arrears.core.exclusivity import ExtensionKind
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor, Refused
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.erasure import retention_facts
from arrears.desk.models import Case, Payment, Task
from arrears.desk.money.list_unsettled import list_unsettled
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.periods import period_of
from tests.desk.builders import OPERATOR
from tests.desk.money.conftest import NOW, TODAY, World, a_partner


def undo(world: World, payment: Payment, actor: Actor | None = None) -> None:
    reverse_payment(actor or world.as_partner, payment.public_id, "It bounced.", now=NOW)


def hand_over(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(partner=a_partner("Elm Collections"))
    world.reread()


def test_bank_costs_cannot_eat_more_than_what_the_creditor_gets(world: World) -> None:
    with pytest.raises(Refused, match="bank costs"):
        world.pay("100", costs=Decimal("88.61"))
    payment = world.pay("100", costs=Decimal("88.60"))
    assert payment.creditor_share == 0


def test_bank_costs_of_a_payment_on_the_partners_own_fees_are_its_own(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(principal=1, collection_fees=50, outstanding=51)
    world.reread()
    world.pay("1")
    with pytest.raises(Refused, match="bank costs"):
        world.pay("50", costs=Decimal(5))


def test_what_a_former_partner_holds_is_an_operators_to_chase(world: World) -> None:
    payment = world.pay("200")
    hand_over(world)
    # Any change brings the tasks up to date.
    direct = world.pay("10", actor=OPERATOR, recipient=Recipient.CREDITOR)
    waiting = Task.objects.filter(case=world.case, kind="SettlePayment", solved_at=None)
    assert dict(waiting.values_list("subject", "party")) == {
        str(payment.public_id): Party.OPERATOR,
        str(direct.public_id): Party.CREDITOR,
    }


def test_a_former_partner_changes_nothing_on_a_case_that_has_gone_on(world: World) -> None:
    payment = world.pay("200")
    hand_over(world)
    with pytest.raises(Refused, match="another partner"):
        undo(world, payment)
    assert world.reread().outstanding == 800
    undo(world, payment, OPERATOR)
    assert world.reread().outstanding == 1000


def test_a_debtor_is_not_erased_while_a_share_has_to_come_back(world: World) -> None:
    payment = world.pay("200")
    settle_payment(world.as_partner, payment.public_id, TODAY, now=NOW, today=TODAY)
    undo(world, payment)
    assert retention_facts(world.reread()).unsettled_payments == 1
    settle_payment(world.as_partner, payment.public_id, TODAY, now=NOW, today=TODAY)
    assert retention_facts(world.case).unsettled_payments == 0


def test_a_reversed_payment_of_which_nothing_was_passed_on_is_not_owed_back(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(rate=0)
    world.reread()
    payment = world.pay("200", recipient=Recipient.CREDITOR)
    undo(world, payment)
    assert not list_unsettled(OPERATOR, owed_by=Party.PARTNER).exists()


def test_the_period_after_a_reversal_is_as_if_the_payment_had_never_been(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(period_start=date(2026, 6, 1))
    world.reread()
    latest = world.pay("100", paid_on=date(2026, 11, 20))
    world.pay("100", paid_on=date(2026, 11, 10))
    record_promise(
        world.as_partner,
        world.case.public_id,
        ExtensionKind.PROMISE,
        date(2026, 11, 15),
        Decimal(50),
        now=NOW,
        today=TODAY,
    )
    undo(world, latest)
    period = period_of(world.reread(), TODAY)
    assert period
    assert period.end == date(2027, 11, 15)
