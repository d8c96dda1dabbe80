"""`arrears desk`: what whoever runs the desk does from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from arrears.cli import PARTLY
from arrears.cli.boot import boot, operator
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

    from arrears.core.money import Money
    from arrears.desk.models import Partner
    from arrears.desk.partners.coverage import Coverage
    from arrears.desk.partners.what_if import Answer


@click.group("desk")
def desk_command() -> None:
    """Run the desk: its operators, partners and coverage."""


@desk_command.group("operators")
def operators() -> None:
    """Who may run the desk."""


@operators.command("add")
@click.argument("email", metavar="E-MAIL")
def add(email: str) -> None:
    """Let the person with this e-mail address run the desk."""
    boot()
    from arrears.clock import SystemClock
    from arrears.desk.office.add_operator import add_operator

    password = add_operator(operator(), email, now=SystemClock().now())
    _tell_login(email, "run the desk", password)


@desk_command.group("partners")
def partners() -> None:
    """The agencies and law firms that work the cases."""


@partners.command("import")
@click.argument("file", type=click.File("rb"))
def import_(file: Any) -> None:
    """Read partners and what they cover from a CSV or YAML FILE; - is standard input."""
    boot()
    from arrears.desk.models import Partner
    from arrears.desk.partners.import_partners import import_partners

    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("The file is not text in UTF-8.") from None
    number = import_partners(operator(), text)
    click.echo(f"{_counted(number, 'partner')} read.")
    waiting = Partner.objects.filter(active=False).count()
    if waiting:
        takes = "takes" if waiting == 1 else "take"
        told = f"{_counted(waiting, 'partner')} {takes} no cases yet. Enter the vetting and activate"
        click.echo(f"{told} {'it' if waiting == 1 else 'them'} on the desk's pages, under Partners.")


@partners.command("export")
@click.option("--format", "form", type=click.Choice(["csv", "yaml"]), help="By the file's name, else CSV.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def export(form: Literal["csv", "yaml"] | None, file: Path | None) -> None:
    """Write all partners and what they cover to FILE, or to standard output."""
    boot()
    from arrears.desk.partners.export_partners import export_partners

    is_yaml = file is not None and file.suffix in (".yaml", ".yml")
    text = export_partners(operator(), form or ("yaml" if is_yaml else "csv"))
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"Written to {file}.")


@partners.command("access")
@click.argument("name")
@click.argument("email", metavar="E-MAIL")
def access(name: str, email: str) -> None:
    """Let the person with this e-mail address act for the partner called NAME."""
    boot()
    from arrears.clock import SystemClock
    from arrears.desk.partners.give_access import give_access

    partner = partner_called(name)
    password = give_access(operator(), partner.public_id, email, now=SystemClock().now())
    _tell_login(email, f"act for {partner.name}", password)


def partner_called(name: str) -> Partner:
    """The partner with this name, in any capitals. Raises click.UsageError."""
    from arrears.desk.models import Partner

    partner = Partner.objects.filter(name__iexact=name.strip()).first()
    if partner is None:
        raise click.UsageError(f"There is no partner called {name}. See: arrears desk partners export")
    return partner


def _tell_login(email: str, what: str, password: SecretStr | None) -> None:
    click.echo(f"{email.strip()} can {what} now.")
    if password is None:
        click.echo("They sign in with the password they have.")
        return
    click.echo(f"First password: {password.get_secret_value()}")
    click.echo("It is shown this once. They should change it when they sign in.", err=True)


@desk_command.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document: every jurisdiction.")
def coverage_(as_json: bool) -> None:
    """Say where partners take cases, and where there is nobody."""
    boot()
    from arrears.desk.partners.coverage import coverage

    found = coverage(operator())
    if as_json:
        print_json(_coverage_document(found))
        return
    click.echo(
        f"Partners take cases in {_counted(found.jurisdictions, 'jurisdiction')} of "
        f"{_counted(found.countries, 'country')}."
    )
    if found.gaps:
        rows = [
            [place.jurisdiction, place.name, place.gap, ", ".join(map(str, place.quotes))]
            for place in found.gaps
        ]
        print_table(["Code", "Jurisdiction", "Nobody takes", "Asked for quotes"], rows)


def _coverage_document(found: Coverage) -> dict[str, Any]:
    return {
        "jurisdictions": found.jurisdictions,
        "countries": found.countries,
        "places": [
            {
                "jurisdiction": place.jurisdiction,
                "name": place.name,
                "takes": [partner.name for partner in place.takes],
                "quotes": [partner.name for partner in place.quotes],
                "gap": place.gap,
            }
            for place in found.places
        ],
    }


@desk_command.command("what-if")
@click.argument("amount")
@click.argument("currency")
@click.argument("debtor_type", metavar="company|private", type=click.Choice(["company", "private"]))
@click.argument("place", metavar="PLACE")
@click.option(
    "--due", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="When it fell due; age adds to the fee."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def what_if_(
    amount: str, currency: str, debtor_type: str, place: str, due: datetime | None, as_json: bool
) -> None:
    """Say who would get such a case, why, and at what price. PLACE is a code such as ES or US-CA."""
    boot()
    from arrears.clock import SystemClock
    from arrears.core.debtor import DebtorType
    from arrears.desk.partners.what_if import what_if

    country, _, state = place.strip().upper().partition("-")
    answer = what_if(
        operator(),
        _money(amount, currency),
        DebtorType(debtor_type),
        country,
        state,
        due=due.date() if due else None,
        today=SystemClock().today(),
    )
    if as_json:
        print_json(_what_if_document(answer))
    else:
        _tell_what_if(answer)


def _money(amount: str, currency: str) -> Money:
    from arrears.core.money import Money, is_currency, read_amount

    read, code = read_amount(amount), currency.strip().upper()
    if read is None:
        raise click.UsageError(f"“{amount[:40]}” is not an amount. Write it as 3000 or 3000.50.")
    if not is_currency(code):
        raise click.UsageError(f"“{currency[:40]}” is not a currency. Use a code such as EUR.")
    return Money(read, code)


def _what_if_document(answer: Answer) -> dict[str, Any]:
    price = answer.price
    return {
        "partner": answer.route.partner_name,
        "mechanism": answer.route.mechanism.value,
        "reason": answer.route.reason,
        "rate": str(price.rate) if price else None,
        "fee": str(price.fee.amount) if price else None,
        "price_source": price.label.value if price else None,
        "asked": [
            {"partner": step.partner_name, "takes": step.taken, "reason": step.reason}
            for step in answer.steps
        ],
    }


def _tell_what_if(answer: Answer) -> None:
    from arrears.core.wording import money_text, number_text

    route, price = answer.route, answer.price
    who = f"Goes to {route.partner_name}." if route.partner else "Goes to the network, for quotes."
    click.echo(f"{who} {route.reason}")
    if price:
        rate, fee = number_text(price.rate), money_text(price.fee)
        click.echo(f"{price.label.value}: {rate}% of what is recovered, {fee} if that is everything.")
    elif route.partner:
        click.echo("No price list has a rate for it; the price would be agreed.")
    if answer.steps:
        rows = [[step.partner_name, "yes" if step.taken else "no", step.reason] for step in answer.steps]
        print_table(["Asked in this order", "Takes it", "Why"], rows)


@desk_command.command("sweep")
@click.pass_context
def sweep(ctx: click.Context) -> None:
    """Carry out what is due, once: deadlines, reminders, webhooks. A worker does so each minute."""
    boot()
    from arrears.desk.adapters import adapters
    from arrears.desk.jobs import sweep_desk
    from arrears.desk.webhooks.deliver_due import deliver_due

    failed = sweep_desk(0)
    desk, sent = adapters(), 0
    while some := deliver_due(now=desk.clock.now(), sender=desk.webhooks):
        sent += some
    if failed:
        click.echo(f"These could not be looked after: {', '.join(failed)}. See the log.", err=True)
        ctx.exit(PARTLY)
    click.echo(f"What was due is done. Webhooks sent or tried: {sent}.")


def _counted(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
