"""What is still owed on an invoice, and what that makes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.invoice import (
    Figures,
    Outstanding,
    Position,
    Status,
    days_overdue,
    is_unpaid,
    outstanding_of,
    position_of,
    status_agrees,
)
from tests.builders import TODAY, an_invoice, money, some_figures

pennies = st.decimals(min_value=0, max_value=10**7, places=2)


def test_at_home_the_outstanding_is_total_less_payments() -> None:
    assert outstanding_of(some_figures("120.00 GBP", paid="20", due="100.0000")).money == money("100 GBP")


def test_at_home_a_stated_amount_that_differs_is_a_problem_with_both_figures() -> None:
    outstanding = outstanding_of(some_figures("120 GBP", paid="20", due="90"))
    assert outstanding.money is None
    assert "GBP 100.00" in outstanding.problem
    assert "GBP 90.00" in outstanding.problem
    assert "withheld" not in outstanding.problem


def test_withheld_tax_is_named_as_the_likely_cause() -> None:
    outstanding = outstanding_of(some_figures("120 GBP", due="96", withheld=True))
    assert outstanding.money is None
    assert "Tax withheld" in outstanding.problem


def test_fractions_of_a_penny_left_over_count_as_nothing() -> None:
    outstanding = outstanding_of(some_figures("117.5040 GBP", paid="117.5000", due="0.0040"))
    assert outstanding.money == money("0.00 GBP")


def test_abroad_an_amount_due_in_the_invoice_currency_is_recognised() -> None:
    # 1,200 EUR at 1.2 is 1,000 GBP; 250 GBP paid is 300 EUR; 900 EUR is left.
    figures = some_figures("1200 EUR", rate="1.2", home_gross="1000", paid="250", due="900")
    assert outstanding_of(figures).money == money("900.00 EUR")


def test_abroad_an_amount_due_in_the_home_currency_is_recognised() -> None:
    # The same invoice; 900 EUR is 750 GBP.
    figures = some_figures("1200 EUR", rate="1.2", home_gross="1000", paid="250", due="750")
    assert outstanding_of(figures).money == money("900.00 EUR")


def test_abroad_an_amount_due_that_fits_neither_reading_is_a_problem() -> None:
    figures = some_figures("1200 EUR", rate="1.2", home_gross="1000", paid="250", due="800")
    outstanding = outstanding_of(figures)
    assert outstanding.money is None
    assert "neither as EUR nor as GBP" in outstanding.problem


@pytest.mark.parametrize("rate", [None, "0", "-1"])
def test_abroad_nothing_is_told_without_a_usable_rate(rate: str | None) -> None:
    outstanding = outstanding_of(some_figures("1200 EUR", rate=rate, paid="250", due="900"))
    assert outstanding.money is None
    assert "exchange rate" in outstanding.problem


def test_abroad_a_rate_that_does_not_lead_to_the_home_total_is_a_problem() -> None:
    outstanding = outstanding_of(some_figures("1200 EUR", rate="1.2", home_gross="1440"))
    assert outstanding.money is None
    assert "does not lead from EUR 1,200.00 to GBP 1,440.00" in outstanding.problem


@pytest.mark.parametrize(("due", "owed"), [("90000", "90000 JPY"), ("473.68", "89999 JPY")])
def test_yen_have_no_decimals_in_either_reading(due: str, owed: str) -> None:
    # 190,000 JPY at 190 is 1,000 GBP. 526.32 GBP paid is 100,000.8 JPY, which leaves 89,999.2 JPY: within a
    # penny's worth (1.9 JPY) of the 90,000 JPY stated, and 473.68 GBP, rounded down to the whole yen.
    figures = some_figures("190000 JPY", rate="190", home_gross="1000", paid="526.32", due=due)
    found = outstanding_of(figures).money
    assert str(found) == owed


def test_an_invoice_for_nothing_owes_nothing() -> None:
    assert outstanding_of(some_figures("0 GBP")).money == money("0.00 GBP")


@pytest.mark.parametrize("missing", ["gross", "paid", "due"])
def test_nothing_is_told_when_a_figure_is_missing(missing: str) -> None:
    changes: dict[str, Any] = {missing: None}
    outstanding = outstanding_of(some_figures(**changes))
    assert outstanding.money is None
    assert "do not give" in outstanding.problem


def test_the_home_currency_is_never_assumed() -> None:
    figures = Figures("", "GBP", Decimal(100), Decimal(0), Decimal(100))
    assert outstanding_of(figures) == Outstanding(
        None, "", "The books do not say which currency this invoice is in."
    )


@given(
    gross=pennies,
    paid=pennies,
    rate=st.decimals(min_value="0.01", max_value=500, places=4),
    home=st.booleans(),
)
def test_consistent_books_always_give_an_amount_close_to_the_truth(
    gross: Decimal, paid: Decimal, rate: Decimal, home: bool
) -> None:
    left = gross - paid * rate
    due = round(left / rate, 2) if home else round(left, 2)
    figures = some_figures(f"{gross} EUR", rate=rate, paid=paid, due=due)
    owed = outstanding_of(figures).money
    assert owed is not None
    assert owed.currency == "EUR"
    assert abs(owed.amount - left) <= Decimal("0.03") * max(Decimal(1), rate)


@given(gross=pennies, paid=pennies, due=pennies)
def test_there_is_either_an_amount_or_a_problem_never_both(
    gross: Decimal, paid: Decimal, due: Decimal
) -> None:
    outstanding = outstanding_of(some_figures(f"{gross} GBP", paid=paid, due=due))
    assert (outstanding.money is None) == bool(outstanding.problem)


@pytest.mark.parametrize(
    ("due", "position"),
    [
        (date(2026, 11, 21), Position.OVERDUE),
        (TODAY, Position.NOT_DUE),
        (date(2026, 11, 23), Position.NOT_DUE),
        (None, Position.DUE_DATE_UNKNOWN),
    ],
)
def test_an_invoice_is_overdue_from_the_day_after_its_due_date(due: date | None, position: Position) -> None:
    assert position_of(an_invoice(due=due), TODAY) is position


def test_amounts_come_before_dates() -> None:
    assert position_of(an_invoice("0 GBP"), TODAY) is Position.PAID
    assert position_of(an_invoice("-1 GBP", figures=some_figures("10 GBP", paid="11", due="-1")), TODAY) is (
        Position.OVERPAID
    )
    assert position_of(an_invoice(figures=some_figures(due=None)), TODAY) is Position.AMOUNT_UNKNOWN


def test_deleted_and_credit_notes_come_before_amounts() -> None:
    assert position_of(an_invoice(deleted=True), TODAY) is Position.DELETED
    assert position_of(an_invoice(is_credit_note=True), TODAY) is Position.CREDIT_NOTE
    assert position_of(an_invoice("-50 GBP"), TODAY) is Position.CREDIT_NOTE


def test_days_overdue_are_calendar_days_and_never_negative() -> None:
    assert days_overdue(date(2026, 11, 1), TODAY) == 21
    assert days_overdue(TODAY, TODAY) == 0
    assert days_overdue(date(2027, 1, 1), TODAY) == 0
    assert days_overdue(None, TODAY) == 0


@pytest.mark.parametrize(
    ("status", "owed", "due", "agrees"),
    [
        (Status.OVERDUE, "10 GBP", date(2026, 7, 31), True),
        (Status.OVERDUE_PART_PAID, "10 GBP", date(2026, 7, 31), True),
        (Status.UNPAID, "10 GBP", date(2026, 7, 31), False),
        (Status.PAID, "10 GBP", date(2026, 7, 31), False),
        (Status.UNPAID, "10 GBP", date(2026, 11, 21), True),  # overdue since this morning
        (Status.UNPAID, "10 GBP", date(2026, 11, 20), False),
        (Status.UNPAID, "10 GBP", date(2026, 12, 1), True),
        (Status.OVERDUE, "10 GBP", date(2026, 12, 1), False),
        (Status.PAID, "0 GBP", date(2026, 7, 31), True),
        (Status.NOTHING_DUE, "0 GBP", date(2026, 7, 31), True),
        (Status.OVERDUE, "0 GBP", date(2026, 7, 31), False),
        (Status.UNKNOWN, "10 GBP", date(2026, 7, 31), True),
        (Status.OVERDUE, "10 GBP", None, True),
    ],
)
def test_the_label_is_held_against_amounts_and_dates(
    status: Status, owed: str, due: date | None, agrees: bool
) -> None:
    assert status_agrees(an_invoice(owed, status=status, due=due), TODAY) is agrees


def test_the_unpaid_list_holds_what_is_owed_and_what_cannot_be_told() -> None:
    assert is_unpaid(an_invoice(status=Status.PAID), TODAY)
    assert is_unpaid(an_invoice(due=date(2027, 1, 1)), TODAY)
    assert is_unpaid(an_invoice(figures=some_figures(due="1"), status=Status.PAID), TODAY)
    assert is_unpaid(an_invoice("0 GBP", status=Status.OVERDUE), TODAY)


def test_the_unpaid_list_leaves_out_what_is_settled_or_deleted() -> None:
    assert not is_unpaid(an_invoice("0 GBP", status=Status.PAID), TODAY)
    assert not is_unpaid(an_invoice("0 GBP"), TODAY)
    assert not is_unpaid(an_invoice(deleted=True), TODAY)


def test_an_invoice_paid_at_another_exchange_rate_is_not_unpaid() -> None:
    # 1,200 EUR was 1,000 GBP when invoiced and 980 GBP when paid; the books call it paid, nothing due.
    figures = some_figures("1200 EUR", rate="1.2", home_gross="1000", paid="980", due="0")
    assert not is_unpaid(an_invoice(figures=figures, status=Status.PAID), TODAY)
    assert is_unpaid(an_invoice(figures=figures, status=Status.OVERDUE), TODAY)


def test_a_credit_note_is_on_the_unpaid_list_until_it_is_used_up() -> None:
    assert is_unpaid(an_invoice("-50 GBP"), TODAY)
    used = some_figures("-50 GBP", paid="-50", due="0")
    assert not is_unpaid(an_invoice(figures=used, status=Status.PAID), TODAY)


def test_a_link_to_the_document_is_not_printed() -> None:
    invoice = an_invoice(document="https://books.example/secret-link")
    assert "secret-link" not in repr(invoice)
