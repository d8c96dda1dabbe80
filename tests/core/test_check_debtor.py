"""Findings about the customer's record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from arrears.core.address import Address, Confidence, PostalLines
from arrears.core.debtor import DebtorType
from arrears.core.eligibility import Severity
from tests.builders import a_claim, a_debtor, an_address, an_invoice, some_figures
from tests.core.verdicts import BLOCKS, WARNS, found, on_debtor, on_invoice, the


@pytest.mark.parametrize(
    ("changes", "code", "severity", "field"),
    [
        ({"name": " "}, "debtor_name_missing", BLOCKS, "debtor.name"),
        ({"type": DebtorType.UNKNOWN}, "debtor_type_unknown", WARNS, "debtor.type"),
        ({"emails": ()}, "email_missing", WARNS, "debtor.email"),
        ({"emails": (), "unusable_emails": ("a@",)}, "email_unusable", WARNS, "debtor.email"),
        ({"unusable_emails": ("a@",)}, "email_unusable", WARNS, "debtor.email"),
        ({"unusable_phones": ("call me",)}, "phone_unusable", WARNS, "debtor.phone"),
        ({"unallocated_credit": Decimal(50)}, "unallocated_credit", WARNS, "debtor.unallocated_credit"),
        ({"chasing_on": True}, "chasing_still_on", WARNS, "debtor.chasing_on"),
    ],
)
def test_gaps_in_the_customers_record(
    changes: dict[str, object], code: str, severity: Severity, field: str
) -> None:
    claim = on_debtor(**changes)
    assert found(claim) == [(code, severity)]
    finding = the(code, claim)
    assert finding.field == field
    assert finding.fix
    assert finding.url == "https://books.example/customers/ACME"


@pytest.mark.parametrize("credit", [None, Decimal(0)])
def test_no_credit_is_not_told(credit: Decimal | None) -> None:
    assert found(on_debtor(unallocated_credit=credit)) == []


def test_credit_is_told_in_the_home_currency() -> None:
    claim = replace(
        on_invoice(figures=some_figures("600 EUR", rate="1.2")),
        debtor=a_debtor(unallocated_credit=Decimal(50)),
    )
    assert "GBP 50.00 of credit" in the("unallocated_credit", claim).message


def test_chasing_of_single_invoices_names_them() -> None:
    claim = a_claim(
        an_invoice(chasing_on=True), an_invoice(number="1002"), an_invoice(number="1003", chasing_on=True)
    )
    finding = the("chasing_still_on", claim)
    assert "invoices 1001 and 1003" in finding.message
    assert finding.field == "invoice.chasing_on"


@pytest.mark.parametrize(
    ("address", "code", "severity"),
    [
        (an_address(street=""), "address_line_missing", BLOCKS),
        (an_address(city=""), "city_missing", BLOCKS),
        (an_address(confidence=Confidence.GUESSED), "address_uncertain", WARNS),
        (an_address(country_conflict="The postcode is French."), "country_conflict", BLOCKS),
        (an_address(zip=""), "postcode_missing", WARNS),
        (an_address(zip="12345"), "postcode_invalid", BLOCKS),
        (an_address(country="US", zip="90210"), "us_state_missing", BLOCKS),
        (an_address(country="US", zip="90210", state="Leeds"), "us_state_missing", BLOCKS),
    ],
)
def test_gaps_in_the_address(address: Address, code: str, severity: Severity) -> None:
    claim = on_debtor(address=address)
    assert found(claim) == [(code, severity)]
    assert the(code, claim).field.startswith("debtor.")
    assert the(code, claim).fix


@pytest.mark.parametrize(
    "address",
    [
        an_address(country="US", zip="90210", state="CA"),
        an_address(country="IE", zip=""),
        an_address(country="AE", zip=""),
        an_address(confidence=Confidence.LIKELY),
    ],
)
def test_an_address_that_will_do(address: Address) -> None:
    assert found(on_debtor(address=address)) == []


def test_a_missing_country_and_one_we_do_not_know_are_told_apart() -> None:
    nothing, odd = PostalLines(), PostalLines(country_code="ZZ", country_name="Ruritania")
    nowhere = an_address(country="")
    assert found(on_debtor(address=nowhere, lines=nothing)) == [("country_missing", BLOCKS)]
    assert the("country_unknown", on_debtor(address=nowhere, lines=odd)).message == (
        "“Ruritania” is not a country we know."
    )


def test_a_guess_is_told_with_its_reasons() -> None:
    guess = an_address(confidence=Confidence.GUESSED, reasons=("The last line was taken for the town.",))
    assert the("address_uncertain", on_debtor(address=guess)).message == (
        "“Leeds” is our best guess at the town. The last line was taken for the town."
    )
