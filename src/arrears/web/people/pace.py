"""How often somebody may ask for something, counted by allauth as it counts guesses at passwords."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def too_often(request: HttpRequest, action: str, rate: str) -> HttpResponseBase | None:
    """The answer to somebody who has asked too often, else None. `rate` is such as `60/m/ip`."""
    answer: HttpResponseBase | None = ratelimit.consume_or_429(
        request, app="arrears", action=action, config={action: rate}, limit_get=True
    )
    return answer
