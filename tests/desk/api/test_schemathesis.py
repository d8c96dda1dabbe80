"""Requests made up from the APIs' own descriptions: no faults of ours, and answers as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pytest_django import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.desk.api.operations import ids_of, operations
from tests.desk.api.sides import FullDesk, a_full_desk
from tools.openapi_files import NAMES, generated

_CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
_EXAMPLES = 6


@pytest.fixture
def desk(db: None, settings: Settings) -> Iterator[FullDesk]:
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # what a test writes is not committed
    settings.ARREARS_API_PER_MINUTE = settings.ARREARS_API_PER_HOUR = settings.ARREARS_API_PER_DAY = 10**6
    yield a_full_desk()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("api", NAMES)
def test_made_up_requests_are_answered_as_described(api: str, desk: FullDesk) -> None:
    document = json.loads(generated(api))
    document["servers"] = [{"url": f"/api/{api}"}]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = WSGIHandler()
    known = {(one.method, one.path): one for one in operations() if one.api == api}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), "the description can be read"
        operation = result.ok()
        ids = ids_of(desk, known[operation.method.upper(), operation.path])
        _try(
            operation,
            {name: ids[name.replace("_", "").lower()] for name in _pieces(operation)},
            desk.sides[api].key,
        )


def _pieces(operation: Any) -> list[str]:
    return [one.name for one in operation.path_parameters]


def _try(operation: Any, pieces: dict[str, str], key: str) -> None:
    """Some examples, half of them with ids of what is there."""

    @seed(1)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def probe(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = dict(pieces)
        with transaction.atomic():
            case.call_and_validate(headers={"XApiKey": key}, checks=_CHECKS)
            transaction.set_rollback(True)

    probe()
