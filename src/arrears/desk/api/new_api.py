"""What the desk's three APIs have in common: how they read, answer, and say that something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import APIKeyHeader

from arrears.core.json_text import NotJson
from arrears.desk.actors import NotThere
from arrears.desk.api import addresses
from arrears.desk.api.errors import Failure, FieldErrors, Unreadable, not_there, problem
from arrears.desk.api.json_text import JsonParser, JsonRenderer, WrongContentType
from arrears.desk.api.rate_limit import TooManyRequests

_log = structlog.get_logger()

addresses.register()


def new_api(
    title: str, description: str, *, namespace: str, auth: APIKeyHeader, routers: Iterable[Router]
) -> NinjaAPI:
    """An API that lets in who `auth` lets in, and answers everything else with the errors of `errors`."""
    api = NinjaAPI(
        title=title,
        version="v1",
        description=description,
        urls_namespace=namespace,
        docs_url=None,
        openapi_url="/openapi.json",
        auth=auth,
        parser=JsonParser(),
        renderer=JsonRenderer(),
    )
    for router in routers:
        api.add_router("", router)
    # Last, because it takes what no other has taken.
    api.add_router("", _elsewhere())
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Failure: _told,
        FieldErrors: _told,
        Unreadable: _told,
        TooManyRequests: _told,
        NotThere: _not_there,
        AuthenticationError: _unknown_caller,
        ValidationError: _unreadable,
        HttpError: _unreadable_body,
        RequestDataTooBig: _too_big,
        MultiPartParserError: _unreadable_form,
        # More fields, or more files, than any form of ours has.
        SuspiciousOperation: _unreadable_form,
        Exception: _fault,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)
    return api


def _told(_request: HttpRequest, error: Failure | FieldErrors | Unreadable | TooManyRequests) -> HttpResponse:
    return error.answer()


def _not_there(_request: HttpRequest, error: NotThere) -> HttpResponse:
    return Failure(404, "NotFound", str(error)).answer()


def _unknown_caller(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problem(401, "Unauthorized", detail="Send a valid API key in the header XApiKey.")


def _unreadable(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    found: dict[str, list[str]] = {}
    for one in error.errors:
        found.setdefault(_place(one["loc"]), []).append(f"This value {sentence_of(one)}.")
    return Unreadable(found).answer()


def _unreadable_body(_request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, WrongContentType):
        return Failure(415, "UnsupportedMediaType", "Send the body as application/json.").answer()
    if isinstance(cause, NotJson):
        return Unreadable({"$": [str(cause)]}).answer()
    return problem(error.status_code, str(error))


def _too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return Failure(413, "PayloadTooLarge", "The request is too large.").answer()


def _unreadable_form(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return Unreadable(
        {"$": ["The form cannot be read. Send it as multipart/form-data with its boundary."]}
    ).answer()


def _fault(_request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("api fault", exc_info=error)
    return Failure(500, "InternalServerError", "Something went wrong on our side. Try again later.").answer()


def _place(loc: tuple[Any, ...]) -> str:
    """`debtor.name` for a place that pydantic names as `("body", "asked", "debtor", "name")`."""
    parts = loc[2:] if loc[0] == "body" else loc[1:]
    return ".".join(str(part) for part in parts) or "$"


def sentence_of(error: dict[str, Any]) -> str:
    """What pydantic complains of, to go after `This value`."""
    text = str(error["msg"]).removeprefix("Value error, ")
    return text.replace("Input should be", "should be").replace("Field required", "is required").rstrip(".")


def _elsewhere() -> Router:
    router = Router()

    @router.api_operation(
        ["GET", "POST", "PUT", "PATCH", "DELETE"], "/{anything:rest}", include_in_schema=False
    )
    def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
        del request, rest
        raise not_there("address")

    return router
