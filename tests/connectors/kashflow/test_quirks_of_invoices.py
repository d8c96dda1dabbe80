"""The oddities of KashFlow's data, Q1 to Q40, one test each: those of a single invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arrears.connectors.kashflow.mapping import credit_in, invoice_from, is_settled, status_of
from arrears.core.invoice import Position, Status, is_unpaid, position_of, status_agrees
from arrears.core.money import Money
from tests.connectors.kashflow.sample import ABSENT, invoice, listed, row, sample

TODAY = date(2026, 5, 1)
ADDRESS = {"Line1": None, "Line2": None, "Line3": None, "Line4": None, "PostCode": None}


def euros(**changes: object) -> dict[str, object]:
    """Half of a 1,000 euro invoice is paid: 400 pounds at 1.25 euros to the pound."""
    return {
        "Currency": {"Code": "EUR", "ExchangeRate": 1.25},
        "GrossAmount": 1000.0,
        "HomeCurrencyGrossAmount": 800.0,
        "TotalPaidAmount": 400.0,
        "DueAmount": 500.0,
        "Status": "Overdue - Part Paid",
        **changes,
    }


def test_q01_dates_are_calendar_dates_whatever_noon_and_offset_say() -> None:
    mapped = invoice(IssuedDate="2026-03-02 12:00:00", DueDate="2026-04-01 12:00:00 +05:30")
    assert (mapped.issued, mapped.due) == (date(2026, 3, 2), date(2026, 4, 1))
    assert invoice(DueDate="2026-04-01 12:00:00 -11:00").due == date(2026, 4, 1)


@pytest.mark.parametrize(
    "never",
    ["1900-01-01 12:00:00", "0001-01-01 12:00:00", "1970-01-01 12:00:00", None, "", "soon", "2026-02-30"],
)
def test_q02_dates_that_stand_for_never_are_no_dates(never: str | None) -> None:
    mapped = invoice(DueDate=never, LastPaymentDate=never)
    assert (mapped.due, mapped.last_payment) == (None, None)


def test_q03_null_sub_objects_leave_the_rest_readable_and_no_currency_assumed() -> None:
    listed_row = row(Currency=None, LineItems=None, Address=None, PaymentLines=None)
    mapped = invoice_from(listed_row, "GBP", complete=False)
    assert (mapped.number, mapped.currency, mapped.lines) == ("4102", "", None)
    assert mapped.outstanding.money is None
    # The detail lacks it too: then home currency counts, provided that the total is the same at home.
    assert invoice(Currency=None).currency == "GBP"
    assert invoice(Currency=None, HomeCurrencyGrossAmount=960.0).currency == ""


def test_q05_dust_is_neither_owed_nor_lost() -> None:
    dust = {"GrossAmount": 1234.56, "TotalPaidAmount": 1234.5599, "DueAmount": 0.0001, "Status": "Paid"}
    assert is_settled(row(**dust, HomeCurrencyGrossAmount=1234.56))
    assert position_of(invoice(**dust, HomeCurrencyGrossAmount=1234.56), TODAY) is Position.PAID
    precise = invoice(GrossAmount=117.5000, TotalPaidAmount=0.1000, DueAmount=117.4000)
    assert precise.outstanding.money == Money.parse("117.40 GBP")


def test_q06_a_foreign_invoice_part_paid_in_home_money() -> None:
    assert invoice(**euros()).outstanding.money == Money.parse("500.00 EUR")


def test_q07_a_due_amount_in_home_money_never_passes_as_foreign() -> None:
    stated_at_home = invoice(**euros(DueAmount=400.0, FormattedDueAmount="£400.00"))
    assert stated_at_home.outstanding.money == Money.parse("500.00 EUR")
    neither = invoice(**euros(DueAmount=450.0))
    assert neither.outstanding.money is None
    assert "fits neither" in neither.outstanding.problem


@pytest.mark.parametrize(
    "spelling", ["Overdue - Part Paid", "OverduePartPaid", "overdue part paid", "Overdue Part Paid"]
)
def test_q08_every_spelling_of_a_status_means_the_same(spelling: str) -> None:
    assert status_of(spelling) is Status.OVERDUE_PART_PAID
    assert status_of("Part Paid") is status_of("PartPaid") is Status.PART_PAID
    assert status_of("NA") is Status.NOTHING_DUE
    assert status_of("Written off") is Status.UNKNOWN


def test_q09_a_status_that_contradicts_the_figures_is_shown_and_does_not_decide() -> None:
    paid = {"TotalPaidAmount": 1200.0, "DueAmount": 0.0, "Status": "Unpaid", "OverdueDays": 75}
    assert not is_settled(row(**paid))
    mapped = invoice(**paid)
    assert position_of(mapped, TODAY) is Position.PAID
    assert is_unpaid(mapped, TODAY)
    assert not status_agrees(mapped, TODAY)


def test_q10_a_zero_value_invoice_is_settled() -> None:
    zero = {"GrossAmount": 0.0, "HomeCurrencyGrossAmount": 0.0, "DueAmount": 0.0, "Status": "NA"}
    assert is_settled(row(**zero))
    assert invoice(**zero).status is Status.NOTHING_DUE


def test_q11_a_credit_note_is_told_by_its_amounts_or_its_type() -> None:
    note = {"GrossAmount": -240.0, "HomeCurrencyGrossAmount": -240.0, "DueAmount": -240.0, "Status": "Unpaid"}
    assert position_of(invoice(**note, Type="Gutschrift"), TODAY) is Position.CREDIT_NOTE
    assert invoice(Type="Credit Note").is_credit_note
    assert credit_in(row(**note)) == Decimal(240)
    assert not is_settled(row(**note))


def test_q12_a_bounced_payment_counts_as_the_sum_of_its_lines() -> None:
    lines = [
        {"Id": 91, "Amount": 600.0, "Date": "2026-03-20 12:00:00"},
        {"Id": 95, "Amount": -600.0, "Date": "2026-03-27 12:00:00"},
    ]
    mapped = invoice(TotalPaidAmount=600.0, PaymentLines=lines)
    assert mapped.outstanding.money == Money.parse("1200.00 GBP")
    assert mapped.last_payment is None


def test_q12_a_bounced_payment_takes_back_one_payment_and_not_all_of_that_amount() -> None:
    def line(amount: float, day: str) -> dict[str, object]:
        return {"Amount": amount, "Date": f"{day} 12:00:00"}

    lines = [
        line(600.0, "2026-05-01"),
        line(-600.0, "2026-03-27"),
        line(600.0, "2026-03-20"),
        line(5.0, "2026-01-02"),
    ]
    assert invoice(TotalPaidAmount=605.0, PaymentLines=lines).last_payment == date(2026, 5, 1)
    assert invoice(TotalPaidAmount=5.0, PaymentLines=lines[1:]).last_payment == date(2026, 1, 2)


def test_q13_a_credit_set_against_the_invoice_lowers_it_and_is_not_a_payment_received() -> None:
    lines = [{"Id": 120, "Amount": 150.0, "Date": "2026-04-20 12:00:00", "IsPaymentCreditNote": True}]
    mapped = invoice(PaymentLines=lines, TotalPaidAmount=150.0, DueAmount=1050.0)
    assert mapped.outstanding.money == Money.parse("1050.00 GBP")
    assert mapped.last_payment is None


def test_q14_an_overpaid_invoice_is_settled_and_leaves_credit() -> None:
    overpaid = {"TotalPaidAmount": 1230.0, "DueAmount": -30.0, "Status": "Overpaid"}
    assert is_settled(row(**overpaid))
    assert credit_in(row(**overpaid)) == Decimal(30)
    assert position_of(invoice(**overpaid), TODAY) is Position.OVERPAID


def test_a_gain_from_the_exchange_rate_is_nobodys_credit() -> None:
    settled = euros(TotalPaidAmount=820.0, DueAmount=0.0, Status="Paid")
    assert credit_in(row(**settled)) is None


@pytest.mark.parametrize("absurd", ["1e-25", 1e-12, 1e30])
def test_a_rate_that_no_currencies_ever_had_is_none(absurd: object) -> None:
    assert invoice(**euros(Currency={"Code": "EUR", "ExchangeRate": absurd})).figures.rate is None


def test_q02_the_year_9999_means_never() -> None:
    assert invoice(DueDate="9999-12-31 12:00:00").due is None


def test_q20_empty_null_and_missing_are_the_same() -> None:
    for nothing in ("", None, ABSENT):
        mapped = invoice(CustomerReference=nothing, CustomerName=nothing, Status=nothing)
        assert (mapped.customer_reference, mapped.customer_name, mapped.status) == ("", "", Status.UNKNOWN)


def test_q23_an_invoice_without_customer_id_still_has_its_customer() -> None:
    mapped = invoice(CustomerId=ABSENT)
    assert (mapped.customer_code, mapped.id) == ("BRID01", "880123")


def test_q24_a_voided_invoice_is_deleted() -> None:
    voided = {"DeletedAt": "2026-05-19 12:00:00", "Status": "Unpaid"}
    assert invoice(**voided).deleted
    assert is_settled(row(**voided))
    assert not invoice(DeletedAt=None).deleted
    assert not invoice(DeletedAt="1900-01-01 12:00:00").deleted


def test_q25_an_archived_invoice_can_still_be_owed() -> None:
    mapped = invoice(IsArchived=True, OverdueDays=1460)
    assert mapped.archived
    assert is_unpaid(mapped, TODAY)


def test_q34_withheld_tax_makes_the_amount_doubtful_and_is_named() -> None:
    mapped = invoice(IsWhtDeductionToBeApplied=True, DueAmount=960.0)
    assert mapped.outstanding.money is None
    assert "Tax withheld" in mapped.outstanding.problem


def test_q36_the_stated_due_date_counts_and_no_terms_are_applied() -> None:
    assert invoice(DueDate="2026-06-30 12:00:00").due == date(2026, 6, 30)


def test_q37_an_invoice_without_due_date_stays_on_the_list() -> None:
    mapped = invoice(DueDate=None, IssuedDate="2019-06-30 12:00:00", Status="Unpaid")
    assert position_of(mapped, TODAY) is Position.DUE_DATE_UNKNOWN
    assert is_unpaid(mapped, TODAY)


def test_q38_the_id_stays_when_the_number_changes() -> None:
    assert invoice(Number=5001).id == invoice(Number=4102).id == "880123"


def test_q39_reminder_letters_in_any_order_are_no_obstacle() -> None:
    letters = [
        {"Number": 3, "IsSent": False, "SentDate": "1900-01-01 12:00:00"},
        {"Number": 1, "IsSent": True, "SentDate": "2026-04-20 12:00:00"},
    ]
    assert invoice(ReminderLetters=letters) == replace(invoice(), reminders=1)


@pytest.mark.parametrize("broken", [[], {}, "many", True, "1,200.00", 1e308, "NaN", None])
def test_a_figure_that_is_none_is_flagged_and_never_guessed(broken: object) -> None:
    assert invoice(DueAmount=broken).outstanding.money is None


def test_a_row_at_a_glance_agrees_with_the_whole_row() -> None:
    page = listed(
        [sample("invoice"), sample("invoice", Status="Paid", DueAmount=0.0, TotalPaidAmount=1200.0)]
    )
    assert [is_settled(entry) for entry in page.rows] == [is_settled(entry.invoice()) for entry in page.rows]
    assert [is_settled(entry) for entry in page.rows] == [False, True]
