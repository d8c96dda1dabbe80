"""What the published contract of the Customer API allows: judging values by it, and making some up."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from tests.desk.api.contract import as_json_schema, document

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract. `route` is such as `GET /cases/{id}`."""

    route: str
    details: Mapping[str, Any]

    def parameters(self, place: str) -> dict[str, dict[str, Any]]:
        """Those in `query`, `path` or `header`, by name."""
        found = (one for one in self.details.get("parameters", []) if one["in"] == place)
        return {one["name"]: one for one in found}

    @property
    def request_types(self) -> Mapping[str, Any]:
        content: Mapping[str, Any] = self.details.get("requestBody", {}).get("content", {})
        return content

    @property
    def success(self) -> tuple[int, dict[str, Any] | None]:
        """The status of a good answer, and its schema where it has a body."""
        status = min(self.details["responses"])
        content = self.details["responses"][status].get("content", {})
        return int(status), content[JSON]["schema"] if content else None


def operation_of(method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
    """The operation for a path, with what the path names. Fixed paths come before those with names."""
    for pattern, template in _patterns():
        found = pattern.fullmatch(path)
        details = document()["paths"][template].get(method.lower()) if found else None
        if found and details:
            names = {name: unquote(value) for name, value in found.groupdict().items()}
            return Operation(f"{method} {template}", details), names
    return None, {}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    paths = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path))), path) for path in paths]


# --- judging ---------------------------------------------------------------------------------------------


#: Values that are not there or out of bounds: bad data, but not a bad use of the contract.
_OF_DATA = ("required", "minLength", "maxLength", "minimum")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the contract does not allow. `of_data`: a value is missing, too short or too long."""

    what: str
    of_data: bool = False


def faults_of(schema: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    """What of `value` the schema does not allow."""
    for error in _validator(json.dumps(schema, sort_keys=True)).iter_errors(value):
        place = ".".join(map(str, error.instance_path)) or "the whole"
        yield Fault(f"{place}: {error.message[:300]}", str(error.schema_path[-1]) in _OF_DATA)


def fault_of_text(schema: Mapping[str, Any], text: str) -> str:
    """What is wrong with a parameter's text, if anything."""
    kind, form = schema.get("type"), schema.get("format")
    if kind == "array":
        return fault_of_text(schema["items"], text)
    checks: dict[object, Callable[[str], object]] = {"uuid": uuid.UUID, "date-time": datetime.fromisoformat}
    try:
        if kind == "integer":
            int(text)
        elif kind == "boolean" and text not in ("true", "false"):
            return "is not a boolean"
        elif form in checks:
            checks[form](text)
    except ValueError:
        return f"is not of type {form or kind}"
    return "is too long" if len(text) > schema.get("maxLength", len(text)) else ""


@cache
def _validator(schema: str) -> Any:
    whole = {**as_json_schema(json.loads(schema)), "components": as_json_schema(document()["components"])}
    return jsonschema_rs.Draft7Validator(whole, validate_formats=True, formats={"date-time": _is_instant})


def _is_instant(text: str) -> bool:
    """A date with or without a time, and that with or without a zone: the contract's own examples vary."""
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


# --- making ----------------------------------------------------------------------------------------------


def value_for(schema: Mapping[str, Any], name: str = "") -> Any:
    """A value that the schema allows, with every property filled: by example, else by format and type."""
    if "$ref" in schema:
        return value_for(_named(schema["$ref"]), name)
    if "example" in schema:
        return schema["example"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object" or "properties" in schema:
        return {key: value_for(part, key) for key, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [value_for(schema["items"], name)]
    return _simple(schema, name)


def _simple(schema: Mapping[str, Any], name: str) -> Any:
    by_format = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "date-time": "2026-11-22T12:00:00",
        "uri": "https://example.com/",
    }
    if name.lower().endswith(("url", "link")):
        return f"https://example.com/{name}"
    if name == "secret":
        return "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
    if name.lower().endswith("email"):
        return "sam@creditor.example"
    by_type = {"integer": 1, "number": 12.5, "boolean": False, "string": name or "text"}
    form = schema.get("format")
    return by_format[form] if form in by_format else by_type.get(schema.get("type", ""), {})


def _named(reference: str) -> dict[str, Any]:
    schema: dict[str, Any] = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return schema
