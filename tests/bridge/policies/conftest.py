"""The world of the stories about policies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from arrears.bridge.adapters import adapters
from arrears.desk.partners.seed_network import seed_network
from tests.bridge.conftest import World
from tests.builders import TODAY
from tests.connections import a_connection
from tests.fakes import FakeAdapters


@pytest.fixture
def world(db: None, settings: Settings) -> Iterator[World]:
    """As in other stories, but within one transaction: only the one about dying needs what is committed."""
    yield from _a_world(settings)


@pytest.fixture
def committed_world(transactional_db: None, settings: Settings) -> Iterator[World]:
    yield from _a_world(settings)


def _a_world(settings: Settings) -> Iterator[World]:
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    seed_network(TODAY)
    yield World(a_connection(fakes.clock.now()), fakes.fake_books, fakes.clock, fakes.far_end)
    adapters.cache_clear()
