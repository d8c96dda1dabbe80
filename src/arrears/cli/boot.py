"""Getting the application ready for a command: settings, database, tables, keys, organisation."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from arrears.desk.actors import Actor

#: What an organisation is called until its company is connected.
UNNAMED = "My organisation"


def boot(*, quiet: bool = True) -> None:
    """Start Django against an up-to-date database and prove that the key file belongs to it.

    Raises KeyProblem or a database error, which `main` turns into a sentence.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arrears.project.settings")
    from arrears.project import logs

    if quiet:
        os.environ.setdefault("ARREARS_LOG_LEVEL", "ERROR")
    import django

    logs.configure()
    django.setup()
    from django.conf import settings

    from arrears.accounts import vault
    from arrears.project.migrate import migrate
    from arrears.wiring import prepare_desk

    _say_who_acts()
    migrate()
    vault.check_key()
    prepare_desk()
    if settings.ARREARS_KEY_WAS_MADE:
        click.echo(
            f"A key was made to protect stored passwords: {settings.ARREARS_KEY_FILE}\n"
            "Back it up, apart from the database: without it the passwords have to be entered again.",
            err=True,
        )


def _say_who_acts() -> None:
    """Until the command ends, the audit trail names the login of whoever gave it."""
    from arrears.accounts.audit import Who, acting_as

    command = click.get_current_context(silent=True)
    if command is not None:
        command.with_resource(acting_as(Who(f"{_login()} on the command line")))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account that has no name, as in some containers
        return "Somebody"


def organisation(named: str | None, *, create: bool = False) -> int:
    """The creditor a command works for: the named one, or the only one there is.

    With `create` a first organisation is made when there is none. Raises click.UsageError.
    """
    from arrears.accounts.models import Organisation, OrganisationKind
    from arrears.clock import SystemClock

    rows = list(Organisation.objects.filter(kind=OrganisationKind.CREDITOR).order_by("pk"))
    if named:
        rows = [row for row in rows if named in (str(row.pk), row.name)]
        if not rows:
            raise click.UsageError(f"There is no organisation called {named}.")
    if not rows and create:
        return Organisation.objects.create(name=UNNAMED, created_at=SystemClock().now()).pk
    if not rows:
        raise click.UsageError("Nothing is connected yet. Start with: arrears connect kashflow")
    if len(rows) > 1:
        names = ", ".join(row.name for row in rows)
        raise click.UsageError(f"There are several organisations ({names}). Choose one with --organisation.")
    return rows[0].pk


def operator() -> Actor:
    """Whoever may use this installation's command line may do what an operator may."""
    from arrears.core.case import Party
    from arrears.desk.actors import Actor

    return Actor(Party.OPERATOR, "Command line")


organisation_option = click.option(
    "--organisation",
    envvar="ARREARS_ORGANISATION",
    metavar="NAME",
    help="Which organisation, when there are several.",
)
