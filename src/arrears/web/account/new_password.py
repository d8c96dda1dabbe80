"""A forgotten password: a link by e-mail to choose another one."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.views import PasswordResetDoneView, PasswordResetFromKeyView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from procrastinate.contrib.django import app

from arrears.bridge import queue
from arrears.web.account.guesses import remember
from arrears.web.account_forms import NEW_PASSWORD_HINT, label
from arrears.web.jobs import NOBODY, SEND_PASSWORD_LINK


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc] # allauth has no types
    """The e-mail address that a link is sent to, if somebody has an account with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields["email"], "E-mail address")
        self.fields["email"].widget.attrs |= {"autocomplete": "username", "autofocus": True}

    def save(self, request: HttpRequest, **_: Any) -> str:  # noqa: ARG002 # allauth's signature
        """Leave the sending to a worker: here it would take longer for an account than for none.

        The job holds no address and no link, and is queued for a stranger's address as well.
        """
        user_id = self.users[0].pk if self.users else NOBODY
        app.configure_task(SEND_PASSWORD_LINK, queue=queue.SHARED, priority=1).defer(user_id=user_id)
        email: str = self.cleaned_data["email"]
        return email


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc] # allauth has no types
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields["password1"], "New password", NEW_PASSWORD_HINT)
        label(self.fields["password2"], "New password again")


class LinkSentView(PasswordResetDoneView):  # type: ignore[misc] # allauth has no types
    """Says that a link is on its way, and where it goes when e-mails do not leave this machine."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
        where = {"console": "prints them on its console", "filebased": "writes them into files"}
        return {**super().get_context_data(**kwargs), "instead_of_sending": where.get(backend, "")}


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc] # allauth has no types
    """Where the link leads. It lets nobody in: signing in comes after, with the second step if there is one.

    Whoever came by the link is known to this browser from now on, so that guesses elsewhere do not keep them
    from signing in.
    """

    success_url = reverse_lazy("account_login")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        remember(response, self.reset_user.email)
        return response
