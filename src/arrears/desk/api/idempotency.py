"""A request sent twice under one Idempotency-Key is carried out once and answered twice with the same bytes.

The answer is stored in the transaction that does the work. A twin that arrives while the first is still at
work waits for it at the unique index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from psycopg.errors import LockNotAvailable

from arrears.accounts.models import Organisation
from arrears.desk.api.errors import Failure, FieldErrors
from arrears.desk.models import LONGEST_KEY, StoredAnswer

HEADER = "Idempotency-Key"

#: How long answers are kept to be repeated.
KEPT_FOR = timedelta(days=30)

_LONGEST_WAIT = "10s"

_CLAIM = """
INSERT INTO desk_storedanswer
(organisation_id, operation, key, request_hash, status, body, address, answered_at)
VALUES (%s, %s, %s, %s, 0, '', %s, %s) ON CONFLICT (organisation_id, operation, key) DO NOTHING RETURNING id
"""


class _NotKept(Exception):
    """Carries an answer out of a transaction that is to be rolled back."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


class Asker(Protocol):
    """Whose keys they are, and when it asks."""

    @property
    def organisation(self) -> Organisation: ...

    @property
    def now(self) -> datetime: ...


def once(request: HttpRequest, who: Asker, operation: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry out `work` in a transaction, at most once for each key; without a key, just carry it out.

    `work` may raise Failure: what it has written is rolled back, and a 422 is stored like a success. Errors
    of fields and of the server are not stored, so the same key may be used again.
    """
    key = request.headers.get(HEADER, "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise FieldErrors({HEADER: [f"The key may have at most {LONGEST_KEY} printable characters."]})
    if not key:
        return _carried_out(work)
    body = request.path.encode() + b"\n" + request.body
    return once_for_key(who, operation, key, body, work, address=request.path)


def once_for_key(
    who: Asker,
    operation: str,
    key: str,
    body: bytes,
    work: Callable[[], HttpResponse],
    *,
    address: str = "",
) -> HttpResponse:
    """`once` for a part of a request that has a key of its own. `body` is what must be the same next time.

    `address` tells what the answer is about where the answer itself does not name it.
    """
    body_hash = hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            claimed = _claim(who, operation, key, body_hash, address)
            if claimed is None:
                return _again(who, operation, key, body_hash)
            answer = _carried_out(work)
            if answer.status_code >= HTTPStatus.BAD_REQUEST and answer.status_code != 422:
                raise _NotKept(answer)
            StoredAnswer.objects.filter(pk=claimed).update(
                status=answer.status_code, body=answer.content.decode()
            )
            return answer
    except _NotKept as unkept:
        return unkept.answer
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Failure(
                409,
                "IdempotencyInFlight",
                "A request with this key is still being carried out. Try again shortly.",
            ) from error
        raise


def _claim(who: Asker, operation: str, key: str, body_hash: str, address: str) -> int | None:
    """The id of our row; None when there is an answer already. Waits for a twin that is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LONGEST_WAIT])
        place = StoredAnswer.plain(address)
        cursor.execute(_CLAIM, [who.organisation.pk, operation, key, body_hash, place, who.now])
        row = cursor.fetchone()
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return row[0] if row else None


def _again(who: Asker, operation: str, key: str, body_hash: str) -> HttpResponse:
    stored = StoredAnswer.objects.get(organisation=who.organisation, operation=operation, key=key)
    if stored.request_hash != body_hash:
        raise Failure(
            422,
            "IdempotencyConflict",
            "This Idempotency-Key was used with another request. Use a new key for a new request.",
        )
    return HttpResponse(stored.body, status=stored.status, content_type="application/json; charset=utf-8")


def _carried_out(work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        with transaction.atomic():
            return work()
    except Failure as failure:
        return failure.answer()
