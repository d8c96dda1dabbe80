"""`arrears collector`: who the cases go to, our own desk or somebody at the other end of a network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from pydantic import SecretStr

from arrears.cli.boot import boot, organisation, organisation_option
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.bridge.models import CollectorAccount
    from arrears.ports import Standing

_SEE = "See: arrears collector list"


@click.group("collector")
def collector_command() -> None:
    """Who works the cases: our own desk, or Debitura."""


@collector_command.command("connect")
@click.option("--test", is_flag=True, help="Open cases for testing only, which nobody works.")
@click.option("--url", metavar="URL", help="Another address of Debitura's API than its own.")
@click.option("--no-waiting", is_flag=True, help="Open no case before everything is signed.")
@click.option("--key-stdin", is_flag=True, help="Read the API key from standard input.")
@click.option("--key-fd", type=int, metavar="N", help="Read the API key from this open file descriptor.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def connect_(
    test: bool,
    url: str | None,
    no_waiting: bool,
    key_stdin: bool,
    key_fd: int | None,
    as_json: bool,
    organisation: str | None,
) -> None:
    """Connect Debitura by its API key, or change the key of an account that is connected."""
    if key_stdin and key_fd is not None:
        raise click.UsageError("Choose --key-stdin or --key-fd, not both.")
    address = _address(url)
    boot()
    organisation_id = _organisation(organisation, create=True)
    from arrears.bridge.connect_collector import KeyForm, connect_collector

    form = KeyForm(_key(key_stdin, key_fd), address, test=test, waits_for_signature=not no_waiting)
    account = connect_collector(organisation_id, form)
    if as_json:
        print_json(shown(account))
        return
    click.echo(f"Connected to {name_of(account)} for {account.company_name} (collector {account.pk}).")
    if not account.is_default:
        click.echo(f"To send new cases there: arrears collector use {account.pk}")


def _address(url: str | None) -> str:
    from arrears.connectors.debitura import BASE_URL
    from arrears.connectors.transport import checked_base_url

    try:
        return checked_base_url(url or BASE_URL, BASE_URL)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _key(from_stdin: bool, descriptor: int | None) -> SecretStr:
    from arrears.connectors.debitura import LONGEST_KEY

    if from_stdin:
        text = sys.stdin.read()
    elif descriptor is not None:
        text = _read(descriptor)
    else:
        text = click.prompt("API key", hide_input=True, err=True)
    text = text.strip()
    if not text or len(text) > LONGEST_KEY or not text.isascii() or not text.isprintable() or " " in text:
        raise click.UsageError("That is no API key. Copy it from Debitura whole, without spaces.")
    return SecretStr(text)


def _read(descriptor: int) -> str:
    try:
        with open(descriptor, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        raise click.UsageError(f"File descriptor {descriptor} is not open for reading.") from None


@collector_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def list_(as_json: bool, organisation: str | None) -> None:
    """List the collectors and say which one new cases go to."""
    boot()
    from arrears.bridge.collectors import accounts_of, default_account

    organisation_id = _organisation(organisation)
    accounts = list(accounts_of(organisation_id))
    desk = _desk(organisation_id, preferred=default_account(organisation_id) is None)
    if as_json:
        print_json([desk, *(shown(account) for account in accounts)])
        return
    print_table(
        ["ID", "Collector", "Company", "New cases", "State", "What to do"],
        [
            ["desk", str(desk["name"]), "", "yes" if desk["default"] else "", "Ready", ""],
            *(_line(account) for account in accounts),
        ],
    )


def _line(account: CollectorAccount) -> list[str]:
    default = "yes" if account.is_default else ""
    state = str(account.get_state_display())
    return [
        str(account.pk), name_of(account), account.company_name, default, state, account.attention_action
    ]  # fmt: skip


@collector_command.command("use")
@click.argument("name")
@organisation_option
def use(name: str, organisation: str | None) -> None:
    """Send new cases to the collector called NAME: an ID, a company, debitura or desk."""
    boot()
    from arrears.bridge.choose_collector import choose_collector

    organisation_id = _organisation(organisation)
    account = pick_collector(organisation_id, name)
    choose_collector(organisation_id, account)
    click.echo(f"New cases go to {described(organisation_id, account)}.")


@collector_command.command("check")
@click.argument("collector_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def check(collector_id: int, as_json: bool, organisation: str | None) -> None:
    """Ask a collector how we stand with it: who we are, and what there is to sign or to do."""
    boot()
    from arrears.bridge.check_collector import check_collector

    account = _account(_organisation(organisation), collector_id)
    standing = check_collector(account)
    if as_json:
        print_json(shown(account) | _standing(standing))
        return
    click.echo(f"{name_of(account)} lets us in as {standing.company_name}.")
    waiting = [(one.text, one.url) for one in standing.agreements]
    waiting += [(one.title or one.text, one.url) for one in standing.tasks]
    click.echo("What waits for you there:" if waiting else "Nothing waits for you there.")
    for text, url in waiting:  # an address is on a line of its own, unfolded: it has to be copied
        click.echo(f"- {text}\n  {url}" if url else f"- {text}")


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "agreements": [
            {"kind": one.kind, "text": one.text, "url": one.url, "blocking": one.blocking}
            for one in standing.agreements
        ],
        "tasks": [
            {
                "kind": one.kind,
                "title": one.title,
                "text": one.text,
                "case": one.case_reference or None,
                "deadline": one.deadline.isoformat() if one.deadline else None,
                "url": one.url,
            }
            for one in standing.tasks
        ],
    }


@collector_command.command("remove")
@click.argument("collector_id", metavar="ID", type=int)
@organisation_option
def remove(collector_id: int, organisation: str | None) -> None:
    """Remove a collector and destroy its API key. Its cases stay."""
    boot()
    from arrears.bridge.remove_collector import remove_collector

    account = _account(_organisation(organisation), collector_id)
    name = name_of(account)
    remove_collector(account)
    click.echo(f"{name} is removed, and its API key was destroyed.")


@collector_command.command("clean-up")
@click.argument("collector_id", metavar="ID", type=int)
@click.option("--yes", is_flag=True, help="Do not ask before removing.")
@organisation_option
def clean_up(collector_id: int, yes: bool, organisation: str | None) -> None:
    """Have a collector remove every case that was opened there for testing."""
    boot()
    from arrears.bridge.remove_test_cases import remove_test_cases

    account = _account(_organisation(organisation), collector_id)
    if account.test and not yes:
        click.confirm(f"Remove all cases for testing at {name_of(account)}?", abort=True, err=True)
    remove_test_cases(account)
    click.echo("The cases for testing are removed. Their invoices can be tried again.")


def _organisation(named: str | None, *, create: bool = False) -> int:
    return organisation(named, create=create)


def _account(organisation_id: int, collector_id: int) -> CollectorAccount:
    from arrears.bridge.collectors import accounts_of

    account = accounts_of(organisation_id).filter(pk=collector_id).first()
    if account is None:
        raise click.UsageError(f"There is no collector {collector_id}. {_SEE}")
    return account


def chosen_collector(organisation_id: int, named: str | None) -> CollectorAccount | None:
    """The collector that an option names, else the one that is preferred. Raises click.UsageError."""
    from arrears.bridge.collectors import default_account

    return pick_collector(organisation_id, named) if named else default_account(organisation_id)


def pick_collector(organisation_id: int, named: str) -> CollectorAccount | None:
    """The account with this ID or company, the only one for `debitura`, None for `desk`.

    Raises click.UsageError.
    """
    from arrears.bridge.collectors import accounts_of

    word, accounts = named.strip().casefold(), list(accounts_of(organisation_id))
    if word == "desk":
        return None
    found = [one for one in accounts if word in (str(one.pk), one.company_name.casefold(), "debitura")]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"{one.pk} ({name_of(one)}, {one.company_name})" for one in found)
        raise click.UsageError(f"Several collectors are meant by {named}: {ids}. Choose one by its ID.")
    if word == "debitura":
        raise click.UsageError("Debitura is not connected yet. Start with: arrears collector connect")
    raise click.UsageError(f"There is no collector {named}. {_SEE}")


def name_of(account: CollectorAccount | None, organisation_id: int = 0) -> str:
    """How people know a collector; our own desk for None."""
    from arrears.bridge.adapters import adapters

    mine = account.organisation_id if account is not None else organisation_id
    return adapters().collector(mine, account).name


def described(organisation_id: int, account: CollectorAccount | None) -> str:
    """A collector with the company that it knows us as."""
    name = name_of(account, organisation_id)
    return f"{name} for {account.company_name}" if account is not None else name


def _desk(organisation_id: int, *, preferred: bool) -> dict[str, object]:
    return {
        "id": "desk",
        "name": name_of(None, organisation_id),
        "company": "",
        "base_url": "",
        "test": False,
        "waits_for_signature": True,
        "default": preferred,
        "state": "ok",
        "attention": "",
        "action": "",
        "last_used_at": None,
    }


def shown(account: CollectorAccount) -> dict[str, object]:
    """A collector account as the JSON document gives it."""
    return {
        "id": account.pk,
        "name": name_of(account),
        "company": account.company_name,
        "base_url": account.base_url,
        "test": account.test,
        "waits_for_signature": account.waits_for_signature,
        "default": account.is_default,
        "state": account.state,
        "attention": account.attention_text,
        "action": account.attention_action,
        "last_used_at": account.last_used_at.isoformat() if account.last_used_at else None,
    }
