"""A data folder, key and database for the tests alone.

The database is a server of the PostgreSQL named by DATABASE_URL, else one embedded server for all parallel
test processes. All of it must be settled before Django reads its settings, which is why it happens here as
this file is imported, and not in a fixture or in pyproject.toml.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from arrears.accounts import root_keys


def _home() -> Path:
    """One data folder for all parallel test processes, made and removed by the first of them."""
    named = os.environ.get("ARREARS_TEST_HOME")
    if named is None:
        named = tempfile.mkdtemp(prefix="arrears-tests-")
        os.environ["ARREARS_TEST_HOME"] = named
        # Registered before the server starts, so that it runs after the server was stopped.
        atexit.register(shutil.rmtree, named, ignore_errors=True)
    return Path(named)


for name in [name for name in os.environ if name.startswith("ARREARS_") and name != "ARREARS_TEST_HOME"]:
    del os.environ[name]
HOME = _home()
os.environ["ARREARS_HOME"] = str(HOME)
os.environ["ARREARS_KEY_FILE"] = str(HOME / "keys" / "root.key")
os.environ["ARREARS_LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "arrears.project.settings"
root_keys.load(HOME / "keys" / "root.key", may_create=True)
django.setup()


@pytest.fixture(autouse=True)
def nobody_inherits_jobs(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A test that commits leaves its jobs behind: only the tables of our own models are emptied after it."""
    yield
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (mark and mark.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs cascade")
