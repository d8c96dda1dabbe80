"""One stand-in and one data folder for each story."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from arrears.sandbox.client import Sandbox, start_sandbox
from tests.browser.conftest import browser as browser
from tests.scenarios.people import Person, somebody
from tests.scenarios.real_stack import Stack, running
from tests.scenarios.terminal import Terminal

FIRST_COMPANY = "Pennine Fasteners Ltd"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(invoices=200, seed=7, latency_ms=5) as running:
        yield running


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    # Not pytest's own folder: the embedded database runs as another user when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="arrears-story-") as folder:
        yield Terminal(Path(folder))


@pytest.fixture(scope="module")
def books() -> Iterator[Sandbox]:
    """One company's books for all the stories of a module."""
    with start_sandbox(invoices=90, seed=7) as running:
        yield running


@pytest.fixture(scope="module")
def stack(browser: Browser, books: Sandbox) -> Iterator[Stack]:
    """One installation for all the stories of a module, which need the browser too."""
    with tempfile.TemporaryDirectory(prefix="arrears-stack-") as folder, running(Path(folder), books) as up:
        yield up


@pytest.fixture(scope="module")
def first_owner(browser: Browser, stack: Stack) -> Iterator[Person]:
    """Whoever set the installation up, on the first page after it."""
    with somebody(browser, stack) as owner:
        owner.sign_up(FIRST_COMPANY)
        yield owner
