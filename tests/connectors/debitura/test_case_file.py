"""Everything about one case: read at once, with what cannot be read named; and messages on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from arrears.connectors.debitura.collector import LONGEST_MESSAGE
from arrears.connectors.message import Response
from arrears.core.json_text import read_json
from arrears.ports import (
    NeedsAttention,
    OutcomeUnknown,
    TryAgainLater,
)
from tests.connectors.debitura.scripted import CASE_ID, CHAT, CHATS, Script, answer, collecting, paged


def a_file(**answers: Any) -> Script:
    """A case with everything, under its id."""
    task = {
        "id": "t1",
        "type": "SelectQuoteWinner",
        "status": "Open",
        "leadId": "q1",
        "title": "Choose",
        "solutionUrl": "https://app.example/choose",
    }
    known: dict[str, Any] = {
        "chats": [CHAT],
        "timeline": {"items": [{"date": "2026-11-22T12:00:00", "title": "Opened"}]},
        "files": [{"id": "f1", "dateCreated": "2026-11-22T12:00:00", "fileName": "a.pdf"}],
        "payments": [{"id": "p1", "date": "2026-11-22T00:00:00", "grossAmount": 5, "currency": "GBP"}],
        "tasks": [task, {"id": "t2", "type": "Generic", "status": "Solved"}],
        "validation": {"items": [{"resolutionArea": "A", "description": "Why?"}]},
        "quote-requests": {
            "quoteRequests": [
                {"quoteRequestId": "q1", "dateCreated": "2026-11-22T12:00:00"},
                {"quoteRequestId": "q0", "dateCreated": "2026-11-01T12:00:00", "outcome": "Quote accepted"},
            ]
        },
        "quote-requests/q1/quotes": {
            "quotes": [
                {
                    "quoteId": "a",
                    "partnerName": "BD",
                    "status": "Offered",
                    "agreementType": "Hourly",
                    "hourlyRate": 150,
                },
                {"quoteId": "b", "partnerName": "XY", "status": "Withdrawn"},
            ]
        },
        "quote-requests/q1/quotes/a": {
            "quoteId": "a",
            "feeComments": "Net.",
            "pricing": {"costProcessMisc": 90},
        },
        "quote-requests/q1/quotes/b": {"quoteId": "b"},
        "quote-requests/q0/quotes": {"quotes": [{"quoteId": "c", "status": "Offered"}]},
        "exclusive-period": {
            "engagementStartDate": "2026-01-01T00:00:00",
            "currentEndDate": "2026-07-01T00:00:00",
            "daysRemaining": 3,
        },
        "contract-status": {"sdca": {"signed": False}},
    }
    script = Script()
    for part, body in (known | answers).items():
        script.tell(
            f"GET cases/{CASE_ID}/{part}", body if isinstance(body, Response | Exception) else answer(body)
        )
    return script


def test_a_case_file_holds_everything() -> None:
    with collecting(a_file()) as collector:
        file = collector.case_file(CASE_ID)
    lists = (file.messages, file.timeline, file.documents, file.payments, file.tasks, file.questions)
    assert [len(one) for one in lists] == [1] * 6
    assert file.period is not None
    assert [one.kind for one in file.agreements] == ["MissingDebtCollectionContract"]
    assert file.unread == ()


def test_only_a_quote_that_can_still_be_chosen_leads_to_where() -> None:
    with collecting(a_file()) as collector:
        quotes = {quote.id: quote for quote in collector.case_file(CASE_ID).quotes}
    assert {name: (quote.open, quote.url) for name, quote in quotes.items()} == {
        "a": (True, "https://app.example/choose"),
        "b": (False, ""),
        "c": (False, ""),
    }
    assert (quotes["a"].fee_comments, quotes["a"].court_costs) == ("Net.", Decimal(90))
    assert quotes["a"].hourly_rate == Decimal(150)


@pytest.mark.parametrize(
    "trouble", [answer({}, 400), answer({}, 500), answer(b"<html>"), TryAgainLater("down")]
)
@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("chats", "the messages"),
        ("timeline", "the timeline"),
        ("files", "the files"),
        ("payments", "the payments"),
        ("tasks", "the tasks"),
        ("validation", "the open questions"),
        ("quote-requests", "the quotes"),
        ("quote-requests/q1/quotes", "the quotes"),
        ("exclusive-period", "the exclusive period"),
        ("contract-status", "the agreements"),
    ],
)
def test_a_part_that_cannot_be_read_is_named_and_the_rest_is_there(
    part: str, name: str, trouble: Any
) -> None:
    with collecting(a_file(**{part: trouble})) as collector:
        file = collector.case_file(CASE_ID)
    assert file.unread == (name,)


def test_a_case_that_is_not_there_is_told() -> None:
    with collecting(Script()) as collector, pytest.raises(NeedsAttention) as caught:
        collector.case_file(CASE_ID)
    assert caught.value.code == "not_there"


@pytest.mark.parametrize("part", ["payments", "quote-requests/q1/quotes"])
@pytest.mark.parametrize(("status", "code"), [(401, "key_rejected"), (403, "key_not_permitted")])
def test_a_refused_key_is_not_hidden_in_a_part(part: str, status: int, code: str) -> None:
    with (
        collecting(a_file(**{part: answer({}, status)})) as collector,
        pytest.raises(NeedsAttention) as caught,
    ):
        collector.case_file(CASE_ID)
    assert caught.value.code == code


def test_when_nothing_can_be_read_the_error_is_told() -> None:
    script = Script()
    for part in ("chats", "timeline", "files", "payments", "tasks", "validation"):
        script.tell(f"GET cases/{CASE_ID}/{part}", TryAgainLater("down"))
    for part in ("quote-requests", "exclusive-period", "contract-status"):
        script.tell(f"GET cases/{CASE_ID}/{part}", TryAgainLater("down"))
    with collecting(script) as collector, pytest.raises(TryAgainLater, match="down"):
        collector.case_file(CASE_ID)


def test_at_most_five_requests_for_quotes_are_looked_into() -> None:
    requests = [{"quoteRequestId": f"r{number}"} for number in range(9)]
    script = a_file(**{"quote-requests": {"quoteRequests": requests}})
    with collecting(script) as collector:
        collector.case_file(CASE_ID)
    assert len(script.calls("GET", f"cases/{CASE_ID}/quote-requests/")) == 5


def test_a_message_is_from_the_first_of_our_people() -> None:
    users = [{"id": "2", "email": "zoe@firm.example"}, {"id": "1", "email": "amy@firm.example"}]
    script = Script(**{"GET users": answer(paged("users", users)), f"POST {CHATS}": answer(CHAT)})
    with collecting(script) as collector:
        message = collector.say(CASE_ID, "  Hello  ", "key-1")
    request = script.calls("POST")[0]
    assert message.text == "Hello"
    assert read_json(request.body) == {"message": "Hello", "userEmail": "amy@firm.example"}
    assert request.headers["Idempotency-Key"] == "key-1"


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_MESSAGE + 1)])
def test_a_message_that_is_too_long_or_empty_is_refused_before_it_is_sent(text: str) -> None:
    script = Script()
    with collecting(script) as collector, pytest.raises(NeedsAttention, match="1 to 4,000 characters"):
        collector.say(CASE_ID, text, "k")
    assert script.asked == []


@pytest.mark.parametrize("told", [OutcomeUnknown("lost"), answer(b"half"), answer({}, 500)])
def test_a_message_whose_fate_is_not_known_is_sent_once(told: Any) -> None:
    script = Script(**{"GET users": answer(paged("users", [])), f"POST {CHATS}": told})
    with collecting(script) as collector, pytest.raises(OutcomeUnknown):
        collector.say(CASE_ID, "Hello", "k")
    assert len(script.calls("POST")) == 1
