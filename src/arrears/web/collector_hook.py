"""Where collectors tell us that something happened. For programs: no session, no cookies, no forms."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from procrastinate.exceptions import ConnectorException

from arrears.bridge.receive_event import LONGEST_BODY, Reception, receive_event

#: Never 410, which would end the subscription for good. An address that was never ours and one that no
#: longer is look the same.
_STATUS = {
    Reception.ACCEPTED: 200,
    Reception.FORGED: 400,
    Reception.UNKNOWN: 404,
    Reception.TOO_LARGE: 413,
}
_NOT_NOW = 503
_SECONDS = "60"


@csrf_exempt
@require_POST
def collector_hook(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a notice. No header but the signature is looked at: only the body is signed."""
    try:
        reception = receive_event(token, request.headers.get("X-Debitura-Signature", ""), _body(request))
    except (DatabaseError, ConnectorException):
        # Anything but a yes: the sender comes again when we can write it down.
        return HttpResponse(status=_NOT_NOW, headers={"Retry-After": _SECONDS})
    return HttpResponse(status=_STATUS[reception])


def _body(request: HttpRequest) -> bytes:
    """The body, or so much of it that it is seen to be too long."""
    return request.read(LONGEST_BODY + 1)
