"""Statements of account: every payment, reversal and remittance once, in the period it was written down."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.desk.actors import Refused
from arrears.desk.csv_text import csv_cell
from arrears.desk.models import Case, Payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.money.statement import statement
from arrears.desk.money.statement_csv import statement_csv
from arrears.desk.statements import Balance, LineKind, Statement, draw_up
from tests.builders import money
from tests.desk.builders import OPERATOR, an_organisation
from tests.desk.money.conftest import World, a_case, a_partner

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def on(day: date) -> dict[str, object]:
    """Noon of a day, and that day."""
    return {"now": datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "today": day}


def pay(world: World, amount: str, day: date, **changes: object) -> Payment:
    return world.pay(amount, **{"paid_on": day, **on(day), **changes})


def settle(payment: Payment, settled_on: date, told: date) -> None:
    noon = datetime(told.year, told.month, told.day, 12, tzinfo=UTC)
    settle_payment(OPERATOR, payment.public_id, settled_on, now=noon, today=told)


def undo(payment: Payment, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    reverse_payment(OPERATOR, payment.public_id, "It bounced.", now=noon)


def of(world: World, period: tuple[date, date]) -> Statement:
    return statement(world.as_creditor, first=period[0], last=period[1])


def told(found: Statement) -> list[tuple[str, str, str, str]]:
    return [
        (line.kind.value, line.day.isoformat(), str(line.gross.amount), str(line.owed.amount))
        for line in found.lines
    ]


def balance(partners: str, creditors: str = "0") -> dict[str, Balance]:
    return {"GBP": Balance(money(f"{partners} GBP"), money(f"{creditors} GBP"))}


def test_a_payment_and_its_remittance(world: World) -> None:
    # 200: fee 19.00, VAT 3.80, creditor 177.20. Paid in September, passed on in October.
    settle(pay(world, "200", date(2026, 9, 10)), date(2026, 10, 5), date(2026, 10, 6))
    september, october = of(world, SEPTEMBER), of(world, OCTOBER)
    assert told(september) == [("Payment", "2026-09-10", "200.00", "177.20")]
    assert (september.opening, september.closing) == (balance("0"), balance("177.20"))
    total = september.totals["GBP"]
    assert (total.gross, total.fee, total.vat) == (money("200 GBP"), money("19 GBP"), money("3.80 GBP"))
    assert (total.partner_share, total.creditor_share) == (money("0 GBP"), money("177.20 GBP"))
    assert told(october) == [("Passed on", "2026-10-06", "0.00", "-177.20")]
    assert [line.text for line in (*september.lines, *october.lines)] == [
        "Payment",
        "Passed on on 5 October 2026",
    ]
    assert (october.opening, october.closing) == (balance("177.20"), balance("0"))
    assert october.totals["GBP"].gross == money("0 GBP")
    assert of(world, NOVEMBER).lines == ()


def test_a_reversal_stands_on_the_day_it_was_made_and_leaves_the_past_alone(world: World) -> None:
    payment = pay(world, "200", date(2026, 9, 10))
    before = of(world, SEPTEMBER)
    undo(payment, date(2026, 10, 7))
    assert of(world, SEPTEMBER) == before
    october = of(world, OCTOBER)
    assert told(october) == [("Reversal", "2026-10-07", "-200.00", "-177.20")]
    assert october.totals["GBP"].fee == money("-19 GBP")
    assert (october.opening, october.closing) == (balance("177.20"), balance("0"))


def test_a_payment_told_late_stands_where_it_was_told(world: World) -> None:
    empty = of(world, SEPTEMBER)
    payment = pay(world, "200", date(2026, 10, 2), paid_on=date(2026, 9, 28))
    settle(payment, date(2026, 9, 29), date(2026, 10, 2))
    assert of(world, SEPTEMBER) == empty
    found = of(world, OCTOBER)
    assert told(found) == [
        ("Payment", "2026-10-02", "200.00", "177.20"),
        ("Passed on", "2026-10-02", "0.00", "-177.20"),
    ]
    assert found.lines[0].paid_on == date(2026, 9, 28)


def test_a_settlement_written_down_later_for_an_earlier_day_leaves_the_past_alone(world: World) -> None:
    payment = pay(world, "200", date(2026, 9, 10))
    september = of(world, SEPTEMBER)
    settle(payment, date(2026, 9, 20), date(2026, 10, 6))
    assert of(world, SEPTEMBER) == september
    undo(payment, date(2026, 10, 7))
    october = of(world, OCTOBER)
    assert [(line.day, line.settled_on) for line in october.lines] == [
        (date(2026, 10, 6), date(2026, 9, 20)),
        (date(2026, 10, 7), None),
    ]
    settle(payment, date(2026, 10, 8), date(2026, 11, 3))
    assert (of(world, SEPTEMBER), of(world, OCTOBER)) == (september, october)
    assert [line.text for line in of(world, NOVEMBER).lines] == ["Returned on 8 October 2026"]


def test_a_settlement_after_midnight_in_london_stands_on_the_new_day(world: World) -> None:
    # 23:30 UTC on 30 September is half past midnight on 1 October in London.
    payment = pay(world, "200", date(2026, 9, 10))
    late = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
    settle_payment(OPERATOR, payment.public_id, date(2026, 9, 30), now=late, today=date(2026, 10, 1))
    assert [line.kind for line in of(world, SEPTEMBER).lines] == [LineKind.PAYMENT]
    assert [line.day for line in of(world, OCTOBER).lines] == [date(2026, 10, 1)]


def test_what_was_passed_on_before_a_reversal_is_owed_back(world: World) -> None:
    payment = pay(world, "200", date(2026, 9, 10))
    settle(payment, date(2026, 9, 20), date(2026, 9, 20))
    undo(payment, date(2026, 10, 7))
    settle(payment, date(2026, 11, 3), date(2026, 11, 3))
    assert of(world, SEPTEMBER).closing == balance("0")
    october = of(world, OCTOBER)
    assert told(october) == [("Reversal", "2026-10-07", "-200.00", "177.20")]
    assert october.lines[0].owed_by is Party.CREDITOR
    assert october.closing == balance("0", "177.20")
    november = of(world, NOVEMBER)
    assert told(november) == [("Returned", "2026-11-03", "0.00", "-177.20")]
    assert november.closing == balance("0")


def test_a_direct_payment_is_owed_by_the_creditor(world: World) -> None:
    # 200 to the creditor: 19.00 + 3.80 are owed to the partner.
    pay(world, "200", date(2026, 9, 10), recipient=Recipient.CREDITOR)
    found = of(world, SEPTEMBER)
    assert found.lines[0].owed_by is Party.CREDITOR
    assert found.closing == balance("0", "22.80")


def test_where_nothing_is_owed_nothing_is_passed_on(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(rate=None)
    payment = pay(world, "200", date(2026, 9, 10), recipient=Recipient.CREDITOR)
    assert (payment.fee, payment.settled_on) == (0, date(2026, 9, 10))
    undo(payment, date(2026, 9, 11))
    assert told(of(world, SEPTEMBER)) == [
        ("Payment", "2026-09-10", "200.00", "0.00"),
        ("Reversal", "2026-09-11", "-200.00", "0.00"),
    ]


def test_currencies_are_never_added(world: World) -> None:
    pay(world, "200", date(2026, 9, 10))
    euros = a_case(world.creditor, world.partner, currency="EUR")
    pay(world, "100", date(2026, 9, 11), case=euros)
    found = of(world, SEPTEMBER)
    # 100 EUR: fee 9.50, VAT 1.90, creditor 88.60.
    assert found.closing == balance("177.20") | {"EUR": Balance(money("88.60 EUR"), money("0 EUR"))}
    assert found.totals["EUR"].gross == money("100 EUR")


def test_everybody_has_their_own_statement(world: World) -> None:
    pay(world, "200", date(2026, 9, 10))
    creditor, partner = an_organisation("Other"), a_partner("Elm Collections")
    other = World(creditor, partner, a_case(creditor, partner))
    pay(other, "10", date(2026, 9, 11))
    pay(
        world,
        "5",
        date(2026, 9, 12),
        case=a_case(world.creditor, world.partner, is_test=True),
        actor=OPERATOR,
    )
    period: dict[str, Any] = {"first": SEPTEMBER[0], "last": SEPTEMBER[1]}

    def gross(found: Statement) -> list[str]:
        return [str(line.gross.amount) for line in found.lines]

    for actor, expected in [
        (world.as_creditor, ["200.00"]),
        (world.as_partner, ["200.00"]),
        (other.as_creditor, ["10.00"]),
        (other.as_partner, ["10.00"]),
        (OPERATOR, ["200.00", "10.00"]),
    ]:
        assert gross(statement(actor, **period)) == expected
    assert gross(statement(OPERATOR, **period, creditor=creditor.public_id)) == ["10.00"]
    assert gross(statement(OPERATOR, **period, partner=world.partner.public_id)) == ["200.00"]
    assert gross(statement(world.as_creditor, **period, creditor=creditor.public_id)) == []


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="end on 1 September 2026, before it begins on 30 September 2026"):
        statement(world.as_creditor, first=SEPTEMBER[1], last=SEPTEMBER[0])


DAYS = st.dates(date(2026, 9, 1), date(2026, 9, 12))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_statements_follow_on_from_each_other_and_add_up_to_the_payments(
    world: World, data: st.DataObject
) -> None:
    Payment.objects.all().delete()
    Case.objects.filter(pk=world.case.pk).update(outstanding=1000, lifecycle="active")
    for _ in range(data.draw(st.integers(1, 4))):
        recipient = data.draw(st.sampled_from(Recipient))
        recorded = data.draw(DAYS)
        payment = pay(world, str(data.draw(st.integers(1, 250))), recorded, recipient=recipient)
        later = st.dates(recorded, date(2026, 9, 13))
        settled = data.draw(st.none() | later)
        if settled:
            settle(payment, data.draw(st.dates(recorded, settled)), settled)
        undone = data.draw(st.none() | st.dates(settled or recorded, date(2026, 9, 14)))
        if undone:
            undo(payment, undone)
            if settled and data.draw(st.booleans()):
                back = data.draw(st.dates(undone, date(2026, 9, 15)))
                settle(payment, back, back)
    cut = data.draw(st.dates(date(2026, 9, 1), date(2026, 9, 29)))
    early = statement(world.as_creditor, first=SEPTEMBER[0], last=cut)
    late = statement(world.as_creditor, first=cut.fromordinal(cut.toordinal() + 1), last=SEPTEMBER[1])
    whole = statement(world.as_creditor, first=SEPTEMBER[0], last=SEPTEMBER[1])
    everything = draw_up(Payment.objects.select_related("case"), *SEPTEMBER)
    nothing = Balance(money("0 GBP"), money("0 GBP"))
    assert whole == everything
    assert early.closing.get("GBP", nothing) == late.opening.get("GBP", nothing)
    assert late.closing.get("GBP", nothing) == whole.closing["GBP"]
    assert sorted((*early.lines, *late.lines), key=str) == sorted(whole.lines, key=str)
    live = Payment.objects.filter(reversed_at=None)
    zero = Money.zero("GBP")
    assert whole.totals["GBP"].gross == sum((Money(p.amount, "GBP") for p in live), zero)
    assert whole.totals["GBP"].fee == sum((Money(p.fee, "GBP") for p in live), zero)
    total = whole.totals["GBP"]
    assert total.gross == total.fee + total.vat + total.partner_share + total.creditor_share


def test_the_file_for_the_books_runs_from_balance_to_balance(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(creditor_reference="=HYPERLINK(1)")
    pay(world, "200", date(2026, 9, 10))
    rows = list(csv.DictReader(io.StringIO(statement_csv(of(world, SEPTEMBER)))))
    assert [row["what"] for row in rows] == ["Opening balance"] * 2 + ["Payment"] + ["Closing balance"] * 2
    line = rows[2]
    assert line["creditor_reference"] == "'=HYPERLINK(1)"
    assert (line["gross"], line["fee"], line["vat_on_fee"], line["creditor_share"]) == (
        "200.00",
        "19.00",
        "3.80",
        "177.20",
    )
    assert (line["owed_by"], line["owed"], line["paid_on"]) == ("partner", "177.20", "2026-09-10")
    closing = {row["owed_by"]: row["owed"] for row in rows[3:]}
    assert closing == {"partner": "177.20", "creditor": "0.00"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("A=1", "A=1"),
        (Decimal("-1.50"), "-1.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 3, 5), "2026-03-05"),
        (None, ""),
        (LineKind.PAYMENT, "Payment"),
    ],
)
def test_no_cell_can_be_a_formula(value: str | Decimal | date | None, cell: str) -> None:
    assert csv_cell(value) == cell
