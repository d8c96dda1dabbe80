"""What Debitura is told about a claim, to the byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arrears.connectors.debitura.bodies import (
    Terms,
    case_body,
    chat_body,
    invoices_in,
    invoices_text,
    preview_body,
)
from arrears.core.debtor import DebtorType
from arrears.core.json_text import read_json
from tests.builders import TODAY, a_claim, a_debtor, an_address, an_invoice


def test_one_invoice_of_a_company() -> None:
    body = case_body(a_claim(), "AR-XYZ-7001", Terms(return_url="https://arrears.example/back"), TODAY)
    assert body.decode() == (
        '{"allowPendingContracts":true,"amountToRecover":500.00,'
        '"claimDescription":"Unpaid invoice 1001 of 1 July 2026, due 31 July 2026.",'
        '"comments":"Invoices: 1001","creditorReference":"AR-XYZ-7001","currencyCode":"GBP",'
        '"date":"2026-07-01T00:00:00Z",'
        '"debtor":{"address":"1 High Street","city":"Leeds","countryAlpha2":"GB",'
        '"email":"accounts@acme.example","name":"Acme Ltd","phone":"+44 113 496 0000",'
        '"type":"Company","zipCode":"LS1 4AP"},'
        '"dueDate":"2026-07-31T00:00:00Z","isTest":false,'
        '"returnUrl":"https://arrears.example/back"}'
    )


def test_several_invoices_are_told_by_age_and_without_a_due_date() -> None:
    claim = a_claim(
        an_invoice("100.10 GBP", number="7", due=date(2023, 1, 1)),
        an_invoice("20 GBP", number="8", due=date(2025, 9, 1)),
        an_invoice("3 GBP", number="9", due=date(2026, 4, 1)),
        an_invoice("0.07 GBP", number="10", due=date(2026, 10, 1)),
    )
    body = read_json(case_body(claim, "AR-1", Terms(), TODAY))
    assert "dueDate" not in body
    assert body["amountToRecover"] == Decimal("123.17")
    assert body["amountToRecoverOver6Months"] == Decimal("123.10")
    assert body["amountToRecoverOver12Months"] == Decimal("120.10")
    assert body["amountToRecoverOver24Months"] == Decimal("100.10")
    assert body["comments"] == "Invoices: 7, 8, 9, 10"


def test_the_older_ages_come_together_even_where_nothing_is_old() -> None:
    claim = a_claim(an_invoice("100 GBP", number="7"), an_invoice("20 GBP", number="8"))
    body = read_json(case_body(claim, "AR-1", Terms(), TODAY))
    assert body["amountToRecoverOver12Months"] == body["amountToRecoverOver24Months"] == 0


@pytest.mark.parametrize(
    ("kind", "told"),
    [(DebtorType.COMPANY, "Company"), (DebtorType.PRIVATE, "Private"), (DebtorType.UNKNOWN, "Company")],
)
def test_the_type_of_debtor(kind: DebtorType, told: str) -> None:
    body = read_json(case_body(a_claim(debtor=a_debtor(type=kind)), "AR-1", Terms(), TODAY))
    assert body["debtor"]["type"] == told


def test_an_american_has_a_state_of_two_letters_and_others_as_typed() -> None:
    american = a_debtor(address=an_address(country="US", state="CA", zip="94103"))
    body = read_json(case_body(a_claim(debtor=american), "AR-1", Terms(), TODAY))
    assert body["debtor"]["stateAlpha2"] == "CA"
    assert "state" not in body["debtor"]
    canadian = a_debtor(address=an_address(country="CA", state="Ontario"))
    body = read_json(case_body(a_claim(debtor=canadian), "AR-1", Terms(), TODAY))
    assert body["debtor"]["state"] == "Ontario"
    assert "stateAlpha2" not in body["debtor"]


def test_what_else_is_known_of_a_debtor_is_told() -> None:
    debtor = a_debtor(contact_person="Jo Bloggs", company_number="01234567", emails=(), phones=())
    told = read_json(case_body(a_claim(debtor=debtor), "AR-1", Terms(), TODAY))["debtor"]
    assert (told["contactPerson"], told["companyRegistrationNumber"]) == ("Jo Bloggs", "01234567")
    assert not {"email", "phone"} & told.keys()


def test_a_test_case_says_so_and_can_be_found_by_its_tag() -> None:
    body = read_json(case_body(a_claim(), "AR-1-T", Terms(test=True, waits_for_signature=False), TODAY))
    assert (body["isTest"], body["tag"], body["allowPendingContracts"]) == (True, "arrears", False)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("100000000000000.07 GBP", "100000000000000.07"),
        ("123456 JPY", "123456"),
        ("1234.567 KWD", "1234.567"),
    ],
)
def test_amounts_are_told_exactly(amount: str, told: str) -> None:
    assert (
        f'"amountToRecover":{told},' in case_body(a_claim(an_invoice(amount)), "A", Terms(), TODAY).decode()
    )


def test_the_same_claim_gives_the_same_bytes_whatever_the_day() -> None:
    claim = a_claim()
    assert case_body(claim, "A", Terms(), TODAY) == case_body(claim, "A", Terms(), date(2026, 11, 30))


def test_a_preview_does_not_tell_who_owes() -> None:
    debtor = a_debtor(address=an_address(country="US", state="CA"))
    body = preview_body(a_claim(debtor=debtor), Terms(return_url="https://arrears.example/back"), TODAY)
    assert body.decode() == (
        '{"amountToRecover":500.00,"currencyCode":"GBP",'
        '"debtor":{"countryAlpha2":"US","stateAlpha2":"CA","type":"Company"},'
        '"dueDate":"2026-07-31T00:00:00Z","returnUrl":"https://arrears.example/back"}'
    )


def test_a_claim_whose_amount_cannot_be_told_is_not_written() -> None:
    claim = a_claim(replace(an_invoice(), outstanding=replace(an_invoice().outstanding, money=None)))
    with pytest.raises(ValueError, match="problems"):
        preview_body(claim, Terms(), TODAY)


@pytest.mark.parametrize("numbers", [("7",), ("7", "8"), ("INV/1", "INV 2"), tuple(map(str, range(300)))])
def test_invoice_numbers_are_read_back(numbers: tuple[str, ...]) -> None:
    assert invoices_in(invoices_text(numbers)) == numbers


def test_more_invoices_than_fit_are_counted() -> None:
    numbers = tuple(str(number) for number in range(100_000, 102_000))
    text = invoices_text(numbers)
    read = invoices_in(text)
    assert len(text) <= 4000
    assert read == numbers[: len(read)]
    assert text.endswith(f", and {2000 - len(read)} more")


@pytest.mark.parametrize("comments", ["", "Please be kind.", "invoices: 7", "Other\nInvoices: 7"])
def test_other_peoples_comments_name_no_invoices(comments: str) -> None:
    assert invoices_in(comments) == ()


def test_a_message_names_its_writer_where_there_is_one() -> None:
    assert chat_body("Hello", "jo@firm.example") == b'{"message":"Hello","userEmail":"jo@firm.example"}'
    assert chat_body("Hello", "") == b'{"message":"Hello"}'
