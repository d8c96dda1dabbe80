"""`arrears agreements`: what is signed, and the link for signing what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arrears.cli.boot import boot, operator, organisation, organisation_option
from arrears.cli.output import print_json, print_table
from arrears.ports import NeedsAttention

if TYPE_CHECKING:
    from arrears.desk.contracts.contract_status import AgreementLine, ContractStatus


@click.group("agreements", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
@click.pass_context
def agreements_command(ctx: click.Context, as_json: bool, organisation: str | None) -> None:
    """Show what is signed, and how many cases wait for a signature."""
    if ctx.invoked_subcommand is not None:
        return
    boot()
    status = _status(_organisation(organisation))
    if as_json:
        print_json(
            {"waiting_cases": status.waiting_cases, "agreements": [_shown(one) for one in status.lines]}
        )
        return
    print_table(
        ["Agreement", "For", "State", "Signed"],
        [[str(one.kind.label), one.about, _state(one), _signed(one)] for one in status.lines],
    )
    if status.something_to_sign:
        waiting = waiting_text(status.waiting_cases)
        click.echo(" ".join(filter(None, (waiting, "Sign with: arrears agreements link"))))


@agreements_command.command("link")
@click.option("--email", metavar="E-MAIL", help="The organisation's address, to which the code is sent.")
@organisation_option
def link(email: str | None, organisation: str | None) -> None:
    """Print the address of the page on which everything that is missing is signed."""
    boot()
    organisation_id = _organisation(organisation)
    if email is not None:
        _keep_address(organisation_id, email)
    if not _status(organisation_id).something_to_sign:
        click.echo("Nothing has to be signed.")
        return
    if not has_address(organisation_id):
        raise NeedsAttention(
            "Signing needs a code that is sent by e-mail, and no address is known.",
            code="no_address",
            action="Give one: arrears agreements link --email ADDRESS",
        )
    click.echo(new_link(organisation_id))


def waiting_text(cases: int) -> str:
    """How many cases wait for a signature, in a sentence; empty for none."""
    if not cases:
        return ""
    return f"{'1 case waits' if cases == 1 else f'{cases:,} cases wait'} for a signature."


def has_address(organisation_id: int) -> bool:
    """Whether there is anybody to whom the code for signing can be sent."""
    from arrears.accounts.models import Organisation

    creditor = Organisation.objects.get(pk=organisation_id)
    return bool(creditor.email) or creditor.members.filter(is_active=True).exists()


def new_link(organisation_id: int) -> str:
    """A new address for signing; it works for 14 days."""
    from arrears.clock import SystemClock
    from arrears.desk.signatures import signing_link

    return signing_link(organisation_id, now=SystemClock().now())


def _organisation(named: str | None) -> int:
    return organisation(named)


def _status(organisation_id: int) -> ContractStatus:
    from arrears.clock import SystemClock
    from arrears.desk.contracts.contract_status import contract_status

    return contract_status(operator(), organisation_id, today=SystemClock().today())


def _keep_address(organisation_id: int, email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from arrears.accounts.models import Organisation

    try:
        validate_email(email)
    except ValidationError:
        raise click.UsageError(f"“{email[:80]}” is not an e-mail address.") from None
    Organisation.objects.filter(pk=organisation_id).update(email=email)


def _state(line: AgreementLine) -> str:
    if line.status.valid:
        return "signed"
    return "to be signed again" if line.status.signed else "not signed"


def _signed(line: AgreementLine) -> str:
    from arrears.core.wording import date_text

    return f"{date_text(line.signed_at.date())} by {line.signer}" if line.signed_at else ""


def _shown(line: AgreementLine) -> dict[str, Any]:
    return {
        "kind": str(line.kind.label),
        "about": line.about,
        "state": _state(line),
        "wanted": line.wanted,
        "version": line.version,
        "signer": line.signer,
        "signed_at": line.signed_at.isoformat() if line.signed_at else None,
    }
