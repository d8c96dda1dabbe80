"""Which database is used, and that its tables are made once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection
from django.test import Client
from psycopg import sql

from arrears.project.database import BadDatabaseUrl, settings_from_url
from tests.other_process import environment


def test_an_address_is_read_in_all_its_parts() -> None:
    settings = settings_from_url("postgresql://jo%40firm:p%2Fw@db.example:6432/arrears?sslmode=require")

    assert settings["USER"] == "jo@firm"
    assert settings["PASSWORD"] == "p/w"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "arrears")
    assert settings["OPTIONS"] == {"connect_timeout": "10", "sslmode": "require"}


def test_how_long_a_silent_server_is_waited_for_can_be_said() -> None:
    options = settings_from_url("postgresql://jo@db.example/arrears?connect_timeout=3")["OPTIONS"]

    assert options == {"connect_timeout": "3"}


def test_a_socket_folder_may_be_the_host() -> None:
    assert settings_from_url("postgresql://postgres:@/arrears?host=/run/pg")["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://u:hunter2@h/x", "postgresql://u:hunter2@h", "nonsense hunter2"])
def test_an_unusable_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        settings_from_url(url)

    assert "hunter2" not in str(refused.value)


@pytest.mark.django_db
def test_ready_means_the_database_answers_and_its_tables_are_up_to_date() -> None:
    client = Client()
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'bridge'")
    late = client.get("/readyz")

    assert late.status_code == 503
    assert "not up to date" in late.json()["reason"]


@pytest.mark.processes
def test_processes_that_start_together_make_the_tables_once(transactional_db: None) -> None:
    script = "from arrears.cli.boot import boot\nboot()\nprint('ready')"
    settings = connection.settings_dict
    name = f"{settings['NAME']}_empty"
    server = {"host": settings["HOST"], "port": settings["PORT"] or None, "user": settings["USER"]}
    with psycopg.connect(
        dbname="postgres", password=settings["PASSWORD"], autocommit=True, **server
    ) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            variables = environment()
            variables["DATABASE_URL"] = variables["DATABASE_URL"].replace(str(settings["NAME"]), name)

            def start(_: int) -> subprocess.CompletedProcess[str]:
                return subprocess.run(
                    [sys.executable, "-c", script],
                    env=variables,
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                )

            with ThreadPoolExecutor(3) as pool:
                ended = list(pool.map(start, range(3)))
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    assert [one.stdout.strip() for one in ended] == ["ready"] * 3, [one.stderr for one in ended]
