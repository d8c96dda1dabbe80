"""JSON with exact numbers: decimals both ways, instants in UTC with a Z."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import simplejson


class NotJson(ValueError):
    """A text that should be JSON and is not. The message says where it breaks off."""


def read_json(text: bytes, *, unique_names: bool = False) -> Any:
    """The value of a JSON text, with Decimal for every number that is not whole. Raises NotJson.

    With `unique_names` an object that gives one name twice is refused: readers differ on which one counts.
    """
    pairs_hook = _unique if unique_names else None
    try:
        return simplejson.loads(
            text.decode(), use_decimal=True, allow_nan=False, object_pairs_hook=pairs_hook
        )
    except UnicodeDecodeError:
        raise NotJson("The body is not UTF-8 text.") from None
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None
    except ValueError as error:  # also a whole number of thousands of digits, which int() refuses
        raise NotJson(f"The body is not JSON: {error}") from None


def write_json(value: Any, *, sort_keys: bool = False) -> str:
    """A JSON text of plain values, Decimals, instants, days and UUIDs. Sorted, equal values are one text."""
    return simplejson.dumps(
        value, use_decimal=True, default=_text, separators=(",", ":"), sort_keys=sort_keys
    )


def instant_text(at: datetime) -> str:
    """An instant as in `2026-11-22T12:00:00Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object gives the same name twice")
    return found


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
