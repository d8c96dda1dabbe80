"""Beyond the contract: opening many cases in one request, each for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, PrivateAttr, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from arrears.core.case import Lifecycle
from arrears.core.json_text import read_json, write_json
from arrears.desk.api import creditor_wire as wire
from arrears.desk.api.answers import CHANGING, KEYED
from arrears.desk.api.asked_cases import handover_asked
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import Failure, FieldErrors, json_answer
from arrears.desk.api.idempotency import HEADER, once_for_key
from arrears.desk.api.labels import LIFECYCLE_LABELS
from arrears.desk.api.new_api import sentence_of
from arrears.desk.api.routes_open import field_name, options_asked, signable
from arrears.desk.api.wire_cases import CaseAsked
from arrears.desk.api.wire_values import Asked, Text
from arrears.desk.cases.open_case import open_case
from arrears.desk.models import LONGEST_KEY
from arrears.desk.opening import Obstacle, ObstacleCode
from arrears.ports import Answer

router = Router(tags=["Cases"], by_alias=True)

MOST_ROWS = 500

_OPERATION = "creditor bulk row"
_NOT_KEPT = 409


class BulkRowAsked(CaseAsked):
    """A case to be opened, with a key of its own under which it is opened once."""

    idempotency_key: Text | None = None
    _unreadable: list[wire.Reason] = PrivateAttr(default_factory=list)

    @property
    def unreadable(self) -> list[wire.Reason]:
        """What in the row is of the wrong type; nothing else of it has been read then."""
        return self._unreadable


def _alone(row: Any, read: ValidatorFunctionWrapHandler) -> BulkRowAsked:
    """A row that cannot be read is that row's problem, not the request's."""
    try:
        read_row: BulkRowAsked = read(row)
    except ValidationError as error:
        read_row = BulkRowAsked.model_construct()
        read_row.unreadable.extend(_reasons(error))
    return read_row


def _reasons(error: ValidationError) -> Iterator[wire.Reason]:
    for one in error.errors(include_url=False):
        place = ".".join(str(part) for part in one["loc"])
        yield wire.Reason(
            type="Unreadable", message=f"This value {sentence_of(dict(one))}.", field=place or None
        )


class BulkAsked(Asked):
    """Up to 500 cases. Each is opened, or not, for itself."""

    cases: list[Annotated[BulkRowAsked, WrapValidator(_alone)]] = Field(min_length=1, max_length=MOST_ROWS)


@router.post(
    "/cases/bulk",
    response={200: wire.BulkShown, **CHANGING},
    operation_id="openCases",
    summary="Open up to 500 cases, each for itself",
    openapi_extra=KEYED,
)
def open_many(request: HttpRequest, asked: BulkAsked) -> wire.BulkShown:
    """Every row is opened in a transaction of its own, and the answer says what came of each.

    Send the whole request again as often as you like: what was opened is told as opened again, and what could
    not be opened is tried once more. For that a row needs an `idempotencyKey` or a `creditorReference`; where
    the request has an Idempotency-Key, rows without a key get one from it and their place in the list.
    """
    who = caller(request)
    shared = request.headers.get(HEADER, "").strip()
    rows = [_row(who, place, row, shared) for place, row in enumerate(asked.cases)]
    counted = Counter(row.result for row in rows)
    return wire.BulkShown(
        counts=wire.BulkCounts(
            opened=counted[Answer.OPENED],
            duplicate=counted[Answer.DUPLICATE],
            refused=counted[Answer.REFUSED],
            must_act=counted[Answer.MUST_ACT],
        ),
        rows=rows,
    )


def _row(who: Caller, place: int, asked: BulkRowAsked, shared: str) -> wire.BulkRow:
    key = (asked.idempotency_key or "").strip() or (f"{shared} row {place}" if shared else "")
    row = wire.BulkRow(
        row=place,
        result=Answer.REFUSED,
        idempotency_key=key or None,
        creditor_reference=(asked.creditor_reference or "").strip() or None,
    )
    if asked.unreadable:
        row.reasons = asked.unreadable
    elif len(key) > LONGEST_KEY or not key.isprintable():
        text = f"The key may have at most {LONGEST_KEY} printable characters."
        row.reasons = [wire.Reason(type="InvalidField", message=text, field="idempotencyKey")]
    elif not key and not row.creditor_reference:
        text = "Give the row an idempotencyKey or a creditorReference, so that it is opened once."
        row.reasons = [wire.Reason(type="MissingKey", message=text, field="idempotencyKey")]
    else:
        return _done(who, row, asked, key)
    return row


def _done(who: Caller, row: wire.BulkRow, asked: BulkRowAsked, key: str) -> wire.BulkRow:
    def work() -> HttpResponse:
        _open(who, row, asked, key)
        return json_answer(200 if row.case_id else _NOT_KEPT, row.model_dump(by_alias=True))

    try:
        if not key:
            _open(who, row, asked, key)
            return row
        asked_again = write_json(asked.model_dump(exclude={"idempotency_key"})).encode()
        answer = once_for_key(who, _OPERATION, key, asked_again, work)
    except FieldErrors as error:
        row.reasons = [
            wire.Reason(type="InvalidField", message=" ".join(messages), field=name)
            for name, messages in error.errors.items()
        ]
        return row
    except Failure as failure:
        row.reasons = [wire.Reason(type=failure.type, message=failure.message)]
        return row
    return wire.BulkRow.model_validate(read_json(answer.content) | {"row": row.row})


def _open(who: Caller, row: wire.BulkRow, asked: BulkRowAsked, key: str) -> None:
    """Open one case and write down in the row what came of it. Raises FieldErrors."""
    handover = handover_asked(asked, who.today)
    try:
        options = options_asked(who, asked, key)
    except Failure as failure:
        row.reasons = [wire.Reason(type=failure.type, message=failure.message)]
        return
    opening = open_case(who.creditor, handover, options, today=who.today, now=who.now)
    row.result = opening.answer
    row.reasons = [_reason(one) for one in signable(who, handover, options, opening)]
    if opening.case is not None:
        row.case_id = opening.case.public_id
        row.case_reference = opening.case.reference
        row.lifecycle = LIFECYCLE_LABELS[Lifecycle(opening.case.lifecycle)]


def _reason(obstacle: Obstacle) -> wire.Reason:
    is_field = obstacle.code in (ObstacleCode.INVALID_FIELD, ObstacleCode.DUPLICATE)
    return wire.Reason(
        type=obstacle.code.value,
        message=obstacle.message,
        field=field_name(obstacle) if is_field else None,
        solution_url=obstacle.solution_url or None,
    )
