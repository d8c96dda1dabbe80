"""The collector over a script: what is asked, how often, and what comes of it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from arrears.connectors.debitura import BASE_URL, DebituraCollector
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded
from arrears.core.json_text import read_json
from arrears.ports import (
    Answer,
    Collector,
    Feed,
    NeedsAttention,
    NotSent,
    OutcomeUnknown,
    Remedy,
    TryAgainLater,
)
from tests.builders import TODAY, a_claim, an_invoice
from tests.connectors.debitura.scripted import (
    CASE_ID,
    FILES,
    KEY,
    PDF,
    AKey,
    Script,
    a_case,
    a_preview,
    answer,
    collecting,
    paged,
)


def test_it_is_a_collector_and_a_feed() -> None:
    collector: Collector = DebituraCollector(AKey())
    feed: Feed = DebituraCollector(AKey())
    assert collector.quiet_period >= timedelta(seconds=120)
    assert feed.read_event("", b"", (), datetime(2026, 11, 22, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("base_url", "test", "name", "host"),
    [
        (BASE_URL, False, "Debitura", "customer-api.debitura.com"),
        (f"{BASE_URL}/", True, "Debitura (test)", "customer-api.debitura.com"),
        (
            "https://desk.example:8443/api/customer",
            False,
            "Debitura at desk.example:8443",
            "desk.example:8443/api/customer",
        ),
        ("http://localhost:8000/api", True, "Debitura at localhost:8000 (test)", "localhost:8000/api"),
    ],
)
def test_its_name_and_host(base_url: str, test: bool, name: str, host: str) -> None:
    collector = DebituraCollector(AKey(), base_url=base_url, test=test, creditor="creditor-1")
    assert (collector.name, collector.host, collector.test) == (name, host, test)
    assert collector.creditor == "creditor-1"


@pytest.mark.parametrize("url", ["", "debitura", "http://elsewhere.example", "https://a.example/?x=1"])
def test_an_address_that_cannot_be_used_is_told_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        DebituraCollector(AKey(), base_url=url)


def test_a_case_is_opened_with_its_key() -> None:
    script = Script(**{"POST cases": answer(a_case())})
    with collecting(script) as collector:
        opened = collector.open(a_claim(), "AR-1", "idempotency-1", TODAY)
    (request,) = script.asked
    assert opened.answer is Answer.OPENED
    assert request.headers["Idempotency-Key"] == "idempotency-1"
    assert request.headers["XApiKey"] == KEY
    assert request.headers["Content-Type"] == "application/json"
    assert request.effects


def test_a_test_collector_opens_test_cases_only() -> None:
    script = Script(**{"POST cases": answer(a_case(isTestCase=True))})
    with collecting(script, test=True, waits_for_signature=False) as collector:
        collector.open(a_claim(), "AR-1", "k", TODAY)
    body = read_json(script.asked[0].body)
    assert (body["isTest"], body["tag"], body["allowPendingContracts"]) == (True, "arrears", False)


@pytest.mark.parametrize("reference", ["", "a/b", "AR 1", "A" * 51, "é"])
def test_a_reference_that_is_not_ours_is_neither_sent_nor_looked_for(reference: str) -> None:
    script = Script()
    with collecting(script) as collector:
        assert collector.open(a_claim(), reference, "k", TODAY).answer is Answer.REFUSED
        assert collector.find(reference) is None
    assert script.asked == []


def test_an_unusable_claim_is_refused_without_asking() -> None:
    script = Script()
    with collecting(script) as collector:
        opened = collector.open(a_claim(an_invoice("0 GBP")), "AR-1", "k", TODAY)
    assert opened.answer is Answer.REFUSED
    assert opened.messages == ("Nothing is owed on invoice 1001. Leave it out.",)
    assert script.asked == []


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (answer({}, 500), OutcomeUnknown),
        (answer({}, 503), OutcomeUnknown),
        (answer({}, 408), OutcomeUnknown),
        (answer({"error": "rate_limit_exceeded", "retryAfter": 12.5}, 429), Overloaded),
        (answer({}, 409), OutcomeUnknown),
        (NotSent("refused"), NotSent),
        (OutcomeUnknown("reset"), OutcomeUnknown),
        (answer(b"half"), OutcomeUnknown),
    ],
)
def test_a_new_case_is_sent_once_whatever_comes_of_it(told: Any, error: type[Remedy]) -> None:
    script = Script(**{"POST cases": told})
    with collecting(script) as collector, pytest.raises(error):
        collector.open(a_claim(), "AR-1", "k", TODAY)
    assert len(script.asked) == 1


def test_how_long_to_wait_is_told_in_the_body() -> None:
    script = Script(**{"POST cases": answer({"retryAfter": 12.5}, 429)})
    with collecting(script) as collector, pytest.raises(Overloaded) as caught:
        collector.open(a_claim(), "AR-1", "k", TODAY)
    assert caught.value.after == timedelta(seconds=12.5)


def test_a_case_is_found_by_our_reference() -> None:
    script = Script(**{"GET cases/by-creditor-reference/AR-1": answer(a_case())})
    with collecting(script) as collector:
        found = collector.find("AR-1")
        assert found is not None
        assert found.creditor_reference == "AR-1"
        assert collector.find("AR-2") is None


@pytest.mark.parametrize(
    "told", [a_case(creditorReference="AR-9"), a_case(creditorReference=None), a_case(id=None), {}, b""]
)
def test_a_look_up_that_is_answered_with_something_else_is_no_answer(told: Any) -> None:
    script = Script(**{"GET cases/by-creditor-reference/AR-1": answer(told)})
    with collecting(script) as collector, pytest.raises(TryAgainLater):
        collector.find("AR-1")


@pytest.mark.parametrize("case_id", ["", "../me", "1/chats", "1?x", "é"])
def test_what_can_be_no_id_names_no_case(case_id: str) -> None:
    script = Script()
    with collecting(script) as collector:
        assert collector.read(case_id) is None
        for call in (
            lambda: collector.case_file(case_id),
            lambda: collector.say(case_id, "Hello", "k"),
            lambda: collector.attach(case_id, "a.pdf", PDF),
        ):
            with pytest.raises(NeedsAttention) as caught:
                call()
            assert caught.value.code == "not_there"
    assert script.asked == []


def pages(*rows: list[Any], total: int | None = None) -> Script:
    """A list of cases of so many pages."""

    def turn(request: Request) -> Response:
        number = int(request.path.partition("Page=")[2].partition("&")[0])
        found = rows[number - 1] if number <= len(rows) else rows[-1]
        return answer(paged("cases", found, total or len(rows)))

    return Script(**{"GET cases": turn})


def rows_of(*ids: int) -> list[dict[str, Any]]:
    return [a_case(id=f"id-{number}") for number in ids]


def test_all_pages_are_read_and_what_moved_is_given_once() -> None:
    script = pages(rows_of(1, 2, 3), rows_of(3, 4, 5), rows_of(5, 6))
    with collecting(script) as collector:
        assert [case.id for case in collector.cases()] == [f"id-{number}" for number in range(1, 7)]
    assert [request.path for request in script.asked] == [
        f"cases?Page={number}&PageSize=100&Sort=DateCreated%3Adesc" for number in (1, 2, 3)
    ]


def test_who_knows_the_rest_can_stop_before_the_next_page_is_read() -> None:
    script = pages(rows_of(1, 2), rows_of(3))
    with collecting(script) as collector:
        changed = collector.changed()
        assert [next(changed).id, next(changed).id] == ["id-1", "id-2"]
        assert len(script.asked) == 1
    assert "Sort=DateUpdated%3Adesc" in script.asked[0].path


def test_a_list_that_goes_round_in_circles_ends() -> None:
    script = pages(rows_of(1, 2), total=10**9)
    with collecting(script) as collector:
        assert len(list(collector.cases())) == 2
    assert len(script.asked) == 3


def test_an_unreadable_row_is_skipped_with_a_remark_that_names_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    script = pages([*rows_of(1), a_case(id=None), *rows_of(2)])
    with collecting(script) as collector, caplog.at_level(logging.WARNING):
        assert [case.id for case in collector.cases()] == ["id-1", "id-2"]
    assert "1 cases on page 1" in caplog.text
    assert "Acme" not in caplog.text


def test_a_file_is_sent_once_however_often_it_is_attached() -> None:
    kept: list[dict[str, Any]] = []

    def take(request: Request) -> Response:
        description = request.body.partition(b'name="Description"\r\n\r\n')[2].partition(b"\r\n")[0]
        kept.append(
            {"id": str(len(kept)), "dateCreated": "2026-11-22T12:00:00", "description": description.decode()}
        )
        return answer(kept[-1])

    script = Script(**{f"POST {FILES}": take})
    script.tell(f"GET {FILES}", lambda _: answer(kept))
    with collecting(script) as collector:
        for _ in range(3):
            collector.attach(CASE_ID, "invoice.pdf", PDF)
        assert len(kept) == 1
        collector.attach(CASE_ID, "other.pdf", PDF)
        collector.attach(CASE_ID, "invoice.pdf", PDF + b" ")
    assert len(kept) == 3


def test_a_lost_answer_to_a_file_may_simply_be_asked_for_again() -> None:
    script = Script(**{f"GET {FILES}": answer([])}).tell(f"POST {FILES}", OutcomeUnknown("lost"))
    with collecting(script) as collector, pytest.raises(TryAgainLater, match="lost"):
        collector.attach(CASE_ID, "invoice.pdf", PDF)
    assert len(script.calls("POST")) == 1


def test_a_file_that_is_not_taken_is_refused_before_anything_is_asked() -> None:
    script = Script()
    with collecting(script) as collector, pytest.raises(NeedsAttention) as caught:
        collector.attach(CASE_ID, "letter.docx", PDF)
    assert caught.value.code == "file_type"
    assert script.asked == []


def test_a_preview_is_a_read_and_may_be_repeated() -> None:
    script = Script(**{"POST cases/preview": [answer({}, 503), answer(a_preview())]})
    with collecting(script) as collector:
        assert collector.preview(a_claim(), TODAY).accepted
    assert len(script.asked) == 2
