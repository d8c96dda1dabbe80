"""What a connection was entrusted with is where it must be, is nowhere else, and goes when it is told to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.bridge.disconnect import disconnect
from arrears.bridge.models import Connection, ImportRun, LoginAttempt
from arrears.bridge.try_again import try_again
from arrears.ports import NeedsAttention, Remedy
from tests.bridge.account import Account, restart


def everything_in_the_database() -> str:
    """All rows of all tables as text."""
    with database.cursor() as cursor:
        cursor.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables "
            "where schemaname not in ('pg_catalog', 'information_schema')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"select row_to_json(entry)::text from {table} entry")  # noqa: S608 - own names
            rows += [row for (row,) in cursor.fetchall()]
    assert len(tables) > 20
    return "\n".join(rows)


# --- Disconnecting -----------------------------------------------------------------------------------------


def test_disconnecting_logs_out_and_destroys_the_secrets(account: Account) -> None:
    connected = account.connect()

    disconnect(connected)

    last = account.sandbox.requests()[-1]
    assert (last["method"], last["path"], last["status"]) == ("DELETE", "/v2/sessiontoken/...", 200)
    assert account.secrets() == set()
    assert not Connection.objects.exists()
    assert not LoginAttempt.objects.exists()


def test_disconnecting_one_leaves_the_secrets_of_another(account: Account) -> None:
    first = account.connect()
    account.sandbox.set_company(60_001, "Another Company Ltd")
    account.sandbox.set_credentials(username="books@another.example")
    second = account.connect(username="books@another.example")

    disconnect(first)

    assert vault.read(account.organisation, second.record, "password") is not None
    assert account.preview(second)


def test_disconnecting_does_not_depend_on_kashflow(account: Account) -> None:
    connected = account.connect()
    account.sandbox.fault("http-500", times=None)

    disconnect(connected)

    assert account.secrets() == set()
    assert not Connection.objects.exists()


def test_a_rejected_login_can_be_disconnected_without_sending_anything(account: Account) -> None:
    account.refused(password="wrong")
    restart()
    asked = account.asked()

    disconnect(account.only())

    assert account.asked() == asked
    assert account.secrets() == set()


def test_nothing_uses_a_connection_that_was_removed(account: Account) -> None:
    connected = account.connect()
    disconnect(Connection.objects.get(pk=connected.pk))
    asked = account.asked()

    with pytest.raises(Remedy):
        account.preview(connected)
    assert account.asked() == asked


def test_disconnecting_stops_what_is_being_imported_and_says_why(account: Account) -> None:
    connected = account.connect()
    run = ImportRun.objects.create(
        organisation_id=account.organisation,
        connection=connected,
        company_name=connected.company_name,
        form_id="6f1c6c52-2a55-4b7a-9a7e-7f6f43bb6b3c",
        started_at=connected.created_at,
    )

    disconnect(connected)

    run.refresh_from_db()
    assert (run.stage, run.problem) == (ImportRun.Stage.FAILED, "The connection was removed.")
    assert run.finished_at is not None
    assert run.company_name == "Pennine Fasteners Ltd"


# --- Nowhere else ------------------------------------------------------------------------------------------


def test_a_word_that_is_asked_for_each_time_is_in_no_table(account: Account) -> None:
    word = account.sandbox.credentials["memorable_word"]
    connected = account.connect(keep_word=False)
    account.preview()
    restart()
    account.preview(word=word)
    try_again(connected, SecretStr(word))

    rows = everything_in_the_database().lower()
    assert word.lower() not in rows
    assert "pennine fasteners" in rows
    assert vault.read(account.organisation, connected.record, "memorable_word") is None


def test_neither_secrets_nor_tokens_are_in_any_table(account: Account) -> None:
    account.connect()
    account.preview()
    account.refused(password="a wrong password")

    rows = everything_in_the_database().lower()
    typed = [account.sandbox.credentials[name] for name in ("password", "memorable_word")]
    for secret in [*typed, "a wrong password", *account.sandbox.issued_tokens()]:
        assert secret.lower() not in rows
        assert secret.lower().replace("-", "") not in rows


def test_errors_and_what_is_shown_of_a_login_hold_no_part_of_it(account: Account) -> None:
    typed: dict[str, Any] = {"password": "needle-one", "memorable_word": "needletwo"}
    reason = account.refused(**typed)
    connected = account.only()

    shown = [repr(account.login(**typed)), str(reason), repr(reason), reason.action, repr(connected)]
    shown += [repr(vars(connected)), repr(list(LoginAttempt.objects.values()))]
    assert "needle" not in "".join(shown)


def test_a_session_lives_in_memory_alone(account: Account) -> None:
    """A restarted process has to log in again: no token was kept."""
    account.connect()
    account.preview()
    restart()
    account.sandbox.clear_requests()

    account.preview()

    assert account.steps() == ["password", "memorable word"]


def test_an_edited_login_is_not_reached_through_the_old_session(account: Account) -> None:
    first = account.connect()
    account.sandbox.set_credentials(password="Newer-1")

    with pytest.raises(NeedsAttention):
        account.connect(first, password="mistyped")
    asked = account.asked()
    with pytest.raises(NeedsAttention):
        account.preview()

    assert account.asked() == asked
