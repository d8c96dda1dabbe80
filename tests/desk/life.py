"""Everything that people and the calendar can do to one case, as steps to take in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from arrears.core.case import CloseCode, Party, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.money import exponent
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType, Offer, Scenario
from arrears.core.verification import CheckArea
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.open_case import open_case
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.reopen_case import reopen_case
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.cases.sweep_cases import sweep_cases
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, Partner, Payment, Quote, QuoteRequest
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.opening import Options
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.decline_quotes import decline_quotes
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.quotes.sweep_quotes import sweep_quotes
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from arrears.desk.talk.send_message import send_message
from arrears.desk.talk.sweep_talk import sweep_talk
from arrears.desk.unsettled import UNSETTLED
from tests.desk.builders import NOON, OPERATOR, a_handover, an_organisation, sign_everything

AMOUNTS = st.integers(1, 30_000)
CLOSINGS = [CloseCode.PAID, CloseCode.PARTIALLY_PAID, CloseCode.OTHER, CloseCode.UNTRACEABLE]


class Life(RuleBasedStateMachine):
    partners: ClassVar[list[Partner]]
    done: ClassVar[Counter[str]]

    @initialize(
        currency=st.sampled_from(["GBP", "JPY", "KWD"]),
        amount=st.integers(50_000, 60_000),
        at_work=st.sampled_from([True, True, False]),
    )
    def open(self, currency: str, amount: int, at_work: bool) -> None:
        self.now = NOON
        self.creditor = an_organisation()  # of its own: in other lives it is another day
        sign_everything(self.creditor)
        self.unit = Decimal(1).scaleb(-exponent(currency))
        debt = a_handover(f"{amount * self.unit} {currency}", "1500", description="Ten chairs, delivered.")
        opening = open_case(self.creditor, debt, Options(), today=self.today, now=self.now)
        assert opening.case is not None
        self.id = opening.case.public_id
        if at_work:
            self.accept(fee=1_001, operator=False)
            self.pay(units=10_007, direct=amount % 2 == 0, days=amount % 50, costs=0, close=False)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def case(self) -> Case:
        return Case.objects.select_related("partner", "creditor").get(public_id=self.id)

    @property
    def as_creditor(self) -> Actor:
        return Actor(Party.CREDITOR, "Carol", organisation=self.creditor.pk)

    @property
    def as_partner(self) -> Actor:
        return Actor(Party.PARTNER, "Pat", partner=self.case.partner_id)

    @contextmanager
    def maybe(self, what: str) -> Iterator[None]:
        """What is refused must change nothing; the invariants look whether it did."""
        try:
            yield
        except (Refused, NotThere):
            return
        self.done[what] += 1

    def attempt(self, verb: Callable[..., object], who: Actor, *args: Any, **named: Any) -> None:
        with self.maybe(verb.__name__):
            verb(who, *args, now=self.now, **named)

    # --- The case -------------------------------------------------------------------------------------------

    @rule(fee=st.integers(0, 2_000), operator=st.booleans())
    def accept(self, fee: int, operator: bool) -> None:
        fees = {"interest_fees": fee * self.unit, "collection_fees": fee * 2 * self.unit}
        who = OPERATOR if operator else self.as_partner
        self.attempt(accept_case, who, self.id, **fees, welcome="Hello.", today=self.today)

    @rule()
    def decline(self) -> None:
        self.attempt(decline_case, self.as_partner, self.id, "Not ours", today=self.today)

    @rule()
    def ask(self) -> None:
        self.attempt(ask_info, self.as_partner, self.id, [(CheckArea.OTHER, "Who?")], today=self.today)

    @rule()
    def answer(self) -> None:
        self.attempt(give_info, self.as_creditor, self.id, "Ms Doe", today=self.today)

    @rule()
    def pause(self) -> None:
        self.attempt(pause_case, self.as_creditor, self.id, "Talks")

    @rule()
    def resume(self) -> None:
        self.attempt(resume_case, self.as_partner, self.id, "Talks failed")

    @rule(code=st.sampled_from(CLOSINGS))
    def close(self, code: CloseCode) -> None:
        self.attempt(close_case, self.as_partner, self.id, code, "Done")

    @rule()
    def reopen(self) -> None:
        self.attempt(reopen_case, self.as_partner, self.id, "Too early")

    @rule()
    def withdraw(self) -> None:
        with self.maybe("withdraw_case"):
            cost = read_withdrawal_terms(self.as_creditor, self.id, self.today).cost
            withdraw_case(
                self.as_creditor,
                self.id,
                "Settled",
                confirmed_cost=cost.amount if cost else None,
                now=self.now,
                today=self.today,
            )

    @rule(agree=st.booleans())
    def decide(self, agree: bool) -> None:
        self.attempt(decide_withdrawal, self.as_partner, self.id, agree, "Because", today=self.today)

    @rule(phase=st.sampled_from(Phase))
    def begin(self, phase: Phase) -> None:
        self.attempt(change_phase, OPERATOR, self.id, phase)

    @rule(days=st.integers(0, 60))
    def promise(self, days: int) -> None:
        on = self.today - timedelta(days=days)
        self.attempt(
            record_promise, self.as_partner, self.id, ExtensionKind.PROMISE, on, self.unit, today=self.today
        )

    @rule(by_creditor=st.booleans())
    def write(self, by_creditor: bool) -> None:
        self.attempt(send_message, self.as_creditor if by_creditor else self.as_partner, self.id, "Hello?")

    # --- Money ----------------------------------------------------------------------------------------------

    @rule(
        units=AMOUNTS,
        direct=st.booleans(),
        days=st.integers(0, 60),
        costs=st.integers(0, 500),
        close=st.booleans(),
    )
    def pay(self, units: int, direct: bool, days: int, costs: int, close: bool) -> None:
        self.attempt(
            record_payment,
            self.as_partner,
            self.id,
            paid_on=self.today - timedelta(days=days),
            amount=units * self.unit,
            recipient=Recipient.CREDITOR if direct else Recipient.PARTNER,
            costs=Decimal(0) if direct else costs * self.unit,
            close=close,
            today=self.today,
        )

    @rule(close=st.booleans())
    def pay_everything(self, close: bool) -> None:
        self.attempt(
            record_payment,
            self.as_partner,
            self.id,
            paid_on=self.today,
            amount=self.case.outstanding,
            recipient=Recipient.PARTNER,
            close=close,
            today=self.today,
        )

    @rule(which=st.integers(0, 9), operator=st.booleans())
    def reverse(self, which: int, operator: bool) -> None:
        for payment in self.one_of(self.payments.filter(reversed_at=None), which):
            self.attempt(reverse_payment, OPERATOR if operator else self.as_partner, payment.public_id, "No")

    @rule(which=st.integers(0, 9))
    def settle(self, which: int) -> None:
        for payment in self.one_of(self.payments.filter(UNSETTLED), which):
            self.attempt(settle_payment, OPERATOR, payment.public_id, self.today, today=self.today)

    # --- Quotes ---------------------------------------------------------------------------------------------

    @rule(
        phase=st.sampled_from(Phase),
        scenario=st.sampled_from(Scenario),
        who=st.sampled_from(["creditor", ""]),
        answered=st.booleans(),
    )
    def ask_for_quotes(self, phase: Phase, scenario: Scenario, who: str, answered: bool) -> None:
        actor = self.as_creditor if who else self.as_partner
        self.attempt(
            request_quotes, actor, self.id, phase=phase, text="", scenario=scenario, today=self.today
        )
        for bidder in range(3) if answered else ():
            self._bid(bidder, 20, phase)

    @rule(which=st.integers(0, 2), points=st.integers(1, 50), phase=st.sampled_from(Phase))
    def offer(self, which: int, points: int, phase: Phase) -> None:
        self._bid(which, points, phase)

    def _bid(self, which: int, points: int, phase: Phase) -> None:
        offer = Offer(
            AgreementType.SUCCESS,
            self.case.currency,
            self.today + timedelta(days=20),
            phase,
            success_fee=Decimal(points),
        )
        bidder = Actor(Party.PARTNER, "Bidder", partner=self.partners[which].pk)
        for request in QuoteRequest.objects.filter(case__public_id=self.id, decided_at=None):
            self.attempt(offer_quote, bidder, request.public_id, offer, today=self.today)

    @rule(which=st.integers(0, 9))
    def choose(self, which: int) -> None:
        for quote in self.one_of(Quote.objects.filter(request__case__public_id=self.id), which):
            self.attempt(accept_quote, self.as_creditor, quote.public_id, today=self.today)

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        for quote in self.one_of(Quote.objects.filter(request__case__public_id=self.id), which):
            self.attempt(withdraw_quote, OPERATOR, quote.public_id)

    @rule()
    def turn_down(self) -> None:
        for request in QuoteRequest.objects.filter(case__public_id=self.id, decided_at=None):
            self.attempt(decline_quotes, self.as_creditor, request.public_id)

    # --- The calendar ---------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 3, 16, 40]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        sweep_cases(now=self.now, today=self.today)
        sweep_quotes(now=self.now, today=self.today)
        sweep_talk(now=self.now, today=self.today)

    # --- What there is to choose from -----------------------------------------------------------------------

    @property
    def payments(self) -> Any:
        return Payment.objects.filter(case__public_id=self.id).order_by("pk")

    def one_of(self, rows: Any, which: int) -> list[Any]:
        found = list(rows.order_by("pk"))
        return [found[which % len(found)]] if found else []
