"""The examples of the APIs' pages work: each is sent to a running server and answered as the page says.

An example is a block marked `http`: a line with method and address, headers, an empty line, a body. After the
block the page says `Expect 200`. `{case}`, `{waiting}` and `{request}` stand for ids of what is there.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.desk.api.sides import FullDesk, a_full_desk
from tests.desk.api.world import Adapters, FakeSender
from tests.fakes import FakeClock

_PAGES = sorted((Path(__file__).parents[2] / "docs" / "api").glob("*.md"))
_EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\s+Expect (?P<status>\d{3})", re.DOTALL)
_LEAST_EXAMPLES = 2


@pytest.fixture
def desk(transactional_db: None, settings: Settings) -> FullDesk:
    Adapters.clock, Adapters.webhooks = FakeClock(), FakeSender()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    return a_full_desk()


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_are_answered_as_it_says(
    page: Path, desk: FullDesk, live_server: LiveServer
) -> None:
    text = page.read_text(encoding="utf-8")
    examples = list(_EXAMPLE.finditer(text))
    assert len(examples) == text.count("```http"), "every example says what to expect"
    assert len(examples) >= _LEAST_EXAMPLES
    for example in examples:
        status, answer = _sent(example["request"], desk, live_server)
        assert status == int(example["status"]), (example["request"], status, answer[:500])


def _sent(request: str, desk: FullDesk, server: LiveServer) -> tuple[int, bytes]:
    head, _, body = _filled(request, desk).partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    headers["XApiKey"] = desk.sides[path.split("/")[2]].key
    if body.strip():
        headers.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(server.thread.host, server.thread.port, timeout=30)
    connection.request(method, path, body.strip().encode(), headers)
    answer = connection.getresponse()
    told = answer.status, answer.read()
    connection.close()
    return told


def _filled(request: str, desk: FullDesk) -> str:
    for name, value in _names(desk):
        request = request.replace(f"{{{name}}}", value)
    return request


def _names(desk: FullDesk) -> Iterator[tuple[str, str]]:
    yield "case", str(desk.active.public_id)
    yield "waiting", str(desk.waiting.public_id)
    yield "request", str(desk.request.public_id)
