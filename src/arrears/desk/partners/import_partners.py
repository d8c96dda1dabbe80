"""Read partners and what they cover from a CSV or YAML file: all of them, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor, Refused
from arrears.desk.csv_text import csv_cell
from arrears.desk.models import Partner
from arrears.desk.partner_files import (
    COLUMNS,
    PARTNER_COLUMNS,
    RULE_COLUMNS,
    Cells,
    PartnerRow,
    read_partner,
    read_rule,
)
from arrears.desk.partner_store import write_partner
from arrears.desk.roles import only

#: Reads every value as the text that it is; the one written in C where there is one.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
#: A map of partners, a list, a partner, its rules, a rule, and a list in it.
_DEEPEST = 6

#: More than this is no network of partners.
_LARGEST = 5_000_000
_MOST_ROWS = 20_000


def import_partners(actor: Actor, text: str) -> int:
    """Save every partner of a file, as one whole. Returns how many there were.

    A partner of the same name is changed and its rules are replaced; partners that are not in the file stay.
    New partners are not active until they are vetted. Raises Refused naming the place of the first problem.
    """
    only(actor, Party.OPERATOR)
    if len(text) > _LARGEST:
        raise _unusable("The file is too large.")
    rows = list(_from_yaml(text) if _is_yaml(text) else _from_csv(text))
    if not rows:
        raise _unusable("The file holds no partner.")
    try:
        with transaction.atomic():
            for row in rows:
                known = Partner.objects.select_for_update().filter(name=row.name).first()
                write_partner(known or Partner(active=False, suspended_because="Not vetted yet."), row)
    except IntegrityError as error:
        raise _unusable("Somebody else has added one of these partners a moment ago.") from error
    return len(rows)


def _is_yaml(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return first.startswith(("-", "partners:"))


def _from_csv(text: str) -> Iterator[PartnerRow]:
    file = io.StringIO(text.removeprefix("\ufeff").replace("\0", ""), newline="")
    try:
        table = list(csv.reader(file, strict=True))
    except csv.Error as error:
        raise _unusable(f"This is not a CSV file: {error}.") from error
    if not table or tuple(cell.strip() for cell in table[0]) != COLUMNS:
        raise _unusable(f"The first row must name the columns {', '.join(COLUMNS)}.")
    if len(table) > _MOST_ROWS:
        raise _unusable(f"Use at most {_MOST_ROWS:,} rows.")
    partners: dict[str, tuple[Cells, PartnerRow]] = {}
    for number, row in enumerate(table[1:], start=2):
        if not any(row):
            continue
        if len(row) != len(COLUMNS):
            raise _unusable(f"Row {number}: {len(COLUMNS)} cells are expected, not {len(row)}.")
        cells = Cells(f"Row {number}", dict(zip(COLUMNS, map(_bare, row), strict=True)))
        _add(partners, cells)
    return (partner for _, partner in partners.values())


def _add(partners: dict[str, tuple[Cells, PartnerRow]], cells: Cells) -> None:
    """Add the rule of a row to its partner, whose own columns must say the same on every row."""
    partner = read_partner(cells)
    first, known = partners.get(partner.name, (cells, partner))
    for column in PARTNER_COLUMNS:
        if cells.text(column) != first.text(column):
            raise cells.wrong(column, f"it differs from {first.where.lower()}, of the same partner.")
    rules = (read_rule(cells),) if any(cells.text(column) for column in RULE_COLUMNS) else ()
    partners[partner.name] = (first, replace(known, rules=(*known.rules, *rules)))


def _from_yaml(text: str) -> Iterator[PartnerRow]:
    try:
        _check_depth(text)
        read = yaml.load(text, Loader=_LOADER)  # noqa: S506 - this loader knows texts, lists and maps only
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _unusable("This is not a YAML file. Check its indents and quotes.") from error
    listed = read.get("partners") if isinstance(read, dict) else read
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise _unusable("A YAML file holds a list of partners.")
    names: set[str] = set()
    for number, one in enumerate(listed, start=1):
        cells = _yaml_cells(f"Partner {number}", one, (*PARTNER_COLUMNS, "rules"))
        partner = read_partner(cells)
        if partner.name in names:
            raise cells.wrong("name", "the same partner is in the file twice.")
        names.add(partner.name)
        rules = one.get("rules") or []  # an empty value is an empty text
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise cells.wrong("rules", "this is a list of rules.")
        yield replace(
            partner, rules=tuple(_yaml_rule(number, at, rule) for at, rule in enumerate(rules, start=1))
        )


def _check_depth(text: str) -> None:
    """Refuse what no list of partners has: deep nesting, and aliases, by which a few lines mean millions."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
            raise _unusable("Write every partner out in full, without references (&, *) and nested lists.")


def _yaml_rule(partner: int, number: int, rule: dict[str, Any]) -> Any:
    return read_rule(_yaml_cells(f"Partner {partner}, rule {number}", rule, RULE_COLUMNS))


def _yaml_cells(where: str, values: dict[str, Any], known: tuple[str, ...]) -> Cells:
    for column in values:
        if column not in known:
            raise _unusable(f"{where}: “{column}” is not known. Use {', '.join(known)}.")
    return Cells(where, {column: _yaml_text(value) for column, value in values.items() if column != "rules"})


def _yaml_text(value: Any) -> str:
    """A value as it would stand in a CSV cell. The loader gives texts: `NO` is Norway and not a truth."""
    if isinstance(value, list):
        return " ".join(_yaml_text(one) for one in value)
    text = str(value)
    return "" if text in ("~", "null") else text


def _bare(cell: str) -> str:
    """A cell without blanks, and without the apostrophe that marks it as text in an export."""
    bare = cell.strip()
    return bare[1:] if csv_cell(bare[1:]) == bare else bare


def _unusable(sentence: str) -> Refused:
    return Refused(sentence, code="partner_file", action="Correct the file and read it again.")
