"""How payments are allocated and split. Expected figures are worked out by hand in the comments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.case import Lifecycle
from arrears.core.money import CurrencyMismatch, Money, exponent, smallest_unit
from arrears.core.payment import (
    DEFAULT_ALLOCATION,
    FEE_DAYS,
    REPORT_DAYS,
    Bucket,
    Charged,
    OverPaid,
    Recipient,
    Split,
    allocate,
    late_report,
    payment_refusal,
    settle_by,
    split,
)
from tests.builders import money

P, I, R, C = Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.REMINDER_FEES, Bucket.COLLECTION_FEES  # noqa: E741


def owed(*amounts: str, currency: str = "GBP") -> dict[Bucket, Money]:
    return dict(zip(Bucket, (Money(Decimal(amount), currency) for amount in amounts), strict=True))


@pytest.mark.parametrize(
    ("paid", "order", "expected"),
    [
        # Owed: 1,000 principal, 50 interest, 20 reminder fees, 30 collection fees.
        ("400", DEFAULT_ALLOCATION, ("400", "0", "0", "0")),
        ("1040", DEFAULT_ALLOCATION, ("1000", "40", "0", "0")),
        ("1100", DEFAULT_ALLOCATION, ("1000", "50", "20", "30")),
        ("60", (C, R, I, P), ("0", "10", "20", "30")),
        ("90", (I,), ("40", "50", "0", "0")),  # what the order leaves out comes last
    ],
)
def test_a_payment_fills_one_part_after_the_other(
    paid: str, order: tuple[Bucket, ...], expected: tuple[str, ...]
) -> None:
    debt = owed("1000", "50", "20", "30")
    assert allocate(money(f"{paid} GBP"), debt, order) == owed(*expected)


def test_more_than_is_owed_is_refused_with_both_figures() -> None:
    with pytest.raises(OverPaid, match=r"GBP 1,100\.01 is more than the GBP 1,100\.00 still owed"):
        allocate(money("1100.01 GBP"), owed("1000", "50", "20", "30"), DEFAULT_ALLOCATION)


def test_two_currencies_are_never_allocated() -> None:
    with pytest.raises(CurrencyMismatch):
        allocate(money("1 EUR"), owed("1000", "50", "20", "30"), DEFAULT_ALLOCATION)


def test_one_payment_is_shared_out() -> None:
    # 1,040 = 1,000 principal + 40 interest, costs 5. Fee 9.5% of 1,000 = 95; VAT 20% = 19.
    # Partner 40 + 5 = 45. Creditor 1,040 - 95 - 19 - 45 = 881.
    shares = split(
        owed("1000", "40", "0", "0"),
        Decimal("9.5"),
        Decimal(20),
        money("5 GBP"),
        Charged(money("0 GBP"), money("0 GBP")),
    )
    assert shares == Split(
        money("95.00 GBP"), money("19.00 GBP"), money("45 GBP"), money("881.00 GBP"), money("0 GBP")
    )


def test_fee_and_vat_never_take_more_than_the_principal_paid() -> None:
    # 90% of 100.00 is 90.00, and VAT at 20% on it 18.00: 108.00. 100 / 1.2 = 83.33, and 16.67 VAT.
    nothing = Charged(money("0 GBP"), money("0 GBP"))
    parts = owed("100", "7", "0", "0")
    shares = split(parts, Decimal(90), Decimal(20), money("0 GBP"), nothing)
    assert (shares.fee, shares.vat) == (money("83.33 GBP"), money("16.67 GBP"))
    assert (shares.creditor_share, shares.put_off) == (money("0 GBP"), money("6.67 GBP"))
    # What was put off is due with the next payment, and a payment of interest alone bears none of it.
    before = Charged(money("100 GBP"), shares.fee)
    interest = split(owed("0", "7", "0", "0"), Decimal(90), Decimal(20), money("0 GBP"), before)
    assert (interest.fee, interest.vat, interest.partner_share) == (
        money("0 GBP"),
        money("0 GBP"),
        money("7 GBP"),
    )
    assert interest.put_off == money("6.67 GBP")
    rate_fell = split(owed("100", "0", "0", "0"), Decimal(50), Decimal(20), money("0 GBP"), before)
    assert (rate_fell.fee, rate_fell.put_off) == (money("16.67 GBP"), money("0 GBP"))


def test_part_payments_cost_what_one_payment_would() -> None:
    # 9.5% of 33.33 is 3.16635: 3.17 each alone, so 9.51. 9.5% of 99.99 is 9.49905: 9.50.
    before = Charged(money("0 GBP"), money("0 GBP"))
    fees = []
    for _ in range(3):
        part = owed("33.33", "0", "0", "0")
        fee = split(part, Decimal("9.5"), Decimal(0), money("0 GBP"), before).fee
        fees.append(str(fee.amount))
        before = Charged(before.principal + part[P], before.fee + fee)
    assert fees == ["3.17", "3.16", "3.17"]  # 3.16635; 66.66: 6.3327 - 3.17; 99.99: 9.49905 - 6.33
    assert str(before.fee) == "9.50 GBP"


def test_a_reversal_leaves_rounding_that_the_next_payment_makes_good() -> None:
    # 50% of 0.03 is 0.015: 0.02. 0.04 costs 0.02 in all, so the second payment of 0.01 costs nothing.
    # Without the first, 0.01 has cost nothing; 0.03 more makes 0.04, which costs 0.02 in all: 0.02 - 0.00.
    rate, nothing = Decimal(50), money("0 GBP")
    first = split(owed("0.03", "0", "0", "0"), rate, Decimal(0), nothing, Charged(nothing, nothing))
    second = split(
        owed("0.01", "0", "0", "0"), rate, Decimal(0), nothing, Charged(money("0.03 GBP"), first.fee)
    )
    assert (first.fee, second.fee) == (money("0.02 GBP"), money("0.00 GBP"))
    third = split(
        owed("0.03", "0", "0", "0"), rate, Decimal(0), nothing, Charged(money("0.01 GBP"), second.fee)
    )
    assert third.fee == money("0.02 GBP")


class Ledger:
    """A case's payments as the desk keeps them: each with its parts and split, reversed ones gone."""

    def __init__(self, currency: str, debt: dict[Bucket, Money], rate: Decimal, vat: Decimal) -> None:
        self.currency, self.debt, self.rate, self.vat = currency, debt, rate, vat
        self.live: list[tuple[Money, dict[Bucket, Money], Split]] = []

    def total(self, amounts: list[Money]) -> Money:
        return sum(amounts, Money.zero(self.currency))

    def left(self) -> dict[Bucket, Money]:
        return {
            bucket: self.debt[bucket] - self.total([parts[bucket] for _, parts, _ in self.live])
            for bucket in Bucket
        }

    def pay(self, amount: Money, order: tuple[Bucket, ...], costs: Money) -> None:
        parts = allocate(amount, self.left(), order)
        principal = self.total([parts[P] for _, parts, _ in self.live])
        before = Charged(principal, self.total([shares.fee for _, _, shares in self.live]))
        self.live.append((amount, parts, split(parts, self.rate, self.vat, costs, before)))


def amounts(currency: str, most: int = 10**9) -> st.SearchStrategy[Money]:
    units = st.integers(0, most)
    return units.map(lambda number: Money(Decimal(number).scaleb(-exponent(currency)), currency))


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[Ledger, tuple[Bucket, ...]]:
    currency = draw(st.sampled_from(["JPY", "GBP", "KWD"]))
    debt = {bucket: draw(amounts(currency)) for bucket in Bucket}
    rate = draw(st.decimals(0, 100, places=4))
    vat = draw(st.decimals(0, 30, places=2))
    order = tuple(draw(st.permutations(list(Bucket))))
    return Ledger(currency, debt, rate, vat), order


@given(ledgers(), st.data())
def test_whatever_is_paid_and_reversed_every_unit_is_somebodys(
    made: tuple[Ledger, tuple[Bucket, ...]], data: st.DataObject
) -> None:
    ledger, order = made
    reversed_one = False
    for _ in range(data.draw(st.integers(1, 8))):
        undo = data.draw(st.booleans())
        if ledger.live and undo:
            ledger.live.pop(data.draw(st.integers(0, len(ledger.live) - 1)))
            reversed_one = True
        amount = data.draw(amounts(ledger.currency))
        owed_now = ledger.total(list(ledger.left().values()))
        if owed_now < amount:
            with pytest.raises(OverPaid):
                ledger.pay(amount, order, Money.zero(ledger.currency))
            continue
        ledger.pay(amount, order, data.draw(amounts(ledger.currency, 500)))
        paid, parts, shares = ledger.live[-1]
        assert ledger.total(list(parts.values())) == paid == amount
        four = [shares.fee, shares.vat, shares.partner_share, shares.creditor_share]
        assert ledger.total(four) == amount
        assert all(share == share.rounded() for share in four)
        # However it came about, the fee in all is the rate on all principal that counts, rounded once.
        principal = ledger.total([parts[P] for _, parts, _ in ledger.live])
        fees = ledger.total([shares.fee for _, _, shares in ledger.live])
        # What the payments that stay have cost already is not given back by a later one.
        kept = fees - shares.fee if reversed_one else Money.zero(ledger.currency)
        assert fees + shares.put_off == max(principal.percent(ledger.rate), kept)
        # Bank costs apart nobody gets less than nothing, and fee is put off only where the rest is a crumb.
        rest = parts[P] - shares.fee - shares.vat
        assert rest.amount >= 0
        if shares.put_off.amount:
            assert rest.amount <= 3 * smallest_unit(ledger.currency).amount
        if not reversed_one:
            vat = ledger.total([shares.vat for _, _, shares in ledger.live])
            assert vat == fees.percent(ledger.vat)
    assert all(part.amount >= 0 for part in ledger.left().values())


@given(ledgers(), st.lists(st.integers(1, 10**8), min_size=1, max_size=6), st.data())
def test_after_reversals_only_what_was_not_reversed_has_been_paid(
    made: tuple[Ledger, tuple[Bucket, ...]], units: list[int], data: st.DataObject
) -> None:
    ledger, order = made
    for unit in units:
        left = ledger.total(list(ledger.left().values()))
        amount = Money(Decimal(unit).scaleb(-exponent(ledger.currency)), ledger.currency)
        ledger.pay(min(amount, left), order, Money.zero(ledger.currency))
    kept = data.draw(st.sets(st.sampled_from(range(len(units)))))
    paid = [amount for amount, _, _ in ledger.live]
    for place in data.draw(st.permutations([place for place in range(len(units)) if place not in kept])):
        ledger.live = [entry for entry in ledger.live if entry[0] is not paid[place]]
    owed_now = ledger.total(list(ledger.left().values()))
    expected = ledger.total(list(ledger.debt.values())) - ledger.total([paid[place] for place in kept])
    assert owed_now == expected


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_money_is_taken_on_accepted_cases_that_are_not_closed(lifecycle: Lifecycle) -> None:
    takes = {
        Lifecycle.ACTIVE,
        Lifecycle.PAUSED,
        Lifecycle.MORE_INFO,
        Lifecycle.COLLECTING_QUOTES,
        Lifecycle.PENDING_QUOTE_SELECTION,
    }
    assert (payment_refusal(lifecycle, accepted=True) == "") == (lifecycle in takes)
    assert payment_refusal(lifecycle, accepted=False)
    assert "Reopen it first" in payment_refusal(Lifecycle.CLOSED, accepted=True)


def test_a_partner_has_business_days_and_a_creditor_a_fortnight() -> None:
    # Friday 20 November 2026; 30 business days are six weeks: Friday 1 January 2027.
    friday, recorded = date(2026, 11, 20), date(2026, 11, 25)
    assert settle_by(Recipient.PARTNER, friday, recorded, 30) == date(2027, 1, 1)
    assert settle_by(Recipient.CREDITOR, friday, recorded, 30) == date(2026, 12, 9)


def test_a_direct_payment_is_reported_within_three_days() -> None:
    paid = date(2026, 11, 20)
    assert late_report(Recipient.CREDITOR, paid, date(2026, 11, 23)) == ""
    assert "Reported 4 days after" in late_report(Recipient.CREDITOR, paid, date(2026, 11, 24))
    assert late_report(Recipient.PARTNER, paid, date(2026, 12, 24)) == ""


def test_the_examples_on_the_page_come_out_of_the_program() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "money.md").read_text()
    nothing = Charged(money("0 GBP"), money("0 GBP"))
    shares = split(owed("1000", "40", "0", "0"), Decimal("9.5"), Decimal(20), money("5 GBP"), nothing)
    told = (
        f"Fee £{shares.fee.amount}, VAT £{shares.vat.amount}, interest and costs "
        f"£{shares.partner_share.amount:.2f}. You receive **£{shares.creditor_share.amount}**."
    )
    assert told in page
    assert "Three payments of £33.33 at 9.5 %: £3.17, £3.16 and £3.17, together **£9.50**." in page
    assert "within 30 business days" in page
    assert f"report it within {REPORT_DAYS} days; the fee is due as ever, {FEE_DAYS} days after" in page


def test_what_reversals_left_too_much_of_the_fee_is_never_paid_back_out_of_a_payment() -> None:
    """Payments of a penny at 50%, of which those were reversed whose fee was rounded down."""
    before = Charged(Money.parse("0.03 GBP"), Money.parse("0.03 GBP"))
    nothing = Money.parse("0.00 GBP")
    parts = dict.fromkeys(Bucket, nothing) | {Bucket.PRINCIPAL: Money.parse("0.01 GBP")}
    shares = split(parts, Decimal(50), Decimal(20), nothing, before)
    assert (shares.fee, shares.creditor_share) == (nothing, Money.parse("0.01 GBP"))
