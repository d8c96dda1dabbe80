"""Settings: ask somebody to join by e-mail, ask again, take it back. The link is never shown here."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from arrears.accounts.invitation_mail import send_invitation
from arrears.accounts.invitations import DAYS, Issued, invite, open_invitations, resend, revoke
from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.core.access import PURPOSES, Permission, Role
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.people.pace import too_often
from arrears.web.tenancy import members_who

#: How many invitations one person may have sent: nobody's mailbox is to be flooded in our name.
_PACE = "60/h/user"
_ADDRESS = "Enter an e-mail address such as name@firm.example."


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _ADDRESS, "invalid": _ADDRESS},
    )
    role = forms.ChoiceField(
        choices=[(role.value, role.value.capitalize()) for role in Role],
        initial=Role.FINANCE.value,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def invitations(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if slowed := too_often(request, "send an invitation", _PACE):
            return slowed
        given = form.cleaned_data
        now = adapters().clock.now()
        try:
            issued = invite(
                membership.organisation_id, given["email"], Role(given["role"]), membership.user, now
            )
        except NeedsAttention as problem:
            form.add_error("email", problem.in_full)
        else:
            _send(request, issued)
            return redirect("setting_invitations")
    return _page(request, membership, form)


@require_POST
@members_who(Permission.MANAGE)
def invitation_resend(request: HttpRequest, membership: Membership, invitation_id: int) -> HttpResponseBase:
    if slowed := too_often(request, "send an invitation", _PACE):
        return slowed
    issued = resend(membership.organisation_id, invitation_id, adapters().clock.now())
    if issued is None:
        raise Http404
    _send(request, issued)
    return redirect("setting_invitations")


@require_POST
@members_who(Permission.MANAGE)
def invitation_revoke(request: HttpRequest, membership: Membership, invitation_id: int) -> HttpResponseBase:
    revoked = revoke(membership.organisation_id, invitation_id, adapters().clock.now())
    if revoked is None:
        raise Http404
    messages.success(request, f"The link sent to {revoked.email} works no more.")
    return redirect("setting_invitations")


def _page(request: HttpRequest, membership: Membership, form: InvitationForm) -> HttpResponse:
    context = {
        "form": form,
        "role": form["role"].value(),
        "roles": PURPOSES,
        "days": DAYS,
        "now": adapters().clock.now(),
        "invitations": open_invitations(membership.organisation_id),
        "mail_goes": _where_mail_goes(),
    }
    return render(request, "people/invitations.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, issued: Issued) -> None:
    try:
        send_invitation(issued)
    except TryAgainLater as problem:
        messages.error(request, f"{problem} The invitation is in the list below: send it again in a while.")
    else:
        messages.success(request, f"The invitation is on its way to {issued.invitation.email}.")


def _where_mail_goes() -> str:
    """For the demo, whose e-mails reach nobody. Elsewhere it is nothing that a page should tell."""
    if not settings.ARREARS_DEMO:
        return ""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return f"This demo writes e-mails into the folder {settings.EMAIL_FILE_PATH}."
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return "This demo writes e-mails to the console of the web server."
    return ""
