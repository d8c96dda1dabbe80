"""Bring the tables up to date, once, however many processes start at the same moment."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

#: Any number will do, as long as every process uses the same one.
_LOCK = 4_172_033


def migrate() -> None:
    """Apply what is missing. Others wait for the lock, then find nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
