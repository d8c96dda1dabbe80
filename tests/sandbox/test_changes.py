"""What happens to the books behind the reader's back shows at once, and everywhere alike."""

from datetime import timedelta
from decimal import Decimal

import pytest

from arrears.sandbox.client import Sandbox, TruthRow
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import TODAY


def owed(sandbox: Sandbox, currency: str = "GBP") -> TruthRow:
    """An ordinary invoice that is owed in full."""
    return next(
        row
        for row in sandbox.invoices()
        if row.owing and row.currency == currency and not row.quirks and row.outstanding == row.gross
    )


def listed(caller: Caller, number: int) -> dict[str, object] | None:
    rows = caller.get(f"/invoices?searchtext={number}&perpage=100").json["Data"]
    return next((row for row in rows if row["Number"] == number), None)


def reported(caller: Caller, kind: str = "unpaid") -> dict[int, Decimal]:
    report = caller.get(f"/reports/sales/{kind}-invoices").json
    rows = {row["InvoiceNumber"]: row["InvoiceAmountOwed"] for row in report["Invoices"]}
    assert sum(rows.values()) == report["Metadata"]["TotalOwed"]
    return rows


def test_the_unpaid_report_is_the_truth_in_home_currency(caller: Caller) -> None:
    truth = {row.number: row.outstanding_home for row in caller.sandbox.invoices() if row.owing}

    assert reported(caller) == truth


def test_the_overdue_report_holds_what_is_past_due(caller: Caller) -> None:
    truth = {
        row.number
        for row in caller.sandbox.invoices()
        if row.owing and row.due is not None and row.due < TODAY
    }

    assert set(reported(caller, "overdue")) == truth


def test_due_amounts_in_the_list_are_the_truth_save_for_named_quirks(caller: Caller) -> None:
    truth = {row.number: row for row in caller.sandbox.invoices() if not {"Q5", "Q7"} & set(row.quirks)}
    for page in (1, 2, 3):
        for row in caller.get(f"/invoices?page={page}&perpage=100&sortby=Number").json["Data"]:
            if row["Number"] in truth:
                assert row["DueAmount"] == truth[row["Number"]].outstanding


def test_a_full_payment_settles_the_invoice(caller: Caller) -> None:
    number = owed(caller.sandbox).number
    assert number in reported(caller)
    caller.sandbox.pay(number)
    row = caller.get(f"/invoices/{number}").json

    assert (row["Status"], row["DueAmount"], row["OverdueDays"]) == ("Paid", 0, 0)
    assert row["PaymentLines"][-1]["Amount"] == row["GrossAmount"]
    assert number not in reported(caller)
    assert (listed(caller, number) or {})["Status"] == "Paid"


def test_a_part_payment_leaves_the_rest(caller: Caller) -> None:
    row = owed(caller.sandbox)
    caller.sandbox.pay(row.number, "10.00", date=TODAY - timedelta(days=1))
    seen = caller.get(f"/invoices/{row.number}").json

    assert seen["DueAmount"] == row.outstanding - 10
    assert seen["PaymentLines"][0]["Date"] == f"{TODAY - timedelta(days=1)} 12:00:00"
    assert "Part Paid" in seen["Status"]


def test_a_payment_on_a_foreign_invoice_is_in_home_currency(caller: Caller) -> None:
    row = owed(caller.sandbox, "EUR")
    rate = caller.get(f"/invoices/{row.number}").json["Currency"]["ExchangeRate"]
    caller.sandbox.pay(row.number, "10.00")
    seen = caller.get(f"/invoices/{row.number}").json

    assert seen["TotalPaidAmount"] == 10
    assert abs(row.outstanding - 10 * rate - seen["DueAmount"]) <= Decimal("0.005")


def test_edited_fields_show_in_list_detail_and_truth(caller: Caller) -> None:
    number = owed(caller.sandbox).number
    assert listed(caller, number) is not None
    caller.sandbox.edit_invoice(number, gross="4321.00", due=TODAY - timedelta(days=9), reference="PO-X")
    row = listed(caller, number)

    assert row is not None
    assert (row["GrossAmount"], row["OverdueDays"], row["CustomerReference"]) == (4321, 9, "PO-X")
    assert caller.get(f"/invoices/{number}").json["DueAmount"] == 4321
    assert next(r for r in caller.sandbox.invoices() if r.number == number).outstanding == 4321


def test_a_capitalised_field_overrides_the_wire_only(caller: Caller) -> None:
    row = owed(caller.sandbox)
    caller.sandbox.edit_invoice(row.number, DueAmount=Decimal("1.5"), Surprise="new")
    seen = caller.get(f"/invoices/{row.number}").json

    assert (seen["DueAmount"], seen["Surprise"]) == (Decimal("1.5"), "new")
    assert next(r for r in caller.sandbox.invoices() if r.number == row.number).outstanding == row.outstanding


def test_an_edited_customer_shows_on_the_customer_and_the_invoices(caller: Caller) -> None:
    row = owed(caller.sandbox)
    assert listed(caller, row.number) is not None
    caller.sandbox.edit_customer(
        row.customer_code, name="New Name Ltd", postcode=None, email="new@post.example"
    )
    customer = caller.get(f"/customers/{row.customer_code}").json
    invoice = listed(caller, row.number)

    assert invoice is not None
    assert invoice["CustomerName"] == customer["Name"] == "New Name Ltd"
    assert customer["Addresses"][0]["PostCode"] is None
    assert customer["Contacts"][0]["Email"] == "new@post.example"


@pytest.mark.parametrize("edit", ["edit_invoice", "edit_customer"])
def test_a_field_that_does_not_exist_is_named(sandbox: Sandbox, edit: str) -> None:
    row = owed(sandbox)
    key = row.number if edit == "edit_invoice" else row.customer_code

    with pytest.raises(ValueError, match="colour"):
        getattr(sandbox, edit)(key, colour="red")


def test_a_deleted_invoice_is_gone_from_list_detail_and_report(caller: Caller) -> None:
    number = owed(caller.sandbox).number
    before = len(caller.numbers())
    caller.sandbox.delete(number)

    assert caller.get(f"/invoices/{number}").status == 404
    assert len(caller.numbers()) == before - 1
    assert number not in reported(caller)
    assert next(row for row in caller.sandbox.invoices() if row.number == number).deleted


def test_a_voided_invoice_stays_listed_with_its_date(caller: Caller) -> None:
    number = owed(caller.sandbox).number
    caller.sandbox.delete(number, voided=True)
    row = listed(caller, number)

    assert row is not None
    assert row["DeletedAt"] == f"{TODAY} 12:00:00"
    assert number not in reported(caller)


def test_a_renumbered_invoice_keeps_its_id_and_its_document(caller: Caller) -> None:
    old = owed(caller.sandbox)
    link = caller.get(f"/invoices/{old.number}").json["Permalink"]
    caller.sandbox.renumber(old.number, 90_000 + old.number)
    seen = caller.get(f"/invoices/{90_000 + old.number}").json

    assert (seen["Id"], seen["Permalink"]) == (old.id, link)
    assert caller.get(f"/invoices/{old.number}").status == 404
    with pytest.raises(ValueError, match="taken"):
        caller.sandbox.renumber(seen["Number"], caller.sandbox.invoices()[0].number)


def test_an_inserted_invoice_is_owed(caller: Caller) -> None:
    before = caller.numbers()
    row = caller.sandbox.insert(gross="77.00", due=TODAY - timedelta(days=30), customer="NORTH01")

    assert caller.numbers() == [*before, row.number]
    assert caller.get(f"/invoices/{row.number}").json["CustomerCode"] == "NORTH01   "
    assert reported(caller)[row.number] == 77
    link = caller.get(f"/invoices/{row.number}").json["Permalink"]
    assert caller.get(link.removeprefix("/v2")).status == 200


def test_money_on_account_can_be_set(caller: Caller) -> None:
    caller.sandbox.set_on_account("NORTH01", "12.50", "7.50")
    listed_amounts = caller.get("/customers/NORTH01/advancepayments").json["Data"]

    assert [entry["Amount"] for entry in listed_amounts] == [Decimal("12.5"), Decimal("7.5")]


def test_an_unknown_invoice_or_customer_is_not_found(caller: Caller) -> None:
    for path in ("/invoices/1", "/invoices/abc", "/customers/NOBODY", "/nothing", "/documents/invoice/x"):
        assert caller.get(path).status == 404
    with pytest.raises(ValueError, match="Invoice 1 was not found"):
        caller.sandbox.pay(1)


def test_a_method_that_a_path_lacks_is_not_allowed(caller: Caller) -> None:
    assert caller.call("DELETE", "/invoices").status == 405


def test_the_document_is_a_pdf_that_needs_no_session(caller: Caller) -> None:
    row = owed(caller.sandbox)
    link = caller.get(f"/invoices/{row.number}").json["Permalink"]
    caller.token = None
    document = caller.get(link.removeprefix("/v2"))

    assert document.headers["Content-Type"] == "application/pdf"
    assert document.body.startswith(b"%PDF-1.4")
    assert document.body.endswith(b"%%EOF\n")
    assert f"Invoice {row.number}".encode() in document.body
    start = int(document.body.split(b"startxref\n")[1].split()[0])
    assert document.body[start:].startswith(b"xref")


def test_a_note_is_added_each_time_it_is_sent(caller: Caller) -> None:
    number = owed(caller.sandbox).number
    first = caller.call("POST", f"/invoices/{number}/notes", {"Text": "Case opened"})
    caller.call("POST", f"/invoices/{number}/notes", {"Text": "Case opened"})

    assert (first.status, first.json["Number"], first.json["Text"]) == (201, 1, "Case opened")
    assert [note["Number"] for note in caller.get(f"/invoices/{number}/notes").json] == [1, 2]


def test_a_note_needs_a_text(caller: Caller) -> None:
    number = owed(caller.sandbox).number

    assert caller.call("POST", f"/invoices/{number}/notes", {"Text": " "}).status == 400
    assert caller.call("POST", f"/invoices/{number}/notes", "text").status == 400


def payment(*items: tuple[int, int]) -> dict[str, object]:
    entries = [{"ObjectNumber": number, "Amount": amount} for number, amount in items]
    return {"Date": f"{TODAY} 12:00:00", "AccountId": 33, "Method": 1, "PaymentItems": entries}


def test_bulk_payments_reach_their_invoices(caller: Caller) -> None:
    row = owed(caller.sandbox)
    paid = caller.call("POST", "/invoices/bulk/payments", payment((row.number, 5), (row.number, 6)))

    assert paid.status == 201
    assert caller.get(f"/invoices/{row.number}").json["DueAmount"] == row.outstanding - 11


def test_one_wrong_item_stops_the_whole_bulk(caller: Caller) -> None:
    row = owed(caller.sandbox)
    refused = caller.call("POST", "/invoices/bulk/payments", payment((row.number, 5), (1, 5)))

    assert refused.status == 400
    assert caller.get(f"/invoices/{row.number}").json["DueAmount"] == row.outstanding
