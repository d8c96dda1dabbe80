"""Reading KashFlow's answers: lists, reports, refusals and nonsense, without a network."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from arrears.connectors.kashflow import protocol
from arrears.connectors.kashflow.answers import read_json
from arrears.connectors.kashflow.errors import RequestRefused, TokenRefused
from arrears.connectors.retry import Overloaded
from arrears.ports import NeedsAttention, TryAgainLater
from tests.connectors.kashflow.sample import answer, listed, sample

SQL_TIMEOUT = {"Error": "-2146232060", "Message": "Execution Timeout Expired."}


def test_q27_envelope_or_bare_array_and_either_spelling_of_metadata() -> None:
    bare = protocol.read_currencies(answer([{"Code": "GBP", "ExchangeRate": 1.0}]))
    wrapped = protocol.read_currencies(answer({"Data": [{"Code": "GBP", "ExchangeRate": 1.0}]}))
    assert [currency.code for currency in bare] == [currency.code for currency in wrapped] == ["GBP"]
    for spelling in ("Metadata", "MetaData"):
        rows = [{"InvoiceNumber": 7, "CustomerCode": "A", "InvoiceAmountOwed": 51.1000}]
        report = protocol.read_unpaid_report(answer({spelling: {"TotalOwed": 5100.00}, "Invoices": rows}))
        assert report.total == Decimal("5100")
        assert [(entry.number, entry.owed) for entry in report.rows] == [("7", Decimal("51.1"))]


@pytest.mark.parametrize("key", ["NextPageUrl", "NextPageURL"])
def test_the_next_link_under_either_name(key: str) -> None:
    body = {"MetaData": {"TotalRecords": 2, key: "/v2/invoices?page=2"}, "Data": []}
    assert protocol.read_invoices(answer(body)).next_link == "/v2/invoices?page=2"


def test_q30_an_sql_timeout_dressed_as_400_passes_by_itself() -> None:
    with pytest.raises(Overloaded):
        protocol.read_invoices(answer(SQL_TIMEOUT, 400))
    with pytest.raises(RequestRefused, match="perpage"):
        protocol.read_invoices(
            answer({"Error": "InvalidRequest", "Message": "perpage cannot exceed 50."}, 400)
        )


@pytest.mark.parametrize("status", [200, 400, 500, 502])
def test_q40_a_web_page_instead_of_data_may_pass_by_itself(status: int) -> None:
    with pytest.raises(TryAgainLater):
        protocol.read_invoices(answer("<html><body>Service unavailable</body></html>", status))


def test_an_error_as_xml_is_understood() -> None:
    body = b"<Error><Error>AccountLocked</Error><Message>Your account has been locked.</Message></Error>"
    with pytest.raises(NeedsAttention) as caught:
        protocol.read_invoices(answer(body, 401))
    assert caught.value.code == "account_locked"


@pytest.mark.parametrize(
    "body", [b"", b'{"Data":[{"Number":1', b"nonsense", b"null", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000]
)
def test_a_broken_body_may_pass_by_itself(body: bytes) -> None:
    with pytest.raises(TryAgainLater):
        protocol.read_invoices(answer(body))


@pytest.mark.parametrize("body", [{}, {"Data": None}, {"Data": {}}, 7, "text"])
def test_data_of_another_form_may_pass_by_itself(body: object) -> None:
    with pytest.raises(TryAgainLater):
        protocol.read_invoices(answer(json.dumps(body)))
    with pytest.raises(TryAgainLater):
        protocol.read_unpaid_report(answer(json.dumps(body)))


def test_a_401_is_left_to_the_session_unless_its_code_is_definite() -> None:
    with pytest.raises(TokenRefused):
        read_json(answer({"Error": "InvalidSessionToken"}, 401), "the list")
    with pytest.raises(NeedsAttention) as caught:
        read_json(answer({"Error": "APIDisabled"}, 401), "the list")
    assert caught.value.code == "api_switched_off"


def test_a_403_is_a_missing_permission_and_names_what_was_refused() -> None:
    with pytest.raises(NeedsAttention, match="the list of invoices") as caught:
        protocol.read_invoices(answer("", 403))
    assert caught.value.code == "permission_missing"


@pytest.mark.parametrize("status", [301, 302, 404, 405, 409])
def test_any_other_status_may_pass_by_itself(status: int) -> None:
    with pytest.raises(TryAgainLater):
        protocol.read_invoices(answer("", status))


def test_what_kashflow_says_is_shown_without_control_characters_and_not_at_length() -> None:
    with pytest.raises(RequestRefused) as caught:
        read_json(answer({"Error": "Odd", "Message": "no\x1b[31m\r\nred " + "x" * 1000}, 400), "the list")
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_amounts_are_exact() -> None:
    body = b'{"MetaData":{"TotalRecords":1},"Data":[{"Number":1,"DueAmount":123456789012.3456}]}'
    assert protocol.read_invoices(answer(body)).rows[0].due_amount == Decimal("123456789012.3456")


def test_rows_that_are_no_rows_are_left_out() -> None:
    page = listed([sample("invoice"), None, 7, []])  # type: ignore[list-item]
    assert [entry.number for entry in page.rows] == ["4102"]


def test_a_missing_record_is_none() -> None:
    assert protocol.read_invoice(answer("", 404)) is None
    assert protocol.read_customer(answer("<html>", 404)) is None
    assert protocol.read_advance_payments(answer("", 404)).rows == ()


@pytest.mark.parametrize(
    ("link", "size"),
    [
        ("/v2/invoices?page=3&perpage=50", 50),
        ("invoices?PerPage=20", 20),
        ("/v2/invoices?page=3", None),
        ("", None),
    ],
)
def test_a_next_link_tells_the_real_page_size(link: str, size: int | None) -> None:
    assert protocol.size_in_link(link) == size


def test_a_document_is_a_pdf_or_nothing() -> None:
    assert protocol.read_document(answer(b"%PDF-1.7 ...")) == b"%PDF-1.7 ..."
    assert protocol.read_document(answer(b"<html>sign in</html>")) is None
    assert protocol.read_document(answer(b"", 404)) is None
    with pytest.raises(TokenRefused):
        protocol.read_document(answer(b"", 401))


def test_no_record_shows_what_is_in_it() -> None:
    invoice = protocol.read_invoice(answer(sample("invoice")))
    assert repr(invoice) == str(invoice) == "<Invoice>"
    assert "Bridgefield" not in repr(listed([sample("invoice")]).rows[0].invoice())


def test_tokens_and_document_links_in_what_kashflow_says_are_not_repeated() -> None:
    said = "No route matches /v2/documents/invoice/0f0e1d2c-aaaa-4bbb-8ccc-0123456789ab here"
    with pytest.raises(RequestRefused) as caught:
        protocol.read_invoice(answer({"Error": "Invalid", "Message": said}, 400))
    assert "0f0e1d2c" not in str(caught.value)
    assert "/v2/documents/invoice/… here" in str(caught.value)


def test_text_that_cannot_be_written_anywhere_loses_only_what_cannot() -> None:
    mapped = protocol.read_invoice(answer(sample("invoice", CustomerName="Ash\ud800\x00 & Søn")))
    assert mapped is not None
    assert mapped.customer_name == "Ash & Søn"


def test_the_length_of_one_bare_page_is_not_the_number_of_all_invoices() -> None:
    assert protocol.read_invoices(answer([sample("invoice")])).total is None
