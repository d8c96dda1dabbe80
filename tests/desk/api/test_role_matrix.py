"""Who may do what, for every operation of the three APIs: whoever adds one is held to the same.

The operations, their paths and their bodies come from the APIs' own descriptions.
"""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from pytest_django import Settings

from arrears.accounts.api_keys import make_key, revoke_key
from tests.desk.api.operations import (
    Operation,
    a_form,
    body_for,
    document,
    ids_of,
    nowhere,
    operations,
    path_with,
)
from tests.desk.api.sides import FullDesk, Side, a_full_desk
from tests.desk.api.world import Answered
from tests.desk.builders import NOON

_OPERATIONS = operations()

#: Tables that every request may write: they count requests and repeat answers.
_BOOKKEEPING = {"RequestCount", "StoredAnswer", "ApiKey"}

#: What differs from one run to the next although the same was done.
_BY_CHANCE = {
    "id",
    "public_id",
    "reference",
    "change",
    "token_hash",
    "sealed",
    "payload",
    "data",
    "key_hash",
    "start",
    "stamp",
    "record",
}

tally: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def no_limits(settings: Settings) -> None:
    settings.ARREARS_API_PER_MINUTE = settings.ARREARS_API_PER_HOUR = settings.ARREARS_API_PER_DAY = 10**6


@pytest.fixture
def desk(db: None) -> FullDesk:
    return a_full_desk()


def test_no_operation_lets_in_who_has_no_key_to_its_api(desk: FullDesk) -> None:
    revoked, key = make_key(desk.creditor.organisation, "old", "test", NOON)
    revoke_key(desk.creditor.organisation.pk, revoked.pk, NOON)
    shut_out = {"none": "", "unknown": "arr_unknown", "revoked": key.get_secret_value()}
    shut_out["operator's"] = desk.operator.key
    for operation in _OPERATIONS:
        side = desk.sides[operation.api]
        wrong = desk.creditor.key if operation.api == "partner" else desk.partner.key
        before = _snapshot()
        answers = {
            asked(side, operation, ids_of(desk, operation), key=one).content
            for one in (*shut_out.values(), wrong)
            if tally.update(["without a key to the API"]) is None
        }
        assert len(answers) == 1, operation.name
        assert b"Send a valid API key" in answers.pop(), operation.name
        assert _snapshot() == before, operation.name


def test_what_is_somebody_elses_looks_like_what_is_not_there_and_stays_as_it_is(desk: FullDesk) -> None:
    for operation in _OPERATIONS:
        stranger = desk.strangers[operation.api]
        before = _snapshot()
        for key_header in ({}, {"Idempotency-Key": "the-same-key"}):
            with undone():
                theirs = asked(stranger, operation, ids_of(desk, operation), headers=key_header)
                assert not _changed(before, _snapshot(), stranger), operation.name
            with undone():
                nothing = asked(stranger, operation, nowhere(), headers=key_header)
            tally.update(["with a stranger's key"])
            assert not _gives_away(desk, theirs), (operation.name, theirs.content)
            if "{" in operation.path and "/coverage/" not in operation.path:
                assert theirs.status >= 400 or not theirs.content, operation.name
                assert (theirs.status, theirs.content) == (nothing.status, nothing.content), operation.name


def test_what_an_owner_may_do_is_asked_for_soundly(desk: FullDesk) -> None:
    """Otherwise the other tests here would prove nothing: what is refused anyway changes nothing."""
    refused = {}
    for operation in _OPERATIONS:
        with undone():
            answer = asked(desk.sides[operation.api], operation, ids_of(desk, operation))
        if answer.status >= 300:
            refused[operation.name] = f"{answer.status} {answer.content.decode()[:150]}"
    assert sorted(set(refused) ^ _REFUSED_TO_OWNERS) == [], refused


#: Sound requests that the state of the desk in these tests does not allow.
_REFUSED_TO_OWNERS = {
    "customer DELETE /divisions/{id}",
    "creditor POST /cases/{case_id}/answer",
    "partner POST /cases/{case_id}/phase",
    "partner POST /cases/{case_id}/resume",
    "partner POST /cases/{case_id}/withdrawal",
    "partner POST /complaints/{number}/response",
}


def test_fields_that_an_operation_does_not_know_take_no_effect(desk: FullDesk) -> None:
    extras = dict(_model_fields(desk))
    for operation in _OPERATIONS:
        if operation.body_schema is None or not operation.writes:
            continue
        side, ids = desk.sides[operation.api], ids_of(desk, operation)
        body = body_for(operation, ids)
        known = {name.lower() for name in _names(operation, body)}
        more = {name: value for name, value in extras.items() if name.replace("_", "").lower() not in known}
        tally.update({"fields not known": len(more)})
        before = _snapshot()
        results = []
        for sent in (body, _spiked(body, more)):
            with undone():
                answer = asked(side, operation, ids, body=sent)
                results.append((answer.status, _effect(before, _snapshot())))
        assert results[0] == results[1], operation.name


def test_how_much_was_probed(capsys: pytest.CaptureFixture[str]) -> None:
    probes = ", ".join(f"{count:,} {what}" for what, count in tally.items()) or "none in this process"
    with capsys.disabled():
        sys.stdout.write(f"\nRole matrix: {len(_OPERATIONS)} operations; probes: {probes}\n")
    assert len(_OPERATIONS) > 100


# --- Asking -------------------------------------------------------------------------------------------------


def asked(
    side: Side,
    operation: Operation,
    ids: dict[str, str],
    *,
    body: Any = None,
    key: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answered:
    path, content_type = path_with(operation, ids), "application/json"
    if operation.takes_file:
        body, content_type = a_form()
    elif body is None:
        body = body_for(operation, ids)
    return side.ask(operation.method, path, body, key=key, headers=headers, content_type=content_type)


@contextmanager
def undone() -> Iterator[None]:
    """Take everything back that is written meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _gives_away(desk: FullDesk, answer: Answered) -> list[str]:
    """What of A's is in an answer. Partners are known to everybody; ids that were sent may be told back."""
    marks = [
        "Debtor Ltd",
        "Acme",
        "A message of ours",
        "Nothing happens",
        desk.active.reference,
        desk.waiting.reference,
        desk.bidding.reference,
    ]
    if answer.status < 300:
        marks += [str(one.public_id) for one in (desk.payment, desk.document, desk.request, desk.quote)]
    return [mark for mark in marks if mark.encode() in answer.content]


# --- What there is ------------------------------------------------------------------------------------------

_Rows = dict[tuple[str, Any], dict[str, Any]]


def _snapshot() -> _Rows:
    """Every row of every table of ours, but for bookkeeping."""
    rows: _Rows = {}
    for model in itertools.chain(
        apps.get_app_config("desk").get_models(include_auto_created=True),
        apps.get_app_config("accounts").get_models(include_auto_created=True),
    ):
        if model.__name__ in _BOOKKEEPING:
            continue
        for row in model._default_manager.values():
            plain = {name: _plain(value) for name, value in row.items()}
            rows[model.__name__, row[_pk(model)]] = plain
    return rows


def _pk(model: type[models.Model]) -> str:
    assert model._meta.pk is not None
    return model._meta.pk.attname


def _plain(value: Any) -> Any:
    return hashlib.sha256(bytes(value)).hexdigest() if isinstance(value, bytes | memoryview) else value


def _changed(before: _Rows, after: _Rows, stranger: Side) -> list[tuple[str, Any]]:
    """The rows there were that are different or gone, but for the stranger's own."""
    own = {stranger.organisation.pk}
    return [
        key
        for key, row in before.items()
        if after.get(key) != row and not own & {row.get("creditor_id"), row.get("organisation_id")}
    ]


def _effect(before: _Rows, after: _Rows) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was written, without what is by chance."""
    new = [(key[0], row) for key, row in after.items() if before.get(key) != row]
    gone = [(f"no {key[0]}", row) for key, row in before.items() if key not in after]
    return sorted(
        (table, sorted((name, str(value)) for name, value in row.items() if not _is_chance(name, row)))
        for table, row in [*new, *gone]
    )


def _is_chance(name: str, row: dict[str, Any]) -> bool:
    """Also what names a new row by its number, which is never given twice."""
    return name in _BY_CHANCE or name in ("case_id", "request_id", "webhook_id", "quoterequest_id", "subject")


# --- Fields of models ---------------------------------------------------------------------------------------


def _model_fields(desk: FullDesk) -> Iterator[tuple[str, Any]]:
    """Every column's name, as Python and as the API spell names, with a value it could have."""
    for model in (*apps.get_app_config("desk").get_models(), *apps.get_app_config("accounts").get_models()):
        for column in model._meta.concrete_fields:
            for name in {column.name, column.attname}:
                value = _other_value(column, desk)
                yield name, value
                first, *rest = name.split("_")
                yield first + "".join(part.title() for part in rest), value


def _other_value(column: models.Field[Any, Any], desk: FullDesk) -> Any:
    if isinstance(column, models.ForeignKey):
        return desk.stranger.organisation.pk
    if isinstance(column, models.BooleanField):
        return True
    if isinstance(column, models.DecimalField | models.IntegerField):
        return 77
    if isinstance(column, models.DateTimeField | models.DateField):
        return "2020-01-01T00:00:00Z"
    if isinstance(column, models.UUIDField):
        return str(desk.stranger.organisation.public_id)
    choices = [choice for choice, _ in column.flatchoices]
    return choices[-1] if choices else "Active"


def _names(operation: Operation, body: Any) -> Iterator[str]:
    """The names the schema of the operation knows, at any depth."""
    whole = document(operation.api)
    waiting: list[Any] = [operation.body_schema]
    while waiting:
        schema = waiting.pop()
        if isinstance(schema, list):
            waiting += schema
        if not isinstance(schema, dict):
            continue
        if "$ref" in schema:
            waiting.append(whole["components"]["schemas"][schema["$ref"].split("/")[-1]])
        yield from schema.get("properties", {})
        waiting += [schema.get("properties", {}).get(name) for name in schema.get("properties", {})]
        waiting += [schema.get(part) for part in ("anyOf", "allOf", "items")]


def _spiked(body: Any, more: dict[str, Any]) -> Any:
    """The body with fields added wherever it has an object."""
    if isinstance(body, list):
        return [_spiked(part, more) for part in body]
    if isinstance(body, dict):
        return {**more, **{name: _spiked(value, more) for name, value in body.items()}}
    return body
