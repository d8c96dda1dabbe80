"""The texts of agreements: which is in force, filled in for one creditor, and taken apart for showing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arrears.accounts.models import Organisation
from arrears.core.country import country_name, in_europe
from arrears.core.pricing import GRIDS, Bracket, Grid
from arrears.core.routing import jurisdiction_name
from arrears.core.wording import number_text
from arrears.desk.models import AgreementKind, AgreementVersion, DeskSettings, Partner, PriceGrid
from arrears.desk.price_lists import grid_of

#: What an agreement's text may leave to be filled in.
PLACES = frozenset({"creditor", "desk", "partner", "jurisdiction", "prices"})

_PLACE = re.compile(r"\{(\w*)\}")
_NUMBERED = re.compile(r"(\d+)\. +(.*)")


class BlockKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    NUMBERED = "numbered"
    BULLET = "bullet"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a text. `number` is the clause's own, empty for what is not numbered."""

    kind: BlockKind
    text: str
    number: str = ""


def in_force(kind: AgreementKind, today: date) -> AgreementVersion | None:
    """The text to be signed on a day; None while there is none, and then nobody has to sign it."""
    versions = AgreementVersion.objects.filter(kind=kind, since__lte=today)
    return versions.order_by("-since", "-pk").first()


def unknown_places(text: str) -> tuple[str, ...]:
    """What a text wants filled in that nobody knows how to fill in."""
    return tuple(sorted(set(_PLACE.findall(text)) - PLACES))


def fill_in(
    version: AgreementVersion, creditor: Organisation, partner: Partner | None, jurisdiction: str, today: date
) -> str:
    """The text of a version for one creditor: the same facts give the same text, letter by letter."""
    facts = {
        "creditor": _one_line(_described(creditor)),
        "desk": _one_line(DeskSettings.current().desk_name),
        "partner": _one_line(partner.name) if partner else "",
        "jurisdiction": _one_line(jurisdiction_name(jurisdiction)) if jurisdiction else "",
    }
    if "{prices}" in version.text:
        facts["prices"] = "\n".join(f"- {line}" for line in price_lines(jurisdiction, today))
    return _filled(version.text, facts)


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def blocks(text: str) -> list[Block]:
    """A text in pieces. A line that begins nothing new continues the piece before it."""
    found: list[Block] = []
    fresh = True
    for line in (line.strip() for line in text.splitlines()):
        block = _block(line)
        if block.kind is BlockKind.PARAGRAPH and line and not fresh:
            last = found.pop()
            block = Block(last.kind, f"{last.text} {line}", last.number)
        if line:
            found.append(block)
        fresh = not line or block.kind in (BlockKind.TITLE, BlockKind.HEADING)
    return found


def price_lines(jurisdiction: str, today: date) -> list[str]:
    """The price list of a jurisdiction, or the standard one for an empty code, one rate a line."""
    rows = PriceGrid.objects.filter(creditor=None, partner=None, jurisdiction=jurisdiction)
    built_in = [] if jurisdiction else GRIDS
    grids = [grid for grid in (*built_in, *map(grid_of, rows)) if grid.since <= today]
    grid = max(grids, key=lambda grid: grid.since, default=None)
    return list(_lines(grid, jurisdiction)) if grid else ["No prices are in force."]


def _lines(grid: Grid, jurisdiction: str) -> Iterator[str]:
    zones: tuple[tuple[Bracket, ...], ...] = (grid.europe, grid.world)
    if jurisdiction:  # the other zone's prices are for debtors elsewhere
        zones = (grid.europe if in_europe(jurisdiction.partition("-")[0]) else grid.world,)
    for bracket in (bracket for zone in zones for bracket in zone):
        yield f"{bracket.terms}."
    for months, points in ((6, grid.over_6_months), (12, grid.over_12_months), (24, grid.over_24_months)):
        if points:
            overdue = f"on what fell due more than {months} months before it was handed over"
            yield f"{number_text(points)} points more {overdue}."


def _described(creditor: Organisation) -> str:
    """The creditor's name, with what else tells it from others of that name."""
    number = f"registration number {creditor.registration_number}" if creditor.registration_number else ""
    town = " ".join(part for part in (creditor.zip, creditor.city) if part)
    address = [creditor.street, town, country_name(creditor.country) if creditor.street or town else ""]
    details = ", ".join(part for part in (number, *address) if part)
    return f"{creditor.name} ({details})" if details else creditor.name


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """One pass: what a fact says is never filled in again."""
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), text.strip()) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _block(line: str) -> Block:
    numbered = _NUMBERED.fullmatch(line)
    if numbered:
        return Block(BlockKind.NUMBERED, numbered[2], numbered[1])
    for mark, kind in (("## ", BlockKind.HEADING), ("# ", BlockKind.TITLE), ("- ", BlockKind.BULLET)):
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark).strip())
    return Block(BlockKind.PARAGRAPH, line)
