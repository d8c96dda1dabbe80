"""Cases of Debitura's Customer API as pairs: build the request, read the answer. No I/O.

Readers raise what `answers.read_answer` raises. Paths are below https://customer-api.debitura.com.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from arrears import ports
from arrears.connectors.debitura import wire
from arrears.connectors.debitura.answers import (
    parsed,
    raise_refusal,
    read_answer,
    refusal_for,
    refusal_of,
    senseless,
)
from arrears.connectors.debitura.bodies import TAG
from arrears.connectors.debitura.errors import refused
from arrears.connectors.debitura.mapping import case_from, message_from, offer_from
from arrears.connectors.debitura.values import read_whole
from arrears.connectors.debitura.wire import record
from arrears.connectors.message import Request, Response
from arrears.ports import OutcomeUnknown, Remedy, TryAgainLater

Entry = TypeVar("Entry")
Row = TypeVar("Row", bound=wire.Record)

#: The largest page that the API gives.
PAGE_SIZE = 100

_ACCEPT = {"Accept": "application/json"}
_JSON = {**_ACCEPT, "Content-Type": "application/json"}
_MOST_BYTES = 4_000_000
_MOST_LIST_BYTES = 32_000_000

CASES = "the list of cases"
CASE = "the case"
PREVIEW = "the preview of a case"
CHAT = "a message"


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """One page of a list. `total_pages` is None when it is not told; `skipped` counts unreadable rows."""

    rows: tuple[Entry, ...]
    total_pages: int | None = None
    skipped: int = 0

    def is_last(self, number: int) -> bool:
        """Whether nothing comes after this page, the one with this number from 1."""
        if self.total_pages is not None:
            return number >= self.total_pages
        return len(self.rows) + self.skipped < PAGE_SIZE


def get(path: str, purpose: str, *, is_list: bool = False, **query: str | int) -> Request:
    """A read. `query` gives parameters by the names of the contract."""
    address = f"{path}?{urlencode(query)}" if query else path
    most = _MOST_LIST_BYTES if is_list else _MOST_BYTES
    return Request("GET", address, purpose, headers=_ACCEPT, most_bytes=most)


def change(method: str, path: str, purpose: str, body: bytes = b"", *, effects: bool = True) -> Request:
    """A request with a JSON body. Without `effects` it may be repeated: doing it twice is doing it once."""
    headers = _JSON if body else _ACCEPT
    return Request(method, path, purpose, body, headers, effects=effects, most_bytes=_MOST_BYTES)


def piece(text: str) -> str:
    """Text as one piece of a path."""
    return quote(text, safe="")


def read_object(response: Response, model: type[Row], purpose: str) -> Row:
    body = read_answer(response, purpose)
    if not isinstance(body, dict):
        raise senseless(purpose)
    return record(body, model)


def read_page(
    response: Response, name: str, model: type[Row], make: Callable[[Row], Entry | None], purpose: str
) -> Page[Entry]:
    """One page: an envelope with `page` and the rows under `name`, or a bare array, which is all there is."""
    body = read_answer(response, purpose)
    if isinstance(body, list):
        body = {name: body, "page": {"totalPages": 1}}
    rows = body.get(name) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise senseless(purpose)
    page = body.get("page")
    made = [make(record(row, model)) if isinstance(row, dict) else None for row in rows]
    kept = tuple(entry for entry in made if entry is not None)
    total = read_whole(page.get("totalPages")) if isinstance(page, dict) else None
    return Page(kept, total, len(made) - len(kept))


def read_rows(
    response: Response, name: str, model: type[Row], make: Callable[[Row], Entry | None], purpose: str
) -> tuple[Entry, ...]:
    """A list that comes in one piece."""
    return read_page(response, name, model, make, purpose).rows


# --- Reading cases ------------------------------------------------------------------------------------------


def cases_request(number: int, sort: str) -> Request:
    """One page of all cases. `sort` is `DateCreated` or `DateUpdated`, always the latest first."""
    return get("cases", CASES, is_list=True, Page=number, PageSize=PAGE_SIZE, Sort=f"{sort}:desc")


def read_cases(response: Response) -> Page[ports.Case]:
    return read_page(response, "cases", wire.Case, case_from, CASES)


def case_request(case_id: str) -> Request:
    return get(f"cases/{piece(case_id)}", CASE)


def case_by_reference_request(reference: str) -> Request:
    """By our own reference, which stands in the path."""
    return get(f"cases/by-creditor-reference/{piece(reference)}", CASE)


def read_case(response: Response) -> ports.Case | None:
    """The case, or None where there is none. One that cannot be read may be readable later."""
    if response.status == 404:
        return None
    case = case_from(read_object(response, wire.Case, CASE))
    if case is None:
        raise senseless(CASE)
    return case


def read_case_by_id(response: Response) -> ports.Case | None:
    """As `read_case`. What Debitura does not take for an id, which it says with a 400, names no case."""
    return None if response.status == 400 else read_case(response)


# --- Opening ------------------------------------------------------------------------------------------------


def preview_request(body: bytes) -> Request:
    """What would become of a case. Opens nothing, so it may be repeated."""
    return change("POST", "cases/preview", PREVIEW, body, effects=False)


def read_preview(response: Response) -> ports.Offer:
    """An offer; a claim that Debitura finds fault with is one that is not accepted."""
    if response.status in (400, 422):
        told = refusal_of(response).messages or ("Debitura gave no reason.",)
        required = tuple(ports.Required("InvalidField", message, blocking=True) for message in told)
        return ports.Offer(False, "", "The claim cannot be taken as it is.", required=required)
    body = read_answer(response, PREVIEW)
    result = body.get("result", body) if isinstance(body, dict) else None
    if not isinstance(result, dict) or "isEligible" not in result:
        raise senseless(PREVIEW)
    return offer_from(record(result, wire.Preview))


def open_request(body: bytes, key: str) -> Request:
    """Open a case. Read the answer with `opened.read_opened`."""
    return change("POST", "cases", "a new case", body).with_header("Idempotency-Key", key)


def remove_test_cases_request() -> Request:
    """Remove the test cases that we have opened."""
    return change("DELETE", f"test/cases?tag={TAG}", "the removal of the test cases", effects=False)


def read_removed(response: Response) -> None:
    """There may be nothing to remove."""
    if not response.succeeded and response.status != 404:
        raise_refusal(response, "the removal of the test cases")


# --- Messages -----------------------------------------------------------------------------------------------


def chat_request(case_id: str, body: bytes, key: str) -> Request:
    """Send a message on a case."""
    path = f"cases/{piece(case_id)}/chats"
    return change("POST", path, CHAT, body).with_header("Idempotency-Key", key)


def read_sent(response: Response) -> ports.Message:
    """The message as it was kept. Raises as `Collector.say` does."""
    status = response.status
    if response.succeeded:
        message = message_from(record(parsed(response), wire.Chat))
        if message is None:
            raise OutcomeUnknown("Debitura's answer to a message cannot be read.", answered=True)
        return message
    if status == 408 or status >= 500:
        raise OutcomeUnknown(
            f"Debitura reported a fault of its own (HTTP {status}) for a message.", answered=True
        )
    raise _not_sent(response)


def _not_sent(response: Response) -> Remedy:
    """Why a message was certainly not sent; but for one under a key that has been used."""
    told = refusal_of(response)
    if "idempotencyconflict" in told.codes:
        return OutcomeUnknown("Debitura has had another message under this key.", answered=True)
    if response.status == 409:
        return TryAgainLater("Debitura is still at work on this very message.")
    if told.codes & {"missinguseridentifier", "invaliduseremail", "invaliduserid"}:
        action = "Check in Debitura that somebody of your team has an active account there."
        return refused(CHAT, response.status, told.code, action)
    return refusal_for(response, CASE if response.status == 404 else CHAT)
