"""Rows of the bulk import as the browser takes them: data to filter and add up, and HTML to show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Template
from markupsafe import Markup, escape

from arrears.core.eligibility import Finding
from arrears.core.fix_titles import FIX_TITLES
from arrears.core.handing_over import terms
from arrears.core.money import Money, exponent
from arrears.core.wording import list_text
from arrears.web.collector_names import CollectorShown
from arrears.web.formats import minor_units
from arrears.web.preview_row import Line
from arrears.web.what_leaves import NEVER_SENT, Field, fields_of

_NEVER = escape(list_text(NEVER_SENT))


@dataclass(frozen=True, slots=True)
class Page:
    """What all rows of a page have in common. `source` names the books."""

    collector: CollectorShown
    source: str
    may_import: bool


def row_for(line: Line, page: Page) -> dict[str, Any]:
    """One row as JSON can hold it. Amounts are whole numbers of the smallest unit, as text.

    `line` and `drawer` are HTML; everything else is text that the browser never reads as HTML.
    """
    invoice, debtor, estimate, edge = line.invoice, line.debtor, line.row.estimate, line.edge
    return {
        "id": invoice.id,
        "number": invoice.number,
        "kind": line.kind.value,
        "customer": {"code": debtor.code, "name": debtor.name},
        "country": debtor.address.country,
        "currency": invoice.currency,
        "places": exponent(invoice.currency),
        "owed": _minor(line.outstanding),
        "gross": _minor(line.gross),
        "fee": _minor(estimate.fee if estimate else None),
        "net": _minor(estimate.net if estimate else None),
        "issued": invoice.issued.isoformat() if invoice.issued else "",
        "due": invoice.due.isoformat() if invoice.due else "",
        "days": line.days,
        "band": line.band.value,
        "findings": [_finding(one) for one in line.row.verdict.findings],
        "group": line.group,
        "seen": line.seen,
        "required": line.required,
        "chased": line.chased,
        "edge": {"on": edge.on.isoformat(), "days": (edge.on - line.today).days, "text": line.edge_text}
        if edge
        else None,
        "sought": line.sought,
        **_html(line, page),
    }


def _minor(value: Money | None) -> str:
    return "" if value is None else str(minor_units(value))


def _finding(finding: Finding) -> dict[str, str]:
    """With the group it belongs to on a to-do list: `Add the town`, 17 customers `without a town`."""
    group = FIX_TITLES[finding.code]
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "fix_title": group.title,
        "matter": group.matter,
        "per": group.per.value,
    }


def _html(line: Line, page: Page) -> dict[str, str]:
    shown = {"line": line, "collector": page.collector, "may_import": page.may_import}
    told = {
        "fields": [_cells(one) for one in _fields(line, page)],
        "terms": _terms(page.collector.is_elsewhere, line.has_partner),
        "never": _NEVER,
    }
    return {
        "line": _template("parts/import_line.html").render(shown),
        "drawer": _template("parts/import_drawer.html").render(shown | told),
    }


def _fields(line: Line, page: Page) -> tuple[Field, ...]:
    return fields_of(line, page.source, elsewhere=page.collector.is_elsewhere, test=page.collector.test)


def _cells(field: Field) -> tuple[str, str, str, str, str]:
    """A field as the template loops over it: much faster than by attributes, and there are many."""
    mark = field.mark
    return (
        _own(field.label),
        "\n".join(field.books),
        "\n".join(field.sent),
        _own(mark.value) if mark else "",
        field.note,
    )


@cache
def _own(words: str) -> Markup:
    """Words of our own, escaped once. Nothing that comes from outside may go through here: it is kept."""
    return escape(words)


@cache
def _terms(elsewhere: bool, has_partner: bool | None) -> tuple[tuple[str, Markup], ...]:
    return tuple((one.key, _own(one.title)) for one in terms(elsewhere, has_partner=has_partner))


def _template(name: str) -> Template:
    """A compiled template. Rendered without what pages get besides, because there is one for every row."""
    return cast("Jinja2", engines["jinja2"]).env.get_template(name)
