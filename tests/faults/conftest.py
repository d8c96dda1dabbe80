"""The world of the fault scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from arrears.bridge.adapters import adapters
from tests.faults.feed import PUBLIC_URL, Feed
from tests.faults.world import World, a_world


@pytest.fixture
def world(transactional_db: None, settings: Settings) -> Iterator[World]:
    settings.ARREARS_ADAPTERS = "tests.faults.world.FaultyAdapters"
    yield a_world()
    adapters.cache_clear()


@pytest.fixture
def feed(world: World, settings: Settings) -> Feed:
    settings.ARREARS_URL = PUBLIC_URL
    return Feed(world)
