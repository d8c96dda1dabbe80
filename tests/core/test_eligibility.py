"""The claim as a whole: its size, its partner, and all findings together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.core.address import Address, Confidence, PostalLines
from arrears.core.debtor import Debtor
from arrears.core.eligibility import Known, Severity, Verdict
from arrears.core.invoice import Figures, Invoice, Status
from tests.builders import a_claim, a_debtor, an_invoice, some_figures
from tests.core.verdicts import BLOCKS, WARNS, checked, found, on_invoice, report_on, the


def test_a_sound_claim_is_eligible_and_has_no_findings() -> None:
    assert checked(a_claim()) == Verdict(())
    assert Verdict(()).eligible


@pytest.mark.parametrize(
    ("owed", "code"),
    [
        ("0.99 GBP", "tiny_amount"),
        ("99 JPY", "tiny_amount"),
        ("1 GBP", "below_minimum"),
        ("77.59 GBP", "below_minimum"),  # GBP 1 is USD 1.25: USD 96.99
        ("77.60 GBP", "minimum_borderline"),  # USD 97.00, exactly 3% below
        ("82.39 GBP", "minimum_borderline"),  # USD 102.99
        ("82.40 GBP", ""),  # USD 103.00, exactly 3% above
        ("99.99 USD", "below_minimum"),
        ("100 USD", ""),
        ("500 XAF", "minimum_unknown"),
    ],
)
def test_the_size_is_held_against_the_minimum_in_dollars(owed: str, code: str) -> None:
    figures = some_figures(owed, home_currency=owed.split()[1])
    assert [code for code, _ in found(on_invoice(figures=figures))] == ([code] if code else [])


def test_small_claims_say_what_they_are_worth_and_by_which_rate() -> None:
    finding = the("below_minimum", on_invoice("50 GBP"))
    assert finding.severity is BLOCKS
    assert finding.message == (
        "GBP 50.00 is worth about USD 62.50, below the collector's minimum of USD 100. "
        "Test rates of 20 November 2026."
    )
    assert the("minimum_borderline", on_invoice("80 GBP")).severity is WARNS
    assert the("minimum_unknown", on_invoice("800 XAF")).severity is WARNS
    assert the("below_minimum", on_invoice("50 USD")).message.startswith("USD 50.00 is outstanding, below")


def test_small_invoices_count_together_when_bundled() -> None:
    small = [an_invoice("60 GBP", id=number, number=number) for number in ("1", "2")]
    assert [code for code, _ in found(a_claim(small[0]))] == ["below_minimum"]
    assert found(a_claim(*small)) == []


def test_the_books_own_rate_measures_the_minimum() -> None:
    # 101 EUR is USD 101 at the market, but at the booked 1.6 it is GBP 63.13, USD 78.91.
    assert [c for c, _ in found(on_invoice(figures=some_figures("101 EUR", rate="1.6")))] == ["below_minimum"]


def test_a_claim_in_two_currencies_is_blocked() -> None:
    finding = the("mixed_currencies", a_claim(an_invoice("500 GBP"), an_invoice("500 EUR", number="1002")))
    assert (finding.severity, finding.message) == (BLOCKS, "The claim mixes invoices in EUR and GBP.")


def test_no_partner_warns_and_nobody_asked_is_silent() -> None:
    claim = a_claim()
    assert found(claim, Known(control_owed=report_on(claim), has_partner=False)) == [("no_partner", WARNS)]
    assert found(claim, Known(control_owed=report_on(claim), has_partner=True)) == []


def test_everything_is_found_at_once_and_what_blocks_comes_first() -> None:
    debtor = a_debtor(name="", emails=(), chasing_on=True, address=Address(), lines=PostalLines())
    invoice = an_invoice(figures=some_figures(due="1"), issued=None, due=None, archived=True)
    verdict = checked(a_claim(invoice, debtor=debtor), Known(has_partner=False))
    assert [finding.code for finding in verdict.findings] == [
        "amounts_disagree",
        "invoice_date_missing",
        "due_date_missing",
        "debtor_name_missing",
        "address_line_missing",
        "city_missing",
        "country_missing",
        "no_partner",
        "email_missing",
        "chasing_still_on",
        "archived",
    ]
    assert not verdict.eligible


def test_every_invoice_of_a_bundle_is_checked() -> None:
    claim = a_claim(an_invoice(due=None), an_invoice(number="1002", due=date(2027, 1, 1)))
    assert found(claim) == [("due_date_missing", BLOCKS), ("not_overdue_yet", BLOCKS)]


dates = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))
amounts = st.none() | st.decimals(-1000, 1000, places=2)
wild_figures = st.builds(
    Figures,
    currency=st.sampled_from(["", "GBP", "EUR", "JPY", "XAF", "???"]),
    home_currency=st.sampled_from(["GBP", "JPY", ""]),
    gross=amounts,
    paid=amounts,
    due=amounts,
    rate=amounts,
    home_gross=amounts,
)
wild_invoices = st.builds(
    an_invoice,
    owed=st.just("1 GBP"),
    figures=wild_figures,
    issued=dates,
    due=dates,
    last_payment=dates,
    status=st.sampled_from(Status),
    deleted=st.booleans(),
    archived=st.booleans(),
    is_credit_note=st.booleans(),
)
wild_debtors = st.builds(
    a_debtor,
    name=st.text(max_size=5),
    address=st.builds(
        Address,
        street=st.text(max_size=3),
        city=st.text(max_size=3),
        zip=st.text(max_size=6),
        state=st.text(max_size=3),
        country=st.sampled_from(["", "GB", "US", "FR", "AE"]),
        confidence=st.sampled_from(Confidence),
    ),
)


@settings(max_examples=30)
@given(st.lists(wild_invoices, min_size=1, max_size=3), wild_debtors)
def test_whatever_the_books_say_there_is_a_verdict_in_order_and_in_words(
    invoices: list[Invoice], debtor: Debtor
) -> None:
    claim = a_claim(*invoices, debtor=debtor)
    findings = checked(claim, Known(control_owed={"1001": Decimal(1)})).findings
    assert [finding.severity for finding in findings] == sorted(
        (finding.severity for finding in findings), key=list(Severity).index
    )
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.code.replace("_", "").isalpha()
        assert "." in finding.field
