"""Lists: envelope, links, page sizes, order and filters."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.caller import Caller


def live_numbers(caller: Caller) -> list[int]:
    gone = {row.number for row in caller.sandbox.invoices() if row.deleted and "Q24" not in row.quirks}
    return sorted({row.number for row in caller.sandbox.invoices()} - gone)


def test_every_invoice_is_on_one_page_and_no_other(caller: Caller) -> None:
    numbers = caller.numbers()

    assert numbers == live_numbers(caller)
    assert len(numbers) == 230


def test_the_envelope_counts_and_links(caller: Caller) -> None:
    first = caller.get("/invoices?page=1&perpage=100&sortby=Number").json["MetaData"]
    last = caller.get("/invoices?page=3&perpage=100&sortby=Number").json["MetaData"]

    assert first["TotalRecords"] == last["TotalRecords"] == 230
    assert first["PreviousPageUrl"] is None
    assert last["NextPageUrl"] is None
    assert parse_qs(urlsplit(first["NextPageUrl"]).query) == {
        "page": ["2"],
        "perpage": ["100"],
        "sortby": ["Number"],
    }


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("absolute", "http://127.0.0.1:"),
        ("relative-v2", "/v2/invoices?page=2"),
        ("relative", "invoices?page=2"),
    ],
)
def test_the_profile_sets_the_form_of_links(caller: Caller, form: str, start: str) -> None:
    caller.sandbox.set_profile(f"standard,next_link={form},next_link_key=NextPageURL")

    assert caller.get("/invoices").json["MetaData"]["NextPageURL"].startswith(start)


def test_fifty_rows_come_by_default(caller: Caller) -> None:
    assert len(caller.get("/invoices").json["Data"]) == 50


def test_q29_a_page_size_above_the_limit_is_clamped(caller: Caller) -> None:
    page = caller.get("/invoices?perpage=500").json

    assert len(page["Data"]) == 100
    assert "perpage=100" in page["MetaData"]["NextPageUrl"]


def test_a_profile_may_refuse_a_page_size_above_the_limit(caller: Caller) -> None:
    caller.sandbox.set_profile("standard,over_limit=refuse,page_limit=20")

    assert caller.get("/invoices?perpage=21").status == 400
    assert len(caller.get("/invoices?perpage=20").json["Data"]) == 20


def test_a_page_past_the_end_is_empty_or_missing_by_profile(caller: Caller) -> None:
    assert caller.get("/invoices?page=99").json["Data"] == []
    caller.sandbox.set_profile("standard,past_the_end=not-found")
    assert caller.get("/invoices?page=99").status == 404


@pytest.mark.parametrize("query", ["page=0", "page=x", "perpage=-1"])
def test_a_page_that_is_no_number_is_refused(caller: Caller, query: str) -> None:
    assert caller.get(f"/invoices?{query}").status == 400


def test_paths_and_query_names_work_in_any_case(caller: Caller) -> None:
    assert len(caller.get("/Invoices?Page=1&PerPage=7").json["Data"]) == 7


@pytest.mark.parametrize("column", ["Number", "0", "number"])
def test_descending_order_by_number(caller: Caller, column: str) -> None:
    numbers = caller.numbers(f"sortby={column}&order=Desc&perpage=100")

    assert numbers == sorted(numbers, reverse=True)


def test_ties_of_a_column_that_is_not_unique_fall_differently_each_time(caller: Caller) -> None:
    orders = {tuple(caller.numbers("sortby=CustomerName&perpage=100")[:100]) for _ in range(4)}

    assert len(orders) > 1


def test_invoices_of_one_customer(caller: Caller) -> None:
    rows = caller.get("/invoices?customercode=north01").json["Data"]
    truth = [row.number for row in caller.sandbox.invoices() if row.customer_code == "NORTH01"]

    assert [row["Number"] for row in rows] == truth


def test_the_status_filter_is_ignored_unless_the_profile_honours_it(caller: Caller) -> None:
    ignored = caller.get("/invoices?statusfilter=Overpaid").json["MetaData"]["TotalRecords"]
    caller.sandbox.set_profile("standard,status_filter=honoured")
    honoured = caller.get("/invoices?statusfilter=Overpaid").json["Data"]

    assert ignored == 230
    assert {row["Status"] for row in honoured} == {"Overpaid"}


def test_customers_are_listed_and_found(caller: Caller) -> None:
    listed = caller.get("/customers?perpage=100&sortby=Code").json
    found = caller.get("/customers/search?searchBy=email&searchText=northgate-joinery").json

    codes = {customer["code"] for customer in caller.sandbox.customers()}
    assert listed["MetaData"]["TotalRecords"] == len(codes)
    assert {row["Code"].strip() for row in listed["Data"]} <= codes
    assert listed["Data"][0]["Addresses"][0]["CountryCode"]
    assert len(found) == 1


def test_customer_lists_come_without_contacts_in_a_profile(caller: Caller) -> None:
    caller.sandbox.set_profile("compact")
    row = caller.get("/customers?perpage=1").json["Data"][0]

    assert (row["Contacts"], row["Addresses"]) == (None, None)


def test_an_unknown_profile_or_setting_is_named(caller: Caller) -> None:
    for text, word in {"best": "best", "standard,colour=red": "colour", "standard,due_amount=x": "x"}.items():
        with pytest.raises(ValueError, match=word):
            caller.sandbox.set_profile(text)
