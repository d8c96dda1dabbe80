"""What every page can show: whose it is, where in the product we are, what the demo gives away."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from arrears.accounts.models import User
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import Connection, ConnectionState
from arrears.web.account.passkeys import why_no_passkeys
from arrears.web.areas import CREDITOR, Place, place_of
from arrears.web.tenancy import membership_of

#: The page of a creditor's navigation that each address belongs to.
_SECTIONS = {
    "home": "home",
    "integrations": "integrations",
    "connect_kashflow": "integrations",
    "edit_connection": "integrations",
    "try_again": "integrations",
    "disconnect": "integrations",
    "connect_debitura": "integrations",
    "check_account": "integrations",
    "edit_collector": "integrations",
    "remove_collector": "integrations",
    "remove_test_cases": "integrations",
    "done_elsewhere": "runs",
    "say_on_case": "cases",
    "attach_to_case": "cases",
    "import_preview": "import",
    "confirm_import": "import",
    "runs": "runs",
    "run": "runs",
    "cases": "cases",
    "case": "cases",
    "case_act": "cases",
    "case_act_on": "cases",
    "agreements": "agreements",
}

#: The same for addresses whose names begin alike.
_STARTS = {
    "setting": "settings",
    "polic": "policies",
    "import_": "import",
    "run_": "runs",
    "case_": "cases",
    "cases_": "cases",
}


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Read only when a page shows it: the sign-in page asks the database for none of this."""
    match = request.resolver_match
    page = (match.url_name or "") if match else ""

    @cache
    def place() -> Place | None:
        return place_of(request, page) if hasattr(request, "user") else None

    demo = bool(getattr(settings, "ARREARS_DEMO", False))
    demo_login = getattr(settings, "ARREARS_DEMO_LOGIN", {}) if demo else {}
    return {
        "place": SimpleLazyObject(place),
        "member": SimpleLazyObject(lambda: here.member if (here := place()) else None),
        "section": SimpleLazyObject(lambda: _section(place(), page)),
        "attention_count": SimpleLazyObject(lambda: _attention_count(request)),
        "demo": demo,
        "demo_login": demo_login,
        "demo_fill": json.dumps({"login": demo_login.get("email"), "password": demo_login.get("password")}),
        "open_for_sign_up": SimpleLazyObject(lambda: not User.objects.exists()),
        "no_passkeys": SimpleLazyObject(lambda: why_no_passkeys(request)),
        "page_header": SimpleLazyObject(lambda: _header(request)),
    }


def _section(place: Place | None, page: str) -> str:
    if not place:  # nobody is signed in
        return ""
    if place.area is not CREDITOR:
        return place.section
    return _SECTIONS.get(page) or next(
        (place for start, place in _STARTS.items() if page.startswith(start)), ""
    )


def _attention_count(request: HttpRequest) -> int:
    member = membership_of(request)
    if member is None:
        return 0
    wanting = Connection.objects.filter(
        organisation=member.organisation_id, state=ConnectionState.NEEDS_ATTENTION
    ).count()
    return wanting + accounts_of(member.organisation_id).filter(state=ConnectionState.NEEDS_ATTENTION).count()


def _header(request: HttpRequest) -> SafeString:
    """The header of our own pages, for the account pages, which are Django templates."""
    return render_to_string("parts/header.html", request=request)
