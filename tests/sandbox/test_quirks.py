"""Each oddity can be met on the wire where the list of quirks says it is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from arrears.sandbox.client import TruthRow
from tests.sandbox.caller import Caller

Rows = Callable[[str], list[Any]]


@pytest.fixture
def truth(caller: Caller) -> Callable[[str], list[TruthRow]]:
    rows = caller.sandbox.invoices()
    return lambda quirk: [row for row in rows if quirk in row.quirks]


@pytest.fixture
def details(caller: Caller, truth: Callable[[str], list[TruthRow]]) -> Rows:
    """The details of all invoices with a quirk."""
    return lambda quirk: [caller.get(f"/invoices/{row.number}").json for row in truth(quirk)]


@pytest.fixture
def listed(caller: Caller, truth: Callable[[str], list[TruthRow]]) -> Rows:
    """The list rows of all invoices with a quirk."""

    def find(quirk: str) -> list[Any]:
        wanted = {row.number for row in truth(quirk)}
        pages = [caller.get(f"/invoices?page={page}&perpage=100&sortby=Number").json for page in (1, 2, 3)]
        return [row for page in pages for row in page["Data"] if row["Number"] in wanted]

    return find


def customer(caller: Caller, code: str) -> Any:
    return caller.get(f"/customers/{code}").json


def test_q1_noon_with_and_without_offset(listed: Rows) -> None:
    row = listed("Q1")[0]

    assert row["IssuedDate"].endswith(" 12:00:00")
    assert row["DueDate"].endswith(" 12:00:00 +05:30")


def test_q2_dates_that_mean_never(details: Rows, caller: Caller) -> None:
    assert details("Q2")[0]["PaidDate"] == "1900-01-01 12:00:00"
    assert details("Q2")[0]["LastPaymentDate"] == "0001-01-01 12:00:00"
    assert customer(caller, "NEVER01")["LastInvoiceDate"] == "1900-01-01 12:00:00"


def test_q3_null_sub_objects_in_lists_and_filled_in_details(listed: Rows, details: Rows) -> None:
    assert [listed("Q3")[0][name] for name in ("Currency", "Address", "LineItems")] == [None, None, None]
    assert all(details("Q3")[0][name] for name in ("Currency", "Address", "LineItems"))


def test_q4_padded_codes_and_codes_that_need_encoding(listed: Rows, caller: Caller) -> None:
    assert "NORTH01   " in {row["CustomerCode"] for row in listed("Q4")}
    assert customer(caller, "NORTH01%20%20%20")["Name"] == "Northgate Joinery Ltd "
    assert customer(caller, "SMITH%20%26%20SONS%2F1")["Code"] == "SMITH & SONS/1"


def test_q5_four_decimals_and_dust(caller: Caller, truth: Callable[[str], list[TruthRow]]) -> None:
    body = caller.get(f"/invoices/{truth('Q5')[0].number}").body

    assert b'"GrossAmount":1234.5600' in body
    assert b'"TotalPaidAmount":1234.5599' in body
    assert b'"DueAmount":0.0001' in body
    assert truth("Q5")[0].outstanding == 0


def test_q6_foreign_part_payment_in_home_money(details: Rows) -> None:
    row = details("Q6")[0]

    assert row["Currency"]["ExchangeRate"] == Decimal("1.2500")
    assert (row["GrossAmount"], row["TotalPaidAmount"], row["DueAmount"]) == (1000, 400, 500)
    assert row["HomeCurrencyGrossAmount"] == 800


def test_q7_foreign_due_amount_in_home_money(details: Rows) -> None:
    row = details("Q7")[0]

    assert (row["GrossAmount"], row["TotalPaidAmount"], row["DueAmount"]) == (1000, 400, 400)
    assert row["FormattedDueAmount"] == "£400.00"


def test_q7_as_a_profile_for_every_foreign_invoice(caller: Caller, details: Rows) -> None:
    caller.sandbox.set_profile("standard,due_amount=home")

    assert details("Q6")[0]["DueAmount"] == 400
    assert details("Q6")[0]["FormattedDueAmount"] == "£400.00"


def test_q8_spellings_of_the_part_paid_states(listed: Rows, caller: Caller) -> None:
    assert {row["Status"] for row in listed("Q8")} == {
        "Overdue - Part Paid",
        "OverduePartPaid",
        "overdue part paid",
    }
    caller.sandbox.set_profile("legacy")
    assert listed("Q6")[0]["Status"] == "Overdue Part Paid"


def test_q9_status_disagrees_with_the_figures(listed: Rows) -> None:
    row = listed("Q9")[0]

    assert (row["Status"], row["OverdueDays"], row["DueAmount"]) == ("Unpaid", 75, 0)


def test_q10_zero_value_invoice(listed: Rows) -> None:
    assert (listed("Q10")[0]["GrossAmount"], listed("Q10")[0]["Status"]) == (0, "NA")


def test_q11_credit_note_in_the_list(listed: Rows) -> None:
    assert {row["Type"] for row in listed("Q11")} == {"Credit Note"}
    assert all(row["GrossAmount"] < 0 for row in listed("Q11"))


def test_q12_bounced_payment(details: Rows) -> None:
    row = details("Q12")[0]

    assert [line["Amount"] for line in row["PaymentLines"]] == [600, -600]
    assert (row["TotalPaidAmount"], row["DueAmount"]) == (0, 600)


def test_q13_credit_note_applied_as_payment(details: Rows) -> None:
    lines = [row["PaymentLines"][0] for row in details("Q13")]

    assert all(line["IsPaymentCreditNote"] for line in lines)
    assert sorted(line["Amount"] for line in lines) == [-150, 150]


def test_q14_overpaid(details: Rows) -> None:
    assert (details("Q14")[0]["DueAmount"], details("Q14")[0]["Status"]) == (-30, "Overpaid")


def test_q15_money_on_account(details: Rows, caller: Caller) -> None:
    advance = caller.get("/customers/ONACC01/advancepayments").json
    offered = caller.get(f"/internal/invoices/{details('Q15')[0]['Id']}/credits").json

    assert advance["MetaData"]["TotalRecords"] == 1
    assert advance["Data"][0]["Amount"] == 500
    assert [(entry["Type"], entry["Amount"]) for entry in offered] == [("AdvancePayment", 500)]


def test_q16_codes_el_and_uk(details: Rows, caller: Caller) -> None:
    assert {row["Address"]["CountryCode"] for row in details("Q16")} == {"EL", "UK"}
    assert "EL" in {country["Code"] for country in caller.get("/countries").json}


def test_q17_address_without_a_place_for_the_city(details: Rows) -> None:
    address = details("Q17")[0]["Address"]

    assert (address["Line3"], address["Line4"]) == ("Halifax, West Yorkshire", "GB")


def test_q18_country_contradicts_the_address(details: Rows) -> None:
    address = details("Q18")[0]["Address"]

    assert (address["Line2"], address["CountryCode"]) == ("Bristol", "BR")


def test_q19_several_emails_in_one_text(caller: Caller) -> None:
    contact = customer(caller, "MAILS01")["Contacts"][0]

    assert contact["Email"] == "accounts@oldfield-packaging.example; jo@oldfield-packaging.example,"
    assert contact["LastName"] is None


def test_q20_empty_null_and_absent(details: Rows, caller: Caller) -> None:
    row, entry = details("Q20")[0], customer(caller, "EMPTY01")

    assert (row["ProjectName"], row["CustomerReference"], "CustomerKey" in row) == ("", None, False)
    assert (entry["VATNumber"], entry["Note"], "Source" in entry) == ("", None, False)


def test_q21_drifting_key_names(details: Rows, caller: Caller) -> None:
    entry = customer(caller, "DRIFT01")

    assert "VatNumber" in entry
    assert "VATNumber" not in entry
    assert entry["WHTReferences"]
    assert "WithholdingTaxReferences" not in entry
    assert "DisplayOnRight" in details("Q21")[0]["Currency"]


def test_q22_booleans_in_three_costumes(details: Rows, caller: Caller) -> None:
    row = details("Q22")[0]
    boxes = customer(caller, "BOOLS01")["CustomCheckBoxes"]

    assert (row["IsCISReverseCharge"], row["AutomaticCreditControlEnabled"]) == (0, "0")
    assert type(row["LineItems"][0]["VATExempt"]) is int
    assert [box["Value"] for box in boxes] == ["1", True]


def test_q23_customer_id_absent(listed: Rows) -> None:
    assert "CustomerId" not in listed("Q23")[0]
    assert listed("Q23")[0]["CustomerCode"]


def test_q24_voided(listed: Rows, details: Rows, truth: Callable[[str], list[TruthRow]]) -> None:
    assert listed("Q24")[0]["DeletedAt"] == details("Q24")[0]["DeletedAt"]
    assert listed("Q24")[0]["DueAmount"] == 75
    assert "DeletedAt" not in listed("Q12")[0]
    assert truth("Q24")[0].deleted


def test_q25_archived_but_owing(listed: Rows) -> None:
    row = listed("Q25")[0]

    assert (row["IsArchived"], row["DueAmount"], row["OverdueDays"]) == (True, 1200, 1460)


def test_q26_permalinks_of_mixed_form(details: Rows, caller: Caller) -> None:
    row = details("Q26")[0]

    assert row["Permalink"].startswith("v2/documents/invoice/")
    assert row["PackingSlipPermalink"].startswith("v2/documents/packingslip/")
    assert details("Q12")[0]["Permalink"].startswith("/v2/documents/invoice/")


def test_q27_bare_arrays_and_metadata_in_another_case(caller: Caller) -> None:
    assert isinstance(caller.get("/currencies").json, list)
    assert "Metadata" in caller.get("/reports/sales/unpaid-invoices").json


def test_q34_withheld_tax_is_not_owed(details: Rows, truth: Callable[[str], list[TruthRow]]) -> None:
    row = details("Q34")[0]

    assert row["IsWhtDeductionToBeApplied"] is True
    assert (row["GrossAmount"], row["TotalPaidAmount"], row["DueAmount"]) == (1000, 0, 800)
    assert truth("Q34")[0].outstanding == 800


def test_q35_accents_and_markup(details: Rows, caller: Caller) -> None:
    assert details("Q35")[0]["CustomerName"] == "Café Ærø & Søn <Ltd>"
    assert "\r\n" in customer(caller, "CAF%C3%8601")["Note"]


def test_q36_terms_from_the_end_of_the_month(details: Rows, caller: Caller) -> None:
    assert customer(caller, "MONTH01")["PaymentTerms"] == {"Type": "AfterMonthEnd", "Days": 30}
    assert details("Q36")[0]["DueDate"] > details("Q36")[0]["IssuedDate"]


def test_q37_no_due_date(listed: Rows) -> None:
    assert (listed("Q37")[0]["DueDate"], listed("Q37")[0]["DueAmount"]) == (None, 45)


def test_q38_an_old_id_under_a_new_number(caller: Caller, truth: Callable[[str], list[TruthRow]]) -> None:
    row = truth("Q38")[0]
    rows = caller.sandbox.invoices()

    assert row.number > max(other.number for other in rows if "Q38" not in other.quirks)
    assert row.issued < max(other.issued for other in rows)


def test_q39_reminder_letters_unsorted(details: Rows) -> None:
    letters = details("Q39")[0]["ReminderLetters"]

    assert [letter["Number"] for letter in letters] == [3, 1, 2]
    assert letters[0] == {"Number": 3, "IsSent": False, "SentDate": "1900-01-01 12:00:00"}


@pytest.mark.parametrize("accept", ["", "*/*", "text/html"])
def test_q40_xml_error_without_accept(outsider: Caller, accept: str) -> None:
    refused = outsider.call("GET", "/invoices", accept=accept)

    assert refused.headers["Content-Type"].startswith("application/xml")
    assert refused.body.startswith(b"<?xml")
    assert b"<Error>InvalidSessionToken</Error>" in refused.body
