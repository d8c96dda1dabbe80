"""The commands in this process, over fake books and the real desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from arrears.bridge.adapters import adapters
from arrears.bridge.models import Connection
from arrears.cli import arrears
from tests.connections import a_connection
from tests.fakes import FakeAdapters, FakeBooks

Run = Callable[..., Result]


@pytest.fixture
def books(transactional_db: None, settings: Settings) -> Iterator[FakeBooks]:
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    yield fakes.fake_books
    adapters.cache_clear()


@pytest.fixture
def connection(books: FakeBooks) -> Connection:
    return a_connection(FakeAdapters.clock.now())


@pytest.fixture
def run() -> Run:
    def command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(arrears, arguments, input=typed, catch_exceptions=True)

    return command
