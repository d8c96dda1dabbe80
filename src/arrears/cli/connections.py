"""`arrears connect`, `connections`, `disconnect`."""

from __future__ import annotations

import json
import sys
from typing import Any, TypeGuard

import click
from pydantic import SecretStr

from arrears.cli.boot import UNNAMED, boot, organisation, organisation_option
from arrears.cli.output import print_json, print_table


@click.group("connect")
def connect_command() -> None:
    """Connect a company's books."""


@connect_command.command("kashflow")
@click.option(
    "--base-url", metavar="URL", help="Where KashFlow's API is; the stand-in's address for a trial."
)
@click.option("--username", metavar="E-MAIL", help="The KashFlow login e-mail.")
@click.option(
    "--secrets-stdin",
    is_flag=True,
    help='Read {"password": …, "memorable_word": …} as JSON from standard input.',
)
@click.option("--ask-each-time", is_flag=True, help="Do not store the memorable word; ask for it each time.")
@click.option(
    "--try-again", is_flag=True, help="Try the stored login once more, after unlocking it in KashFlow."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def connect_kashflow(
    base_url: str | None,
    username: str | None,
    secrets_stdin: bool,
    ask_each_time: bool,
    try_again: bool,
    as_json: bool,
    organisation: str | None,
) -> None:
    """Connect a KashFlow account, or change the login of one that is connected."""
    boot()
    organisation_id = _organisation(organisation)
    if try_again:
        connection = _try_again(organisation_id, username)
    else:
        connection = _connect(organisation_id, base_url, username, secrets_stdin, ask_each_time)
        _name_after(connection)
    if as_json:
        print_json(_shown(connection))
    else:
        click.echo(f"Connected to {connection.company_name} (connection {connection.pk}).")


def _organisation(named: str | None) -> int:
    return organisation(named, create=True)


def _connect(
    organisation_id: int, base_url: str | None, username: str | None, secrets_stdin: bool, ask_each_time: bool
) -> Any:
    from django.conf import settings

    from arrears.bridge.connect import Login, connect

    username = username or (None if secrets_stdin else click.prompt("KashFlow e-mail", err=True))
    if not username:
        raise click.UsageError("Say whose login it is with --username.")
    password, word = _secrets_from_stdin() if secrets_stdin else _secrets_by_prompt()
    login = Login(
        username=username,
        password=password,
        memorable_word=word,
        base_url=base_url or settings.ARREARS_KASHFLOW_URL,
        keep_word=not ask_each_time,
    )
    return connect(organisation_id, login)


def _name_after(connection: Any) -> None:
    """Give an organisation that was made by connecting its company's name: agreements are made out to it."""
    from arrears.accounts.models import Organisation

    unnamed = Organisation.objects.filter(pk=connection.organisation_id, name=UNNAMED)
    unnamed.update(name=connection.company_name or UNNAMED)


def _try_again(organisation_id: int, username: str | None) -> Any:
    from arrears.bridge.models import Connection
    from arrears.bridge.try_again import try_again

    rows = Connection.objects.filter(organisation_id=organisation_id)
    if username:
        rows = rows.filter(username=username)
    connection = rows.first()
    if connection is None:
        raise click.UsageError("There is no such connection to try again.")
    return try_again(connection, ask_for_word() if connection.asks_for_word else None)


def _secrets_from_stdin() -> tuple[SecretStr, SecretStr]:
    wrong = 'Standard input must hold {"password": "…", "memorable_word": "…"} as JSON.'
    try:
        document = json.loads(sys.stdin.read())
    except ValueError:
        raise click.UsageError(wrong) from None
    password, word = (
        (document.get("password"), document.get("memorable_word"))
        if isinstance(document, dict)
        else (None, None)
    )
    if not (_is_text(password) and _is_text(word)):
        raise click.UsageError(wrong)
    return SecretStr(password), SecretStr(word)


def _is_text(value: object) -> TypeGuard[str]:
    """Whether it is a text that can be sent: not empty, and no half of a character."""
    if not isinstance(value, str) or not value:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _secrets_by_prompt() -> tuple[SecretStr, SecretStr]:
    password = click.prompt("KashFlow password", hide_input=True, err=True)
    return SecretStr(password), ask_for_word()


def ask_for_word() -> SecretStr:
    """Ask at the terminal for the memorable word."""
    return SecretStr(click.prompt("Memorable word", hide_input=True, err=True))


def _shown(connection: Any) -> dict[str, object]:
    return {
        "id": connection.pk,
        "company": connection.company_name,
        "username": connection.username,
        "base_url": connection.base_url,
        "state": connection.state,
        "attention": connection.attention_text,
        "action": connection.attention_action,
        "asks_for_memorable_word": connection.asks_for_word,
        "last_used_at": connection.last_used_at.isoformat() if connection.last_used_at else None,
    }


@click.command("connections")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def connections_command(as_json: bool, organisation: str | None) -> None:
    """List the connected companies."""
    boot()
    from arrears.bridge.models import Connection

    rows = Connection.objects.filter(organisation_id=_organisation(organisation))
    if as_json:
        print_json([_shown(row) for row in rows])
    elif not rows:
        click.echo("Nothing is connected yet. Start with: arrears connect kashflow")
    else:
        print_table(
            ["ID", "Company", "Login", "State", "What to do"],
            [
                [str(row.pk), row.company_name, row.username, row.get_state_display(), row.attention_action]
                for row in rows
            ],
        )


@click.command("disconnect")
@click.argument("connection_id", metavar="ID", type=int)
@organisation_option
def disconnect_command(connection_id: int, organisation: str | None) -> None:
    """Remove a connection and destroy its stored password and memorable word."""
    boot()
    from arrears.bridge.disconnect import disconnect

    connection = pick_connection(_organisation(organisation), connection_id)
    company = connection.company_name or connection.username
    disconnect(connection)
    click.echo(f"{company} is disconnected. Its password and memorable word were destroyed.")


def pick_connection(organisation_id: int, connection_id: int | None) -> Any:
    """The connection with this id, or the only one there is. Raises click.UsageError."""
    from arrears.bridge.models import Connection

    rows = Connection.objects.filter(organisation_id=organisation_id)
    if connection_id is not None:
        rows = rows.filter(pk=connection_id)
    found = list(rows[:2])
    if not found and connection_id is not None:
        raise click.UsageError(f"There is no connection {connection_id}. See: arrears connections")
    if not found:
        raise click.UsageError("Nothing is connected yet. Start with: arrears connect kashflow")
    if len(found) > 1:
        raise click.UsageError("Several companies are connected. Choose one with --connection ID.")
    return found[0]
