"""Settings: keys with which the organisation's own programs act for it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from arrears.accounts.api_keys import make_key, revoke_key
from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.core.access import Permission
from arrears.web.form_fields import line_field
from arrears.web.tenancy import members_who


class KeyForm(forms.Form):
    name = line_field("What it is for", "Say what the key is for, such as “ERP in Leeds”.", longest=100)


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def keys(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The keys, and a form for another. A new key is on this answer and nowhere else."""
    form, made = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        name, now = form.cleaned_data["name"], adapters().clock.now()
        key, text = make_key(membership.organisation, name, membership.user.email, now)
        made, form = {"key": key, "text": text.get_secret_value()}, KeyForm()
    there = membership.organisation.api_keys.order_by("revoked_at", "-pk")
    context = {"form": form, "made": made, "keys": sorted(there, key=lambda key: key.revoked_at is not None)}
    return render(request, "people/keys.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def key_revoke(request: HttpRequest, membership: Membership, key_id: int) -> HttpResponse:
    key = get_object_or_404(membership.organisation.api_keys.filter(revoked_at=None), pk=key_id)
    if request.method != "POST":
        return render(request, "people/key_revoke.html", {"key": key})
    if not revoke_key(membership.organisation_id, key.pk, adapters().clock.now()):
        raise Http404
    messages.success(request, f"The key “{key.name}” lets nobody in any more.")
    return redirect("setting_keys")
