"""`arrears cases`: the cases at the collector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arrears.cli.boot import boot, organisation, organisation_option
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.ports import Case


@click.command("cases")
@click.argument("reference", required=False)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document: a list with one entry a case."
)
@organisation_option
def cases_command(reference: str | None, as_json: bool, organisation: str | None) -> None:
    """List the cases, or show the one with REFERENCE (the collector's or ours)."""
    boot()
    from arrears.bridge.adapters import adapters

    organisation_id = _organisation(organisation)
    collector = adapters().collector(organisation_id).name
    if reference is None:
        _list(organisation_id, collector, as_json)
    else:
        _show(organisation_id, reference, collector, as_json)


def _organisation(named: str | None) -> int:
    return organisation(named)


def _list(organisation_id: int, collector: str, as_json: bool) -> None:
    from arrears.bridge.list_cases import list_cases
    from arrears.core.wording import money_text

    cases = list(list_cases(organisation_id))
    if as_json:
        print_json([shown(case, collector) for case in cases])
    elif not cases:
        click.echo("No cases yet. Open some with: arrears import --all-eligible")
    else:
        print_table(
            ["Case", "Invoices", "Debtor", "Country", "Outstanding", "Stage", "Partner"],
            [
                [
                    case.reference,
                    ", ".join(case.invoice_numbers),
                    case.debtor_name,
                    case.country,
                    money_text(case.outstanding),
                    case.lifecycle.value,
                    case.partner or "none yet",
                ]
                for case in cases
            ],
            right=(4,),
        )


def _show(organisation_id: int, reference: str, collector: str, as_json: bool) -> None:
    from arrears.bridge.read_case import read_case

    case = read_case(organisation_id, reference)
    if case is None:
        raise click.UsageError(f"There is no case {reference}. See: arrears cases")
    if as_json:
        print_json(shown(case, collector) | {"timeline": _timeline(case)})
        return
    for name, value in _facts(case, collector).items():
        click.echo(f"{name:<20} {value}")
    click.echo()
    for event in case.timeline:
        click.echo(f"{event.at:%d %b %Y %H:%M}  {event.text}")


def _facts(case: Case, collector: str) -> dict[str, str]:
    """A case for people."""
    from arrears.core.country import country_name
    from arrears.core.wording import date_text, money_text, number_text

    price = "agreed by quote" if case.rate is None else f"{number_text(case.rate)}% ({case.price_source})"
    return {
        "case": case.reference,
        "our reference": case.creditor_reference,
        "invoices": ", ".join(case.invoice_numbers),
        "debtor": f"{case.debtor_name}, {country_name(case.country) or case.country}",
        "handed over": money_text(case.principal),
        "outstanding": money_text(case.outstanding),
        "stage": case.lifecycle.value,
        "collector": collector,
        "partner": case.partner or "none yet",
        "why": case.routing_reason,
        "price": price,
        "opened": date_text(case.opened_at.date()),
    }


def shown(case: Case, collector: str) -> dict[str, Any]:
    """A case as the JSON document gives it: amounts as text."""
    return {
        "reference": case.reference,
        "creditor_reference": case.creditor_reference,
        "invoice_numbers": list(case.invoice_numbers),
        "debtor_name": case.debtor_name,
        "country": case.country,
        "currency": case.principal.currency,
        "principal": str(case.principal.rounded().amount),
        "outstanding": str(case.outstanding.rounded().amount),
        "lifecycle": case.lifecycle.value,
        "partner": case.partner,
        "collector": collector,
        "opened_at": case.opened_at.isoformat(),
    }


def _timeline(case: Case) -> list[dict[str, str]]:
    return [{"at": event.at.isoformat(), "text": event.text} for event in case.timeline]
