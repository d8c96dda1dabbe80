"""`arrears api-keys`: with which programs act for a creditor or a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arrears.cli.boot import boot, operator, organisation, organisation_option
from arrears.cli.desk import partner_called
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.accounts.models import ApiKey, Organisation

partner_option = click.option(
    "--partner", metavar="NAME", help="For this partner, in place of a creditor's organisation."
)


@click.group("api-keys")
def api_keys_command() -> None:
    """Keys with which programs act for a creditor or a partner."""


@api_keys_command.command("new")
@click.argument("name")
@organisation_option
@partner_option
def new(name: str, organisation: str | None, partner: str | None) -> None:
    """Make a key. NAME says what it is for. The key is printed this once."""
    boot()
    from arrears.clock import SystemClock
    from arrears.desk.office.make_api_key import make_api_key

    holder = _holder(organisation, partner)
    key, text = make_api_key(operator(), holder.public_id, name, now=SystemClock().now())
    click.echo(f"Key {key.pk} of {holder.name}. Keep it now: it is shown this once.", err=True)
    click.echo(text.get_secret_value())


@api_keys_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
@partner_option
def list_(as_json: bool, organisation: str | None, partner: str | None) -> None:
    """List the keys, without what is secret about them."""
    boot()
    keys = [_shown(key) for key in _holder(organisation, partner).api_keys.order_by("pk")]
    if as_json:
        print_json(keys)
    elif not keys:
        click.echo("No keys yet. Make one with: arrears api-keys new NAME")
    else:
        print_table(
            ["Number", "Name", "Begins with", "Made", "Last used", "State"],
            [
                [
                    str(key["id"]),
                    key["name"],
                    key["start"],
                    _minute(key["created_at"]),
                    _minute(key["last_used_at"]) or "never",
                    f"revoked {_minute(key['revoked_at'])}" if key["revoked_at"] else "works",
                ]
                for key in keys
            ],
        )


@api_keys_command.command("revoke")
@click.argument("key_id", metavar="NUMBER", type=int)
@organisation_option
@partner_option
def revoke(key_id: int, organisation: str | None, partner: str | None) -> None:
    """Let nobody in with key NUMBER any more."""
    boot()
    from arrears.clock import SystemClock
    from arrears.desk.office.revoke_api_key import revoke_api_key

    holder = _holder(organisation, partner)
    if not holder.api_keys.filter(pk=key_id, revoked_at=None).exists():
        raise click.UsageError(f"{holder.name} has no working key {key_id}. See: arrears api-keys list")
    revoke_api_key(operator(), key_id, now=SystemClock().now())
    click.echo(f"Key {key_id} of {holder.name} works no more.")


def _holder(named: str | None, partner: str | None) -> Organisation:
    """Whose keys: a partner's, else a creditor's. Raises click.UsageError."""
    from arrears.accounts.models import Organisation

    if partner is None:
        return Organisation.objects.get(pk=organisation(named))
    found = partner_called(partner)
    if found.organisation is None:
        raise click.UsageError(
            f"Nobody acts for {found.name} here yet. Start with: arrears desk partners access"
        )
    return found.organisation


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "start": key.start,
        "created_by": key.created_by,
        "created_at": key.created_at.isoformat(),
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }


def _minute(moment: str | None) -> str:
    """`2026-03-05 14:30` of an ISO text."""
    return moment[:16].replace("T", " ") if moment else ""
