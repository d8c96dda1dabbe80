"""What may be written to a log, and what never."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from arrears.project.logs import drop_forbidden, drop_query

LOGGER = structlog.get_logger()


@pytest.mark.parametrize(
    "key", ["password", "memorable_word", "Token", "authorization", "debtor_name", "email"]
)
def test_forbidden_values_are_masked_whoever_logs_them(key: str) -> None:
    event: dict[str, Any] = {"event": "something", key: "sensitive"}

    assert "sensitive" not in str(drop_forbidden(LOGGER, "info", event))


def test_a_request_is_logged_without_its_query() -> None:
    event = drop_query(LOGGER, "info", {"event": "request", "request": "GET /cases/?q=Smith+Ltd"})

    assert event["request"] == "GET /cases/"
