"""Several organisations: act for another one, or found one more."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from arrears.accounts.models import Membership
from arrears.accounts.organisations import found_creditor
from arrears.bridge.adapters import adapters
from arrears.web.form_fields import line_field
from arrears.web.tenancy import CHOSEN, for_members, memberships_of


class NewOrganisationForm(forms.Form):
    name = line_field(
        "Name of the company", "Enter the company's name.", longest=200, hint="As it stands on its invoices."
    )


@require_POST
@for_members
def switch_organisation(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Act for another of the organisations that somebody belongs to."""
    asked = request.POST.get("organisation", "")
    chosen = next((one for one in memberships_of(request) if str(one.organisation.public_id) == asked), None)
    if chosen is None:
        raise Http404
    request.session[CHOSEN] = chosen.organisation_id
    if chosen != membership:
        messages.success(request, f"You act for {chosen.organisation.name} now.")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new_organisation(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Found another organisation, such as a bookkeeper's next client. Whoever does it owns it."""
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        founded = found_creditor(form.cleaned_data["name"], membership.user, adapters().clock.now())
        request.session[CHOSEN] = founded.pk
        messages.success(request, f"{founded.name} is set up, and you own it. You act for it now.")
        return redirect("home")
    return render(request, "people/new_organisation.html", {"form": form}, status=422 if form.errors else 200)
