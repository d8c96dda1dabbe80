"""The `arrears` command in a process of its own, on the database and key file of the running test."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    used = connection.settings_dict
    address = f"postgresql://{used['USER']}@/{used['NAME']}?host={used['HOST']}&port={used['PORT']}"
    if not str(used["HOST"]).startswith("/"):
        address = (
            f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
        )
    return os.environ | {"DATABASE_URL": address, "ARREARS_KEY_FILE": settings.ARREARS_KEY_FILE}


def arrears(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return _run(["-m", "arrears", *arguments], typed)


def python(script: str) -> subprocess.CompletedProcess[str]:
    """A script that starts with Django set up."""
    start = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'arrears.project.settings'; django.setup()"
    )
    return _run(["-c", f"{start}\n{script}"], "")


def _run(arguments: list[str], typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(),
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
