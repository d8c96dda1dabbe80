"""`arrears sandbox`: make-believe systems to try things on."""

from __future__ import annotations

import click

from arrears.cli.output import print_json


@click.group("sandbox")
def sandbox_command() -> None:
    """Make-believe systems to try things on."""


@sandbox_command.command("kashflow")
@click.option("--port", type=int, default=9011, show_default=True, help="0 lets the system choose.")
@click.option("--invoices", type=click.IntRange(1, 1_000_000), default=500, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same company.")
@click.option("--latency-ms", type=click.IntRange(0, 60_000), default=0, show_default=True)
@click.option("--credentials", is_flag=True, help="Print the login that it accepts, and stop.")
@click.option("--json", "as_json", is_flag=True, help="With --credentials: print one JSON document.")
def kashflow(port: int, invoices: int, seed: int, latency_ms: int, credentials: bool, as_json: bool) -> None:
    """A KashFlow stand-in with a made-up company in it."""
    from arrears.sandbox.kashflow import CREDENTIALS, run

    if credentials:
        if as_json:
            print_json(CREDENTIALS)
        else:
            for name, value in CREDENTIALS.items():
                click.echo(f"{name.replace('_', ' ')}: {value}")
        return
    run(port=port, invoices=invoices, seed=seed, latency_ms=latency_ms)
