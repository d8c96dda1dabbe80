"""Settings: the organisation itself, and the way to everything that can be set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.web.tenancy import for_members


@require_safe
@for_members
def settings_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    return render(request, "people/settings.html", {"organisation": membership.organisation})
