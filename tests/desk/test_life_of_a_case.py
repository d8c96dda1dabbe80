"""Whatever is done to a case, in whatever order, its books and its tasks are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)

from arrears.core.case import TRANSITIONS, CloseCode, Event, Lifecycle, Party
from arrears.core.claim import months_after
from arrears.core.exclusivity import FIRST_MONTHS, MONTHS_AFTER_EVENT, ExtensionKind
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor, cases_of
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Assignment, CoverageRule, Payment, Quote, Task
from arrears.desk.money.statement import statement
from arrears.desk.periods import period_of
from arrears.desk.splitting import share_owed
from arrears.desk.statements import Balance
from arrears.desk.task_list import reconcile_tasks
from tests.desk.builders import OPERATOR, a_partner
from tests.desk.life import Life

QUOTES_WANTED = {Lifecycle.COLLECTING_QUOTES, Lifecycle.PENDING_QUOTE_SELECTION}


class LifeAndBooks(Life):
    """What always holds, whatever has happened."""

    @invariant()
    def what_is_owed_is_what_was_owed_less_what_was_paid(self) -> None:
        case = self.case
        added = case.interest_fees + case.reminder_fees + case.collection_fees
        paid = sum((row.amount for row in self.payments.filter(reversed_at=None)), Decimal(0))
        assert case.outstanding == case.principal + added - paid
        assert case.outstanding >= 0
        if case.close_code == CloseCode.PAID:
            assert left_to_pay(case).principal == 0

    @invariant()
    def many_payments_cost_what_one_would(self) -> None:
        """To the smallest unit for each reversal."""
        case = self.case
        counting = self.payments.filter(reversed_at=None)
        slack = self.unit * self.payments.exclude(reversed_at=None).count()
        for rate, partner in set(counting.values_list("rate", "partner")):
            rows = list(counting.filter(rate=rate, partner=partner))
            principal = sum((row.to_principal for row in rows), Decimal(0))
            fee = sum((row.fee for row in rows), Decimal(0))
            assert abs(fee - Money(principal, case.currency).percent(rate).amount) <= slack
            assert all(row.creditor_share >= 0 for row in rows)

    @invariant()
    def the_statement_says_who_owes_what(self) -> None:
        case = self.case
        account = statement(
            OPERATOR, first=self.today - timedelta(days=10), last=self.today, creditor=case.creditor.public_id
        )
        owed = Counter[str]()
        mine = Payment.objects.filter(case__creditor=case.creditor, currency=case.currency)
        for row in mine:
            taker, other = Party.PARTNER, Party.CREDITOR
            if row.recipient == Recipient.CREDITOR:
                taker, other = other, taker
            if row.reversed_at is None and row.settled_on is None:
                owed[taker] += share_owed(row)  # type: ignore[assignment]
            elif row.reversed_at is not None and row.settled_on is not None and row.returned_on is None:
                owed[other] += share_owed(row)  # type: ignore[assignment]
        nothing = Balance(Money.zero(case.currency), Money.zero(case.currency))
        opening = account.opening.get(case.currency, nothing)
        closing = account.closing.get(case.currency, nothing)
        assert closing.by_partners.amount == owed[Party.PARTNER]
        assert closing.by_creditors.amount == owed[Party.CREDITOR]
        lines = [line for line in account.lines if line.gross.currency == case.currency]
        for party, before, after in (
            (Party.PARTNER, opening.by_partners, closing.by_partners),
            (Party.CREDITOR, opening.by_creditors, closing.by_creditors),
        ):
            moved = sum((line.owed.amount for line in lines if line.owed_by is party), Decimal(0))
            assert before.amount + moved == after.amount
        for line in lines:
            shares = line.fee + line.vat + line.partner_share + line.creditor_share
            assert shares == line.gross

    @invariant()
    def it_stands_where_the_table_leads(self) -> None:
        case = self.case
        steps = [one.data for one in case.events.order_by("pk") if "event" in one.data]
        for before, step in zip([None, *steps], steps, strict=False):
            assert before is None or before["to"] == step["from"]
            assert TRANSITIONS[Lifecycle(step["from"])][Event(step["event"])] == step["to"]
        assert steps[-1]["to"] == case.lifecycle

    @invariant()
    def quotes_are_collected_exactly_while_somebody_is_asked(self) -> None:
        case = self.case
        undecided = case.quote_requests.filter(decided_at=None).count()
        assert undecided == (1 if case.lifecycle in QUOTES_WANTED else 0)
        accepted = Quote.objects.filter(request__case=case, state="Accepted")
        assert len(accepted) == case.quote_requests.filter(outcome="Quote accepted").count()

    @invariant()
    def nothing_waits_on_a_closed_case_and_somebody_on_an_open_one(self) -> None:
        case = self.case
        waiting = case.assignments.filter(outcome=Assignment.Outcome.WAITING)
        if case.lifecycle == Lifecycle.CLOSED:
            assert case.close_code
            assert case.finished_at is not None
            assert case.withdrawal_asked_at is None
            assert not waiting.exists()
            assert not case.info_requests.filter(settled_at=None, answered_at=None).exists()
            return
        assert (case.close_code, case.finished_at) == ("", None)
        has_a_task = Task.objects.filter(case=case, solved_at=None).exists()
        runs_by_itself = case.lifecycle in QUOTES_WANTED or case.check_after is not None
        assert has_a_task or runs_by_itself or case.lifecycle == Lifecycle.ACTIVE

    @invariant()
    def tasks_are_what_the_case_wants(self) -> None:
        rows = Task.objects.filter(case=self.case, solved_at=None).order_by("pk")
        columns = ("party", "kind", "subject", "due_on")
        before = list(rows.values_list(*columns))
        reconcile_tasks(self.case, now=self.now)
        assert list(rows.values_list(*columns)) == before

    @invariant()
    def the_period_follows_from_what_happened(self) -> None:
        case = self.case
        period = period_of(case, self.today)
        if period is None or case.close_code == CloseCode.WITHDRAWN:
            return
        days = list(self.payments.filter(reversed_at=None).values_list("paid_on", flat=True))
        told = case.events.filter(data__kind=ExtensionKind.PROMISE.value, data__has_key="date")
        days += [date.fromisoformat(one.data["date"]) for one in told]
        ends = [months_after(day, MONTHS_AFTER_EVENT) for day in days if day >= period.start]
        assert period.end == max([months_after(period.start, FIRST_MONTHS), *ends])

    @invariant()
    def nobody_but_its_partner_sees_it(self) -> None:
        case = self.case
        for partner in self.partners:
            sees = cases_of(Actor(Party.PARTNER, "", partner=partner.pk)).filter(pk=case.pk).exists()
            assert not sees or partner.pk == case.partner_id


@pytest.fixture
def machine(db: None) -> Iterator[type[LifeAndBooks]]:
    Life.partners = [
        a_partner("Ash Agency", vat_rate=Decimal(20)),
        a_partner("Birch Agency", vat_rate=None),
        a_partner("Cedar Lawyers", vat_rate=Decimal("17.5"), exclusive=False),
    ]
    for priority, partner in enumerate(Life.partners):
        CoverageRule.objects.create(partner=partner, jurisdiction="GB", priority=priority)
    Life.done = Counter()
    yield LifeAndBooks
    del Life.partners, Life.done


def test_whatever_happens_in_whatever_order_the_books_and_the_tasks_are_right(
    machine: type[LifeAndBooks],
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=16,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # What never succeeded proves nothing.
    paid = {"accept_case", "record_payment", "reverse_payment", "settle_payment"}
    assert paid | {"request_quotes", "offer_quote", "close_case"} <= set(machine.done)
