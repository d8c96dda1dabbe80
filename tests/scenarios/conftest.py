"""One stand-in and one data folder for each story."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from arrears.sandbox.client import Sandbox, start_sandbox
from tests.scenarios.terminal import Terminal


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(invoices=200, seed=7, latency_ms=5) as running:
        yield running


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    # Not pytest's own folder: the embedded database runs as another user when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="arrears-story-") as folder:
        yield Terminal(Path(folder))
