"""The commands in this process, over fake books and the real desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.models import Connection
from arrears.cli import arrears
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
    now = FakeAdapters.clock.now()
    organisation = Organisation.objects.create(name="Pennine", created_at=now)
    return Connection.objects.create(
        organisation=organisation,
        base_url="http://127.0.0.1:1/v2",
        username="books@pennine.example",
        account="account-1",
        company_name="Pennine Fasteners Ltd",
        home_currency="GBP",
        created_at=now,
    )


@pytest.fixture
def run() -> Run:
    def command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(arrears, arguments, input=typed, catch_exceptions=True)

    return command
