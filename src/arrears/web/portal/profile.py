"""What the desk knows about a partner, for the partner to read: the operator changes it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.core.vetting import WHAT_TO_SEE
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.partners.read_profile import read_profile
from arrears.desk.partners.read_scorecard import read_scorecard
from arrears.web.tenancy import for_partners


@require_safe
@for_partners
def portal_profile(request: HttpRequest, actor: Actor) -> HttpResponse:
    today = adapters().clock.today()
    profile = read_profile(actor, today=today)
    scores = read_scorecard(actor, profile.partner.public_id, today=today)
    context = {"profile": profile, "scores": scores, "what_to_see": WHAT_TO_SEE}
    return render(request, "portal/profile.html", context)
