"""The session's database: the PostgreSQL named by DATABASE_URL, else one embedded server for all tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest


def _home() -> Path:
    """One data folder for all parallel test processes, made by the first of them."""
    named = os.environ.get("ARREARS_TEST_HOME")
    if named is None:
        named = tempfile.mkdtemp(prefix="arrears-tests-")
        os.environ["ARREARS_TEST_HOME"] = named
    return Path(named)


HOME = _home()
os.environ["ARREARS_HOME"] = str(HOME)
os.environ["ARREARS_LOG_LEVEL"] = "ERROR"
for name in ("ARREARS_KEY_FILE", "ARREARS_DEMO", "ARREARS_KASHFLOW_URL", "ARREARS_ORGANISATION"):
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def home() -> Path:
    return HOME
