"""Holds every answer of the Customer API against the published contract, where that lies beside this.

Without it the tests still run, and the run says that nothing was held against it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

_FILE = Path(__file__).parents[4] / "shared" / "contracts" / "debitura-customer-api.openapi.json"

#: Answers that the contract does not list for an operation, and why we give them all the same.
NOT_LISTED = {
    400: "what cannot be read is refused everywhere in the same way",
    401: "listed for two operations only, and true for all",
    404: "listed for most operations, and true for all that name something",
    409: "two requests with one Idempotency-Key at the same time",
    413: "listed for files only; any body can be too large",
    415: "listed for files only; any body can be of the wrong type",
    422: "an Idempotency-Key that was used with another request",
    429: "the rate limits are published on another page",
}

_PROBLEM = "Microsoft.AspNetCore.Mvc.ProblemDetails"
_ENVELOPE = "Debitura.Web.ExternalApi.Contracts.V1.Errors.ApiErrorResponseDto"
_FIELD_MAP = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}},
}


@dataclass
class Tally:
    """How many answers were held against the contract in this process."""

    checked: int = 0
    operations: set[str] = field(default_factory=set)


tally = Tally()


def is_here() -> bool:
    return _FILE.exists()


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def operations() -> set[str]:
    """Every operation that is not deprecated, as `GET /cases/{id}`."""
    return {
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if not operation.get("deprecated")
    }


def check(method: str, path: str, status: int, content_type: str, body: bytes) -> None:
    """Fail unless the contract allows this answer. `path` is without the query and the prefix."""
    if not is_here():
        return
    template = _template(path)
    if template is None:
        assert status in NOT_LISTED | {405: ""}, f"{path} is not in the contract, but was answered {status}"
        return
    operation = document()["paths"][template].get(method.lower())
    assert operation is not None, f"{method} {template} is not in the contract"
    tally.checked += 1
    tally.operations.add(f"{method} {template}")
    listed = operation["responses"].get(str(status))
    assert listed is not None or status in NOT_LISTED, f"{method} {template} cannot answer {status}"
    content = (listed or {}).get("content", {})
    if status == 204:
        assert body == b""
    elif status >= 400:
        _check_error(status, content, body)
    elif content:
        assert content_type.startswith("application/json")
        _validate(_schema_of(content), body)


def _check_error(status: int, content: dict[str, Any], body: bytes) -> None:
    """The shape listed; for 400 also the two others that the contract's texts describe."""
    if status == 429:
        return
    shapes = [_schema_of(content)] if content else [{"$ref": f"#/components/schemas/{_ENVELOPE}"}]
    if status == 401:
        shapes = [{"$ref": f"#/components/schemas/{_PROBLEM}"}]
    if status == 400:
        # Problem details allow anything, so only what carries their marks is held against them.
        is_problem = b'"title"' in body
        shapes = [{"$ref": f"#/components/schemas/{_PROBLEM}"}] if is_problem else [*shapes, _FIELD_MAP]
    _validate({"anyOf": shapes}, body)


def _schema_of(content: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def _validate(schema: dict[str, Any], body: bytes) -> None:
    validator = _validator(json.dumps(schema, sort_keys=True))
    errors = [
        f"{error.instance_path}: {error.message[:300]}" for error in validator.iter_errors(json.loads(body))
    ]
    assert not errors, (errors, body.decode()[:2000])


@cache
def _validator(schema: str) -> Any:
    whole = {**as_json_schema(json.loads(schema)), "components": as_json_schema(document()["components"])}
    return jsonschema_rs.Draft7Validator(whole, validate_formats=True)


def as_json_schema(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a second type."""
    if isinstance(schema, list):
        return [as_json_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        name: as_json_schema(value) for name, value in schema.items() if name not in ("nullable", "example")
    }
    if schema.get("nullable") is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


def _template(path: str) -> str | None:
    return next((template for pattern, template in _patterns() if pattern.fullmatch(path)), None)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Those with the fewest parameters first, so that `/cases/preview` is not taken for an id."""
    paths = sorted(document()["paths"], key=lambda path: (path.count("{"), -len(path)))
    return [
        (
            re.compile(
                re.sub(r"\{[^}]*\}", "[^/:]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
            ),
            path,
        )
        for path in paths
    ]
