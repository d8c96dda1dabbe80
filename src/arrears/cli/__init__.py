"""The `arrears` command: it reads what was asked, calls a verb and prints.

Exit codes: 0 fine · 1 some of it could not be done · 2 wrong use · 3 something needs a person's attention ·
4 try again later · 70 a bug. Errors are one sentence on standard error.
"""

from __future__ import annotations

import sys

import click

from arrears import __version__
from arrears.accounts.root_keys import KeyProblem
from arrears.ports import NeedsAttention, Remedy

FINE, PARTLY, WRONG_USE, NEEDS_ATTENTION, TRY_LATER, BUG = 0, 1, 2, 3, 4, 70


class _Lazy(click.Group):
    """Loads a command's module only when the command is used, so that help is instant."""

    _HOMES = {
        "agreements": "agreements",
        "api-keys": "api_keys",
        "cases": "cases",
        "check": "checks",
        "collector": "collectors",
        "connect": "connections",
        "connections": "connections",
        "demo": "demo",
        "desk": "desk",
        "disconnect": "connections",
        "import": "imports",
        "invoices": "invoices",
        "keys": "keys",
        "runs": "imports",
        "sandbox": "sandboxes",
        "serve": "serving",
        "worker": "serving",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        import importlib

        home = self._HOMES.get(cmd_name)
        if home is None:
            return None
        module = importlib.import_module(f"arrears.cli.{home}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="arrears")
def arrears() -> None:
    """Turn overdue KashFlow invoices into debt-collection cases, and run the desk that works them."""


def main() -> None:
    """Run the command and leave with its exit code."""
    try:
        sys.exit(arrears(standalone_mode=False) or FINE)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        _say("Stopped.")
        sys.exit(PARTLY)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except NeedsAttention as error:
        _say(error.in_full)
        sys.exit(NEEDS_ATTENTION)
    except KeyProblem as error:
        _say(str(error))
        sys.exit(NEEDS_ATTENTION)
    except Remedy as error:
        _say(str(error))
        sys.exit(TRY_LATER)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person never sees a traceback
        _unexpected(error)


def _say(sentence: str) -> None:
    click.echo(f"arrears: {sentence}", err=True)


def _unexpected(error: Exception) -> None:
    """Database trouble is the operator's to fix; anything else is a bug, told without its inner values."""
    import os
    import traceback

    if os.environ.get("ARREARS_TRACEBACK"):
        traceback.print_exception(error)
    names = {cls.__name__ for cls in type(error).__mro__}
    if names & {"OperationalError", "InterfaceError"}:
        _say("The database does not answer. Check DATABASE_URL and that PostgreSQL is running.")
        sys.exit(TRY_LATER)
    if "BadDatabaseUrl" in names:
        _say(str(error))
        sys.exit(NEEDS_ATTENTION)
    _say(
        f"Something went wrong inside Arrears ({type(error).__name__}). Set ARREARS_TRACEBACK=1 and run the "
        "command again to see where."
    )
    sys.exit(BUG)
