"""What somebody hears of their organisation by e-mail, and how often."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from arrears.accounts.models import Membership, NoticeChoice
from arrears.accounts.notices import choice_of
from arrears.bridge.adapters import adapters
from arrears.core.notice import MEANINGS
from arrears.web.tenancy import for_members


class NoticeForm(forms.Form):
    """How often the digest comes, and what does not wait for it."""

    digest = forms.ChoiceField(choices=NoticeChoice.Every.choices)
    at_once = forms.MultipleChoiceField(
        choices=[(kind.value, meaning) for kind, meaning in MEANINGS.items()], required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def notices(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everybody decides for themselves, whatever their role."""
    choice = choice_of(membership, adapters().clock.now())
    form = NoticeForm(request.POST or None, initial={"digest": choice.digest, "at_once": choice.at_once})
    if request.method == "POST" and form.is_valid():
        _keep(choice, form.cleaned_data)
        messages.success(request, "Saved. Your e-mails follow this from now on.")
        return redirect("setting_notices")
    chosen: dict[str, Any] = {
        "every": NoticeChoice.Every,
        "meanings": {kind.value: meaning for kind, meaning in MEANINGS.items()},
        "choice": choice,
        "form": form,
    }
    return render(request, "people/notices.html", chosen, status=422 if form.errors else 200)


def _keep(choice: NoticeChoice, wanted: dict[str, Any]) -> None:
    """News of the past is not told anew because somebody turned something on."""
    choice.digest, choice.at_once = wanted["digest"], wanted["at_once"]
    choice.told_at = adapters().clock.now()
    choice.save(update_fields=["digest", "at_once", "told_at"])
