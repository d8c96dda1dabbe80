"""Logs: one JSON object a line on standard error, with ids and counts and never a name, amount or secret."""

from __future__ import annotations

import logging
import logging.config
import os
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: Keys that must never reach a log, whatever code puts them there.
_FORBIDDEN = frozenset(
    [
        "password",
        "memorable_word",
        "token",
        "secret",
        "authorization",
        "cookie",
        "debtor",
        "debtor_name",
        "email",
    ]
)


def drop_forbidden(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask the value of every forbidden key."""
    for key in event:
        if key.lower() in _FORBIDDEN:
            event[key] = "[withheld]"
    return event


#: Whoever has the address of a signing page, of an invitation, of the page for a new password, or of a file
#: asked for by API, needs nothing else; and where collectors tell us of changes is between them and us.
_SECRET_ADDRESS = re.compile(
    r"(/sign/|/invitations/|/password/reset/key/|/api/\w+/files/|/hooks/collectors/)[^/\s]+"
)


def drop_query(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Requests are logged by their path, without secrets: a query can hold what somebody typed.

    The framework's own lines, such as those about forms without their token, name the path in the text.
    """
    request, text = event.get("request"), event.get("event")
    if isinstance(request, str):
        event["request"] = _SECRET_ADDRESS.sub(r"\1[withheld]", request.split("?", 1)[0])
    if isinstance(text, str):
        event["event"] = _SECRET_ADDRESS.sub(r"\1[withheld]", text)
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_query,
        drop_forbidden,
    ]


def _renderer() -> Processor:
    if os.environ.get("ARREARS_LOGS") == "plain" or (
        sys.stderr.isatty() and "ARREARS_LOGS" not in os.environ
    ):
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


def logging_settings() -> dict[str, Any]:
    """Settings for the standard library's logging, all of it ending in the same formatter."""
    level = os.environ.get("ARREARS_LOG_LEVEL", "INFO").upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    _renderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # These name addresses and headers, which may carry secrets.
            **{name: {"level": "WARNING"} for name in ("httpx2", "httpcore2", "asyncio", "urllib3")},
            "procrastinate": {"level": "WARNING"},
            # These name letters of what is printed into a PDF.
            **{name: {"level": "ERROR"} for name in ("fpdf", "fontTools")},
            "django.request": {"level": "ERROR"},
        },
    }


def configure() -> None:
    """Set up both structlog and the standard library's logging. Called once by each process."""
    logging.config.dictConfig(logging_settings())
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
