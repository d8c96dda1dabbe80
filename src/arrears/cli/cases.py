"""`arrears cases`: the cases, wherever they are."""

from __future__ import annotations

from functools import cache
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from arrears.cli.boot import boot, organisation, organisation_option
from arrears.cli.collectors import name_of
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.bridge.list_cases import CaseAt
    from arrears.ports import CaseEvent

#: Narrower than this nothing can be read beside a date.
_NARROWEST = 40


@click.command("cases")
@click.argument("reference", required=False)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document: a list with one entry a case."
)
@organisation_option
def cases_command(reference: str | None, as_json: bool, organisation: str | None) -> None:
    """List the cases, or show the one with REFERENCE (the collector's or ours)."""
    boot()
    organisation_id = _organisation(organisation)
    if reference is None:
        _list(organisation_id, as_json)
    else:
        _show(organisation_id, reference, as_json)


def _organisation(named: str | None) -> int:
    return organisation(named)


def _list(organisation_id: int, as_json: bool) -> None:
    from arrears.bridge.list_cases import list_cases

    name = cache(lambda account: name_of(account, organisation_id))
    cases = [(one, name(one.account)) for one in list_cases(organisation_id)]
    if as_json:
        print_json([shown(one, collector) for one, collector in cases])
    elif not cases:
        click.echo("No cases yet. Open some with: arrears import --all-eligible")
    else:
        for number, collector in enumerate(dict.fromkeys(collector for _, collector in cases)):
            if number:
                click.echo()
            _table(collector, [one for one, there in cases if there == collector])


def _table(collector: str, cases: list[CaseAt]) -> None:
    """The cases at one collector: named once above them, there is room for the rest in 80 columns."""
    click.echo(f"{collector}: {len(cases):,} {'case' if len(cases) == 1 else 'cases'}")
    headings = ["Case", "Invoices", "Debtor", "Outstanding", "Stage", "Partner"]
    print_table(headings, [_line(one) for one in cases], right=(3,), whole=(0, 3))


def _line(one: CaseAt) -> list[str]:
    from arrears.core.wording import money_text

    case = one.case
    return [
        case.reference,
        ", ".join(case.invoice_numbers),
        f"{case.debtor_name} ({case.country})" if case.country else case.debtor_name,
        money_text(case.outstanding),
        _stage(one),
        case.partner or "none yet",
    ]


def _stage(one: CaseAt) -> str:
    """Our word for where the case stands, and the collector's where that is another."""
    case = one.case
    return f"{case.lifecycle.value} ({case.stated})" if case.stated else case.lifecycle.value


def _show(organisation_id: int, reference: str, as_json: bool) -> None:
    from arrears.bridge.read_case import read_case

    one = read_case(organisation_id, reference)
    if one is None:
        raise click.UsageError(f"There is no case {reference}. See: arrears cases")
    collector = name_of(one.account, organisation_id)
    events, problem = _timeline(organisation_id, one)
    if as_json:
        print_json(shown(one, collector) | {"timeline": [_event(event) for event in events]})
    else:
        for name, value in _facts(one, collector).items():
            click.echo(f"{name:<20} {value}")
        click.echo()
        for event in events:
            click.echo(_told(event))
    if problem:
        click.echo(f"Note: {problem}", err=True)


def _told(event: CaseEvent) -> str:
    """An event with its moment, folded beside it."""
    start = f"{event.at:%d %b %Y %H:%M}  "
    width = max(get_terminal_size().columns, _NARROWEST)
    return click.wrap_text(event.text, width, initial_indent=start, subsequent_indent=" " * len(start))


def _timeline(organisation_id: int, one: CaseAt) -> tuple[tuple[CaseEvent, ...], str]:
    """The events, or why they cannot be read just now."""
    from arrears.bridge.adapters import adapters
    from arrears.ports import Remedy

    try:
        file = adapters().collector(organisation_id, one.account).case_file(one.case.id)
    except Remedy as error:
        return (), f"The timeline could not be read. {error}"
    if "the timeline" in file.unread:
        return file.timeline, "The timeline could not be read."
    return file.timeline, ""


def _facts(one: CaseAt, collector: str) -> dict[str, str]:
    """A case for people."""
    from arrears.core.country import country_name
    from arrears.core.wording import date_text, money_text, number_text

    case = one.case
    price = "agreed by quote" if case.rate is None else f"{number_text(case.rate)}%"
    facts = {
        "case": case.reference,
        "our reference": case.creditor_reference,
        "invoices": ", ".join(case.invoice_numbers),
        "debtor": f"{case.debtor_name}, {country_name(case.country) or case.country}",
        "handed over": money_text(case.principal),
        "outstanding": money_text(case.outstanding),
        "stage": _stage(one),
        "collector": collector,
        "partner": case.partner or "none yet",
        "why": case.routing_reason,
        "price": f"{price} ({case.price_source})" if case.rate is not None and case.price_source else price,
        "opened": date_text(case.opened_at.date()),
        "to be signed at": case.signing_url,
        "page": case.url,
        "as of": f"{one.read_at:%d %b %Y %H:%M}, its collector cannot be asked now" if one.read_at else "",
    }
    optional = ("why", "to be signed at", "page", "as of")
    return {name: value for name, value in facts.items() if value or name not in optional}


def shown(one: CaseAt, collector: str) -> dict[str, Any]:
    """A case as the JSON document gives it: amounts as text."""
    case = one.case
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
        "stated": case.stated or None,
        "partner": case.partner,
        "collector": collector,
        "test": case.test,
        "opened_at": case.opened_at.isoformat(),
        "read_at": one.read_at.isoformat() if one.read_at else None,
        "url": case.url or None,
    }


def _event(event: CaseEvent) -> dict[str, str]:
    return {"at": event.at.isoformat(), "text": event.text}
