"""A program that calls the API, and what was held against the published contract."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.desk.api import contract
from tests.desk.api.world import Adapters, FakeSender, Program, a_program, covering
from tests.fakes import FakeClock


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if contract.is_here():
        told = f"{contract.tally.checked} answers of {len(contract.tally.operations)} operations checked"
    else:
        told = "the published contract is not here, so answers were not held against it"
    terminalreporter.write_line(f"Customer API contract: {told}")


@pytest.fixture(autouse=True)
def outside(settings: Settings) -> type[Adapters]:
    """The clock and the receivers, as new for each test."""
    Adapters.clock, Adapters.webhooks = FakeClock(), FakeSender()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.ARREARS_URL = "https://desk.example"
    return Adapters


@pytest.fixture
def program(db: None) -> Program:
    """A creditor's program, at a desk with one partner in Britain."""
    covering("GB", name="Oriel Agency")
    return a_program()
