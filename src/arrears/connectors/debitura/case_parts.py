"""What there is beside a case in Debitura's Customer API, as pairs: build the request, read the answer."""

from __future__ import annotations

from dataclasses import dataclass

from arrears import ports
from arrears.connectors.debitura import mapping, wire
from arrears.connectors.debitura.protocol import get, piece, read_object, read_rows
from arrears.connectors.message import Request, Response

CHATS = "the messages"
TIMELINE = "the timeline"
FILES = "the files"
PAYMENTS = "the payments"
TASKS = "the tasks"
QUESTIONS = "the open questions"
QUOTES = "the quotes"
PERIOD = "the exclusive period"
AGREEMENTS = "the agreements"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for quotes. `waits` tells that no choice has been made yet."""

    id: str
    waits: bool


def part_request(case_id: str, part: str, purpose: str, **query: str) -> Request:
    """`part` is the last piece of the path, such as `chats`."""
    return get(f"cases/{piece(case_id)}/{part}", purpose, is_list=True, **query)


def read_chats(response: Response) -> tuple[ports.Message, ...]:
    found = read_rows(response, "chats", wire.Chat, mapping.message_from, CHATS)
    return tuple(sorted(found, key=lambda message: message.at))


def read_timeline(response: Response) -> tuple[ports.CaseEvent, ...]:
    found = read_rows(response, "items", wire.TimelineItem, mapping.event_from, TIMELINE)
    return tuple(sorted(found, key=lambda event: event.at))


def read_files(response: Response) -> tuple[ports.Document, ...]:
    found = read_rows(response, "files", wire.CaseFile, mapping.document_from, FILES)
    return tuple(sorted(found, key=lambda document: document.at))


def read_descriptions(response: Response) -> frozenset[str]:
    """How the files of a case are described, by which one that we have sent is known again."""
    described = read_rows(response, "files", wire.CaseFile, lambda file: file.description or None, FILES)
    return frozenset(described)


def read_payments(response: Response) -> tuple[ports.Payment, ...]:
    found = read_rows(response, "payments", wire.Payment, mapping.payment_from, PAYMENTS)
    return tuple(sorted(found, key=lambda payment: payment.day))


def read_tasks(response: Response) -> tuple[wire.Task, ...]:
    """The open tasks as they are told, because those about quotes say which request they belong to."""
    return read_rows(response, "tasks", wire.Task, lambda task: task if task.id else None, TASKS)


def read_questions(response: Response) -> tuple[ports.Question, ...]:
    return read_rows(response, "items", wire.ValidationItem, mapping.question_from, QUESTIONS)


def read_quote_requests(response: Response) -> tuple[Asked, ...]:
    """The requests for quotes, the latest first."""
    found = read_rows(
        response,
        "quoteRequests",
        wire.QuoteRequest,
        lambda row: row if row.quote_request_id else None,
        QUOTES,
    )
    dated = sorted(
        found, key=lambda row: row.date_created.timestamp() if row.date_created else 0, reverse=True
    )
    return tuple(Asked(row.quote_request_id, _waits(row)) for row in dated)


def _waits(row: wire.QuoteRequest) -> bool:
    return not row.outcome and row.date_outcome_selected is None


def quotes_request(case_id: str, request_id: str) -> Request:
    return part_request(case_id, f"quote-requests/{piece(request_id)}/quotes", QUOTES)


def read_quotes(response: Response) -> tuple[wire.Quote, ...]:
    return read_rows(response, "quotes", wire.Quote, lambda row: row if row.quote_id else None, QUOTES)


def quote_request(case_id: str, request_id: str, quote_id: str) -> Request:
    """One quote with what its row leaves out."""
    return part_request(case_id, f"quote-requests/{piece(request_id)}/quotes/{piece(quote_id)}", QUOTES)


def read_quote(response: Response) -> wire.Quote:
    return read_object(response, wire.Quote, QUOTES)


def read_period(response: Response) -> ports.Period | None:
    """The exclusive period; most cases never have one."""
    if response.status == 404:
        return None
    return mapping.period_from(read_object(response, wire.Period, PERIOD))


def read_agreements(response: Response) -> tuple[ports.Required, ...]:
    return mapping.agreements_from(read_object(response, wire.CaseContracts, AGREEMENTS))
