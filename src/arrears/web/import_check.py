"""Check again: some invoices read afresh, after they were corrected in KashFlow."""

from __future__ import annotations

import json

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.check_again import MOST_NUMBERS
from arrears.bridge.models import Connection
from arrears.core.access import Permission
from arrears.web.collector_names import OWN_DESK, collector_asked_for
from arrears.web.preview_stream import check_lines
from arrears.web.tenancy import members_who

_LONGEST = 40


@require_POST
@members_who(Permission.READ)
def import_check(request: HttpRequest, membership: Membership, connection_id: int) -> StreamingHttpResponse:
    """The named invoices in the lines that `import_rows` answers with."""
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    named = request.POST.get("collector", "") or OWN_DESK
    account = collector_asked_for(membership.organisation_id, named)
    numbers = _numbers(request.POST.get("numbers", ""))
    word = request.POST.get("memorable_word", "").strip()
    return StreamingHttpResponse(
        check_lines(
            connection,
            account,
            numbers,
            SecretStr(word) if word else None,
            may_import=membership.may(Permission.IMPORT),
        ),
        content_type="application/x-ndjson",
        headers={"X-Accel-Buffering": "no"},
    )


def _numbers(text: str) -> list[str]:
    """Invoice numbers from a JSON list: at least one, as many as one call may look at."""
    try:
        numbers = json.loads(text)
    except (ValueError, RecursionError):  # the latter for brackets without end
        raise SuspiciousOperation("The form does not hold JSON.") from None
    if not isinstance(numbers, list) or not 0 < len(numbers) <= MOST_NUMBERS:
        raise SuspiciousOperation("The form names no invoices, or too many.")
    if not all(isinstance(one, str) and 0 < len(one) <= _LONGEST and one.isprintable() for one in numbers):
        raise SuspiciousOperation("An invoice number has another shape.")
    return numbers
