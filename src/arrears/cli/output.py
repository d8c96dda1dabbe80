"""Printing: one JSON document for programs, a table for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

import click


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> None:
    """A table as wide as the terminal.

    Columns whose number is in `right` are aligned to the right; those in `whole` give up no room for others.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, heading in enumerate(headings):
        justify: Literal["left", "right"] = "right" if number in right else "left"
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=number in whole)
    for row in rows:
        # As plain text: brackets in a customer's name are not markup.
        table.add_row(*[Text(cell) for cell in row])
    Console().print(table)
