"""What every page can show: whose it is, where in the product we are, what the demo gives away."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from arrears.accounts.models import User
from arrears.bridge.models import Connection, ConnectionState
from arrears.web.tenancy import membership_of

#: The page of the navigation that each address belongs to.
_SECTIONS = {
    "home": "home",
    "integrations": "integrations",
    "connect_kashflow": "integrations",
    "edit_connection": "integrations",
    "try_again": "integrations",
    "disconnect": "integrations",
    "import_preview": "import",
    "confirm_import": "import",
    "runs": "runs",
    "run": "runs",
    "cases": "cases",
    "case": "cases",
}


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Read only when a page shows it: the sign-in page asks the database for none of this."""
    member = SimpleLazyObject(lambda: membership_of(request.user) if hasattr(request, "user") else None)
    match = request.resolver_match
    demo = bool(getattr(settings, "ARREARS_DEMO", False))
    demo_login = getattr(settings, "ARREARS_DEMO_LOGIN", {}) if demo else {}
    return {
        "member": member,
        "section": _SECTIONS.get(match.url_name or "", "") if match else "",
        "attention_count": SimpleLazyObject(lambda: _attention_count(request)),
        "demo": demo,
        "demo_login": demo_login,
        "demo_fill": json.dumps({"login": demo_login.get("email"), "password": demo_login.get("password")}),
        "open_for_sign_up": SimpleLazyObject(lambda: not User.objects.exists()),
        "page_header": SimpleLazyObject(lambda: _header(request)),
    }


def _attention_count(request: HttpRequest) -> int:
    member = membership_of(request.user)
    if member is None:
        return 0
    return Connection.objects.filter(
        organisation=member.organisation_id, state=ConnectionState.NEEDS_ATTENTION
    ).count()


def _header(request: HttpRequest) -> SafeString:
    """The header of our own pages, for the account pages, which are Django templates."""
    return render_to_string("parts/header.html", request=request)
