"""Values as KashFlow writes them in JSON: amounts with four decimals, dates at a noon that is not noon."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from typing import Final
from xml.sax.saxutils import escape

from arrears.sandbox.records import ABSENT

NULL: Final = "null"
TRUE: Final = "true"
FALSE: Final = "false"
Fields = dict[str, str]
"""Field names in order, each with its value as JSON text."""


def text(value: str | None) -> str:
    """A string or null."""
    return NULL if value is None else quoted(value)


def flag(value: bool) -> str:
    """A JSON boolean."""
    return TRUE if value else FALSE


def amount(value: Decimal) -> str:
    """A number with four decimals: ``117.5000``."""
    return f"{value:.4f}"


def day(value: date | None, offset: str = "") -> str:
    """A calendar date the way KashFlow prints it: ``"2026-03-02 12:00:00"``, or null."""
    return NULL if value is None else f'"{value} 12:00:00{offset}"'


def dump(value: object) -> str:
    """Any value as JSON text; mappings drop keys that are ABSENT. Raises TypeError for other types."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, date):
        return quoted(value.isoformat())
    if isinstance(value, Mapping):
        return joined({str(key): dump(item) for key, item in value.items() if item is not ABSENT})
    if isinstance(value, Iterable):
        return listed(dump(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def overridden(fields: Fields, wire: Mapping[str, object] | None) -> Fields:
    """The fields with single ones replaced, added or left out."""
    if wire:
        for key, value in wire.items():
            if value is ABSENT:
                fields.pop(key, None)
            else:
                fields[key] = dump(value)
    return fields


def joined(fields: Fields) -> str:
    """A JSON object."""
    return "{" + ",".join([f'"{name}":{value}' for name, value in fields.items()]) + "}"


def listed(values: Iterable[str]) -> str:
    """A JSON array."""
    return "[" + ",".join(values) + "]"


def xml_error(code: str, message: str) -> bytes:
    """The error document that a caller gets who does not ask for JSON."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Error><Error>{escape(code)}</Error><Message>{escape(message)}</Message></Error>"
    ).encode()
