"""The oddities of KashFlow's data, Q1 to Q40, one test each: those of a customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arrears.connectors.kashflow import protocol
from arrears.connectors.kashflow.mapping import debtor_from
from arrears.core.debtor import DebtorType
from tests.connectors.kashflow.sample import ABSENT, answer, debtor, invoice, row


def contact(**changes: object) -> dict[str, object]:
    return {
        "IsPrimary": True,
        "Email": "accounts@northgate.example",
        "Firstname": "Jo",
        "LastName": None,
        **changes,
    }


def address(**changes: object) -> list[dict[str, object]]:
    return [
        {"Line1": "9 Quay Street", "Line2": "Bristol", "PostCode": "BS1 0AA", "CountryCode": "GB", **changes}
    ]


def test_q04_a_padded_code_is_joined_bare_and_asked_for_as_it_came() -> None:
    assert (
        invoice(CustomerCode="NORTH01   ", CustomerName="Northgate Joinery Ltd ").customer_code == "NORTH01"
    )
    assert debtor(Code="NORTH01   ", Name="Northgate Joinery Ltd ").name == "Northgate Joinery Ltd"
    assert protocol.customer_request("NORTH01   ").path == "customers/NORTH01%20%20%20"
    assert protocol.customer_request("SMITH & SONS/1").path == "customers/SMITH%20%26%20SONS%2F1"


def test_q15_money_on_account_is_read() -> None:
    body = {"MetaData": {"TotalRecords": 1}, "Data": [{"Id": 7, "Amount": 500.0, "Comment": None}]}
    page = protocol.read_advance_payments(answer(body))
    assert [entry.amount for entry in page.rows] == [Decimal(500)]
    assert debtor_from(None, row(), "GB", Decimal(500)).unallocated_credit == Decimal(500)
    assert debtor_from(None, row(), "GB", None).unallocated_credit is None


def test_q16_greece_and_the_united_kingdom_under_their_other_codes() -> None:
    assert debtor(Addresses=address(CountryCode="UK")).address.country == "GB"
    greek = address(
        Line1="Ermou 44", Line2="Athina", PostCode="105 63", CountryCode="EL", CountryName="Greece"
    )
    assert debtor(Addresses=greek).address.country == "GR"


def test_q17_a_town_without_a_field_of_its_own() -> None:
    lines = address(
        Line1="Unit 4, Mill Yard",
        Line2="Lower Bent",
        Line3="Halifax, West Yorkshire",
        Line4="GB",
        PostCode="HX6 0XX",
    )
    mapped = debtor(Addresses=lines)
    assert mapped.address.city == "Halifax"
    assert mapped.lines.lines == ("Unit 4, Mill Yard", "Lower Bent", "Halifax, West Yorkshire", "GB")


def test_q18_a_country_that_contradicts_the_address_is_told() -> None:
    mapped = debtor(Addresses=address(CountryCode="BR", CountryName="Brazil"))
    assert mapped.address.country_conflict


def test_q19_several_emails_in_one_field() -> None:
    typed = "accounts@northgate.example; jo@northgate.example,"
    mapped = debtor(Contacts=[contact(Email=typed)])
    assert mapped.emails == ("accounts@northgate.example", "jo@northgate.example")
    assert mapped.unusable_emails == ()
    assert mapped.contact_person == "Jo"


def test_q21_keys_under_either_name() -> None:
    for key in ("VATNumber", "VatNumber"):
        assert debtor(**{"VATNumber": ABSENT, key: "GB123456789"}).vat_number == "GB123456789"
    references = [{"Name": "Company Reg. Number", "Value": "07654321"}]
    for key in ("WithholdingTaxReferences", "WHTReferences"):
        assert debtor(**{"WithholdingTaxReferences": ABSENT, key: references}).company_number == "07654321"


@pytest.mark.parametrize(
    ("costume", "meant"), [(0, False), (1, True), (True, True), ("1", True), ("0", False), (None, False)]
)
def test_q22_booleans_in_every_costume(costume: object, meant: bool) -> None:
    assert debtor(AutomaticCreditControlEnabled=costume).chasing_on is meant
    assert invoice(AutomaticCreditControlEnabled=costume).chasing_on is meant


def test_q35_letters_and_markup_in_names_stay_as_they_are() -> None:
    mapped = debtor(Name="Café Ærø & Søn <Ltd>", Note="line one\r\nline two")
    assert mapped.name == "Café Ærø & Søn <Ltd>"


def test_the_primary_contact_comes_first_and_personal_tax_numbers_are_left_alone() -> None:
    mapped = debtor()
    assert mapped.emails == ("accounts@bridgefield.example", "sam@bridgefield.example")
    assert mapped.contact_person == "Jo Fenwick"
    assert mapped.company_number == "01234567"
    assert mapped.type is DebtorType.COMPANY
    assert "1234567890" not in repr(mapped)


def test_without_a_customer_record_the_invoice_tells_who_owes() -> None:
    mapped = debtor_from(None, row(), "GB", None)
    assert (mapped.code, mapped.name, mapped.address.city) == ("BRID01", "Bridgefield Glazing Ltd", "Leeds")
    assert mapped.emails == ()


def test_a_customer_of_nothing_but_nulls_is_still_a_debtor() -> None:
    mapped = debtor(Name=None, Addresses=None, Contacts=None, WithholdingTaxReferences=None, VATNumber=None)
    assert mapped.name == "Bridgefield Glazing Ltd"
