"""Findings about one invoice and about the report that it is held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arrears.core.claim import Claim
from arrears.core.eligibility import Known
from arrears.core.invoice import Status
from tests.builders import TODAY, a_claim, some_figures
from tests.core.verdicts import BLOCKS, INFORMS, WARNS, checked, found, on_invoice, report_on, the


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (on_invoice(due=date(2026, 12, 5)), "not_overdue_yet"),
        (on_invoice(due=TODAY), "not_overdue_yet"),
        (on_invoice("0 GBP"), "paid"),
        (on_invoice(figures=some_figures("10 GBP", paid="15", due="-5")), "overpaid"),
        (on_invoice(is_credit_note=True), "credit_note"),
        (on_invoice("-500 GBP"), "credit_note"),
        (on_invoice(deleted=True), "deleted"),
        (on_invoice(issued=None), "invoice_date_missing"),
        (on_invoice(due=None), "due_date_missing"),
        (on_invoice(issued=date(2026, 8, 1)), "due_before_invoice"),
        (on_invoice(figures=some_figures(due="1")), "amounts_disagree"),
        (on_invoice(figures=some_figures(due=None)), "amount_unknown"),
        (on_invoice(figures=some_figures("500 EUR")), "exchange_rate_missing"),
        (on_invoice(figures=replace(some_figures(), currency="")), "currency_unknown"),
    ],
)
def test_an_invoice_that_cannot_be_collected_is_blocked_for_one_reason(claim: Claim, code: str) -> None:
    assert found(claim) == [(code, BLOCKS)]
    assert not checked(claim).eligible
    assert the(code, claim).url == "https://books.example/invoices/1001"
    assert the(code, claim).fix


def test_an_invoice_is_still_read_where_its_currency_code_is_not_real() -> None:
    codes = found(on_invoice(figures=some_figures("500 GPB", home_currency="GPB")))
    assert ("currency_invalid", BLOCKS) in codes
    assert ("minimum_unknown", WARNS) in codes


def test_a_date_in_the_future_is_told_beside_what_follows_from_it() -> None:
    claim = on_invoice(issued=date(2026, 12, 1), due=date(2026, 12, 31))
    assert found(claim) == [("invoice_date_in_future", BLOCKS), ("not_overdue_yet", BLOCKS)]


def test_an_invoice_of_today_that_was_due_yesterday_is_only_out_of_order() -> None:
    claim = on_invoice(issued=TODAY, due=date(2026, 11, 21))
    assert found(claim) == [("due_before_invoice", BLOCKS)]


@pytest.mark.parametrize(
    ("claim", "code", "message"),
    [
        (
            on_invoice(due=date(2026, 12, 5)),
            "not_overdue_yet",
            "Invoice 1001 is due on 5 December 2026, so it is not overdue yet.",
        ),
        (on_invoice(due=TODAY), "not_overdue_yet", "Invoice 1001 is due today, so it is not overdue yet."),
        (
            on_invoice(figures=some_figures("1000 GBP", paid="2234.5", due="-1234.5")),
            "overpaid",
            "Invoice 1001 has been overpaid by GBP 1,234.50.",
        ),
        (
            on_invoice(figures=some_figures("1500 GBP", due="1")),
            "amounts_disagree",
            "Invoice 1001: Total less payments is GBP 1,500.00, but the books say GBP 1.00 is due.",
        ),
        (
            on_invoice(issued=date(2026, 8, 1)),
            "due_before_invoice",
            "Invoice 1001 was due on 31 July 2026, before its own date, 1 August 2026.",
        ),
        (
            on_invoice(figures=some_figures("500 EURO", home_currency="EURO")),
            "currency_invalid",
            "Invoice 1001 is in “EURO”, which is not the code of a currency in use.",
        ),
    ],
)
def test_the_message_names_the_invoice_and_the_figures(claim: Claim, code: str, message: str) -> None:
    assert the(code, claim).message == message


def test_a_label_that_contradicts_the_amounts_is_told() -> None:
    finding = the("status_disagrees", on_invoice(status=Status.PAID, status_text="Paid"))
    assert finding.severity is INFORMS
    assert finding.message == (
        "Invoice 1001 is called “Paid” in KashFlow, but by its amounts and dates it is overdue. "
        "The amounts and dates decide."
    )
    assert found(on_invoice(status=Status.OVERDUE)) == []


def test_what_does_not_stand_in_the_way_only_informs() -> None:
    claim = on_invoice(archived=True)
    verdict = checked(claim, Known(control_owed=report_on(claim), submitted={"7001": "AR-ABCDEF-7001"}))
    assert [(finding.code, finding.severity) for finding in verdict.findings] == [
        ("already_submitted", INFORMS),
        ("archived", INFORMS),
    ]
    assert "AR-ABCDEF-7001" in verdict.findings[0].message
    assert verdict.eligible


def test_an_invoice_missing_from_the_unpaid_report_is_blocked() -> None:
    assert found(a_claim(), Known(control_owed={})) == [("control_differs", BLOCKS)]


def test_a_report_that_says_another_amount_blocks_and_tells_both() -> None:
    finding = the("control_differs", a_claim(), Known(control_owed={"1001": Decimal("1450.5")}))
    assert finding.severity is BLOCKS
    assert "GBP 500.00" in finding.message
    assert "1,450.50" in finding.message


@pytest.mark.parametrize(
    ("reported", "fits"), [("600", True), ("500", True), ("499.99", True), ("550", False)]
)
def test_a_foreign_invoice_may_be_reported_in_either_currency(reported: str, fits: bool) -> None:
    # 600 EUR at 1.2 is 500 GBP.
    claim = on_invoice(figures=some_figures("600 EUR", rate="1.2"))
    codes = found(claim, Known(control_owed={"1001": Decimal(reported)}))
    assert codes == ([] if fits else [("control_differs", BLOCKS)])


def test_without_a_report_the_claim_is_eligible_with_a_warning() -> None:
    assert found(a_claim(), Known()) == [("control_unavailable", WARNS)]


@pytest.mark.parametrize("changes", [{"owed": "0 GBP"}, {"deleted": True}, {"is_credit_note": True}])
def test_what_is_not_owed_is_not_looked_for_in_the_report(changes: dict[str, object]) -> None:
    codes = [code for code, _ in found(on_invoice(**changes), Known(control_owed={}))]  # type: ignore[arg-type]
    assert "control_differs" not in codes


def test_an_invoice_without_an_id_is_blocked_because_it_could_be_submitted_twice() -> None:
    assert found(on_invoice(id="")) == [("invoice_id_missing", BLOCKS)]


@pytest.mark.parametrize(("total", "named"), [("500 GBP", False), ("500 EUR", True)])
def test_the_exchange_rate_is_only_blamed_where_there_is_one(total: str, named: bool) -> None:
    finding = the("amounts_disagree", on_invoice(figures=some_figures(total, due="1", rate="1.2")))
    assert ("exchange rate" in finding.fix) is named
