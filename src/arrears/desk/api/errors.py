"""What the API says when something is wrong: one shape for each way of being wrong.

Unreadable (not JSON, a wrong type): problem details. Readable but not acceptable: each field with its
messages. Everything else: the envelope with `businessErrors`, whose `type` is stable; `error` and `message`
say the same for older programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from arrears.core.json_text import write_json
from arrears.desk.api.wire_values import Shape

_PROBLEM_TYPES = {
    400: "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    401: "https://tools.ietf.org/html/rfc9110#section-15.5.2",
}


class BusinessError(Shape):
    """One reason why something was not done, with where it can be put right."""

    type: str
    message: str
    solution_url: str | None = None


class ErrorAnswer(Shape):
    """The envelope of every error that is not about a single field."""

    error: str | None = None
    message: str | None = None
    business_errors: list[BusinessError] | None = None


class ProblemDetails(Shape):
    """RFC 9457. `errors` names what could not be read."""

    type: str | None = None
    title: str | None = None
    status: int | None = None
    detail: str | None = None
    errors: dict[str, list[str]] | None = None


@dataclass
class Failure(Exception):
    """The answer is an error. What was begun is rolled back.

    `others` are further reasons, `more` stands beside them. Without `legacy`, `error` and `message` are left
    out.
    """

    status: int
    type: str
    message: str
    solution_url: str | None = None
    others: Sequence[BusinessError] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    legacy: bool = True

    def answer(self) -> HttpResponse:
        first = BusinessError(type=self.type, message=self.message, solution_url=self.solution_url)
        errors = [first, *self.others]
        body: dict[str, Any] = {}
        if self.legacy:
            body = {"error": self.type, "message": " ".join(error.message for error in errors)}
        body["businessErrors"] = [error.model_dump(by_alias=True) for error in errors]
        return json_answer(self.status, {**body, **self.more})


class FieldErrors(Exception):
    """Fields that can be read but not accepted, each with what is wrong with it."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = {field: list(messages) for field, messages in errors.items()}

    def answer(self) -> HttpResponse:
        return json_answer(400, self.errors)


class Unreadable(Exception):
    """Something in the request that is not what it should be at all."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = {field: list(messages) for field, messages in errors.items()}

    def answer(self) -> HttpResponse:
        return problem(400, "One or more values cannot be read.", errors=self.errors)


def not_there(what: str = "case") -> Failure:
    """There is none, or it is somebody else's: the same answer."""
    return Failure(404, "NotFound", f"There is no such {what}.")


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    body = {"type": _PROBLEM_TYPES.get(status), "title": title, "status": status} | more
    return json_answer(status, body, "application/problem+json")


def json_answer(status: int, body: Any, content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(write_json(body), status=status, content_type=f"{content_type}; charset=utf-8")
