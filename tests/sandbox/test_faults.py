"""Each fault does to the wire what its name says, to the requests it is meant for and to no others."""

import http.client
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from arrears.sandbox.client import Sandbox
from arrears.sandbox.faults import FAULTS
from tests.sandbox.caller import Caller
from tests.sandbox.test_changes import owed, payment

BROKEN = (http.client.HTTPException, ConnectionError)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("sql-timeout", 400, "-2146232060"),
        ("http-500", 500, "InternalServerError"),
        ("http-503", 503, "ServiceUnavailable"),
        ("too-many-requests", 429, "TooManyRequests"),
        ("permission", 401, "Unauthorized"),
        ("session-expired", 401, "InvalidSessionToken"),
    ],
)
def test_errors_with_their_status_and_code(caller: Caller, name: str, status: int, code: str) -> None:
    caller.sandbox.fault(name, path="/invoices")
    reply = caller.get("/invoices")

    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize(("name", "status"), [("html", 200), ("http-502", 502), ("http-504", 504)])
def test_html_where_json_belongs(caller: Caller, name: str, status: int) -> None:
    caller.sandbox.fault(name)
    reply = caller.get("/invoices")

    assert (reply.status, reply.headers["Content-Type"]) == (status, "text/html")
    assert reply.body.startswith(b"<!DOCTYPE html>")


def test_html_instead_of_a_pdf(caller: Caller) -> None:
    link = caller.get(f"/invoices/{owed(caller.sandbox).number}").json["Permalink"].removeprefix("/v2")
    caller.sandbox.fault("html", path="/documents")

    assert caller.get(link).body.startswith(b"<!DOCTYPE html>")
    assert caller.get(link).body.startswith(b"%PDF")


def test_retry_after_in_seconds_or_as_a_date(caller: Caller) -> None:
    caller.sandbox.fault("too-many-requests", retry_after=7)
    assert caller.get("/currencies").headers["Retry-After"] == "7"
    caller.sandbox.fault("too-many-requests", retry_after=3600, as_date=True)
    until = parsedate_to_datetime(caller.get("/currencies").headers["Retry-After"])

    assert 3000 < (until - datetime.now(UTC)).total_seconds() < 3700


def test_a_truncated_body_is_well_framed_but_no_json(caller: Caller) -> None:
    caller.sandbox.fault("truncated-json")
    reply = caller.get("/invoices")

    assert int(reply.headers["Content-Length"]) == len(reply.body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


def test_an_empty_body(caller: Caller) -> None:
    caller.sandbox.fault("empty-body")
    reply = caller.get("/invoices")

    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize("name", ["cut", "cut-body", "applied-then-cut"])
def test_a_connection_that_breaks_and_the_next_that_works(caller: Caller, name: str) -> None:
    caller.sandbox.fault(name)
    with pytest.raises(BROKEN):
        caller.get("/invoices")

    assert caller.get("/invoices").status == 200


@pytest.mark.parametrize("name", ["hang", "applied-then-hang"])
def test_silence_ends_without_an_answer(caller: Caller, name: str) -> None:
    caller.sandbox.fault(name, seconds=0.05)
    with pytest.raises(BROKEN):
        caller.get("/invoices")

    assert caller.sandbox.requests()[-1]["status"] is None


@pytest.mark.parametrize(
    ("name", "options"), [("slow", {"seconds": 0.05}), ("drip", {"bytes": 4000, "seconds": 0.001})]
)
def test_a_late_answer_is_still_whole(caller: Caller, name: str, options: dict[str, object]) -> None:
    whole = caller.get("/invoices").body
    caller.sandbox.fault(name, **options)

    assert caller.get("/invoices").body == whole


def test_q28_an_overlapping_page_repeats_a_row_and_loses_one(caller: Caller) -> None:
    whole = caller.numbers()
    caller.sandbox.fault("page-overlap", path="/invoices", query="page=2")
    numbers = caller.numbers()

    assert len(numbers) == len(whole)
    assert len(set(numbers)) == len(whole) - 1
    assert numbers[99] == numbers[100]


def test_a_missing_row_is_still_counted(caller: Caller) -> None:
    whole = caller.numbers()
    caller.sandbox.fault("missing-row", path="/invoices")

    assert caller.numbers() == whole[1:]


def links(caller: Caller) -> Any:
    return caller.get("/invoices?page=2&perpage=50").json["MetaData"]["NextPageUrl"]


def test_a_next_link_that_leads_back_or_away(caller: Caller) -> None:
    assert "page=3" in links(caller)
    caller.sandbox.fault("next-link-loop")
    assert "page=2" in links(caller)
    caller.sandbox.fault("next-link-elsewhere")
    assert links(caller).startswith("https://elsewhere.example/")


@pytest.mark.parametrize("name", ["applied-then-cut", "applied-then-hang"])
def test_a_write_that_fails_may_have_been_applied(caller: Caller, name: str) -> None:
    row = owed(caller.sandbox)
    for path in ("/invoices/bulk", f"/invoices/{row.number}/notes"):
        caller.sandbox.fault(name, path=path, method="POST", seconds=0.05)
    with pytest.raises(BROKEN):
        caller.call("POST", f"/invoices/{row.number}/notes", {"Text": "marker"})
    with pytest.raises(BROKEN):
        caller.call("POST", "/invoices/bulk/payments", payment((row.number, 5)))

    assert [note["Text"] for note in caller.get(f"/invoices/{row.number}/notes").json] == ["marker"]
    assert caller.get(f"/invoices/{row.number}").json["DueAmount"] == row.outstanding - 5


def test_a_write_may_not_be_readable_at_once(caller: Caller) -> None:
    row = owed(caller.sandbox)
    caller.sandbox.fault("read-lag", method="POST", times=2, seconds=300)
    caller.call("POST", f"/invoices/{row.number}/notes", {"Text": "marker"})
    caller.call("POST", "/invoices/bulk/payments", payment((row.number, 5)))
    assert caller.get(f"/invoices/{row.number}/notes").json == []
    assert caller.get(f"/invoices/{row.number}").json["DueAmount"] == row.outstanding
    caller.sandbox.advance_clock(6)

    assert len(caller.get(f"/invoices/{row.number}/notes").json) == 1
    assert caller.get(f"/invoices/{row.number}").json["DueAmount"] == row.outstanding - 5


def test_a_change_can_strike_in_the_middle_of_a_pull(caller: Caller) -> None:
    whole = caller.numbers()
    caller.sandbox.fault(
        "change", path="/invoices", query="page=2", action="delete", arguments={"number": whole[0]}
    )
    numbers = caller.numbers()

    assert len(numbers) == len(whole) - 1
    assert whole[100] not in numbers


def statuses(caller: Caller, count: int) -> list[int]:
    return [caller.get("/currencies").status for _ in range(count)]


def test_a_fault_strikes_once_unless_told_otherwise(caller: Caller) -> None:
    caller.sandbox.fault("http-500")

    assert statuses(caller, 3) == [500, 200, 200]


def test_a_fault_can_wait_strike_every_nth_and_stop(caller: Caller) -> None:
    caller.sandbox.fault("http-500", after=1, every=2, times=2)

    assert statuses(caller, 7) == [200, 500, 200, 500, 200, 200, 200]


def test_a_fault_without_end_lasts_until_cleared(caller: Caller) -> None:
    caller.sandbox.fault("http-503", times=None)
    assert statuses(caller, 3) == [503] * 3
    assert caller.sandbox.faults()[0]["hits"] == 3
    caller.sandbox.clear_faults()

    assert statuses(caller, 1) == [200]


def test_a_fault_leaves_other_paths_and_methods_alone(caller: Caller) -> None:
    caller.sandbox.fault("http-500", path="/customers", times=None)
    caller.sandbox.fault("http-500", method="POST", times=None)

    assert caller.get("/invoices").status == 200
    assert caller.get("/Customers").status == 500
    assert caller.first_step().status == 500


def test_a_struck_login_is_not_an_attempt(outsider: Caller) -> None:
    outsider.sandbox.fault("http-503", path="/sessiontoken")

    assert outsider.first_step().status == 503
    assert outsider.sandbox.logins() == []


def test_the_record_tells_every_request_and_what_struck_it(caller: Caller) -> None:
    caller.sandbox.fault("http-500", path="/invoices")
    caller.get("/invoices?page=1")
    seen = [
        (entry["method"], entry["path"], entry["query"], entry["status"])
        for entry in caller.sandbox.requests()
    ]

    assert seen == [
        ("POST", "/v2/sessiontoken", "", 201),
        ("PUT", "/v2/sessiontoken", "", 200),
        ("GET", "/v2/invoices", "page=1", 500),
    ]
    assert caller.sandbox.requests()[-1]["fault"] == "http-500"


def test_an_unknown_fault_is_refused_with_the_list(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="meteor") as refused:
        sandbox.fault("meteor")

    assert all(name in str(refused.value) for name in FAULTS)
