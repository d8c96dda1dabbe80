"""A desk with its demo network, and creditors of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from arrears.accounts.models import Organisation
from arrears.desk.collector import DeskCollector
from arrears.desk.seed_network import seed_network
from tests.fakes import FakeClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk_for(db: None) -> Callable[[str], DeskCollector]:
    """Make the desk as a new creditor sees it, by the creditor's name."""
    seed_network()

    def desk(name: str) -> DeskCollector:
        creditor = Organisation.objects.create(name=name, created_at=NOON)
        return DeskCollector(creditor.pk, FakeClock())

    return desk


@pytest.fixture
def desk(desk_for: Callable[[str], DeskCollector]) -> DeskCollector:
    return desk_for("Acme Suppliers")
