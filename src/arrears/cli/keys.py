"""`arrears keys`: the key that protects stored passwords."""

from __future__ import annotations

from pathlib import Path

import click

from arrears.cli.boot import boot


@click.group("keys")
def keys_command() -> None:
    """The key that protects stored passwords and memorable words."""


@keys_command.command("rotate")
def rotate_keys() -> None:
    """Make a new key and protect every stored secret with it."""
    boot()
    from arrears.accounts import vault

    moved = vault.rotate()
    click.echo(f"A new key is in use. Secrets moved to it: {moved}. Back up the key file again.")


@keys_command.command("new")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def new_key(path: Path) -> None:
    """Make a key file at PATH, for an installation with its own database."""
    from arrears.accounts import root_keys

    if path.exists():
        raise click.UsageError(f"{path} is already there. A key that is in use must not be overwritten.")
    root_keys.write(path, root_keys.RootKeys((root_keys.new_key(),)))
    click.echo(f"A key was made: {path}. Point ARREARS_KEY_FILE at it and back it up.")
