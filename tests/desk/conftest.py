"""A desk with its demo network, and creditors of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arrears.accounts.models import Organisation
from arrears.desk.collector import DeskCollector
from arrears.desk.partners.seed_network import seed_network
from tests.builders import TODAY
from tests.desk.builders import NOON, sign_everything
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The time at the desk."""
    return FakeClock()


@pytest.fixture
def desk_for(db: None, clock: FakeClock) -> Callable[[str], DeskCollector]:
    """Make the desk as a new creditor sees it that has signed everything, by the creditor's name."""
    seed_network(TODAY)

    def desk(name: str) -> DeskCollector:
        creditor = Organisation.objects.create(name=name, created_at=NOON)
        sign_everything(creditor)
        return DeskCollector(creditor.pk, clock)

    return desk


@pytest.fixture
def desk(desk_for: Callable[[str], DeskCollector]) -> DeskCollector:
    return desk_for("Acme Suppliers")
