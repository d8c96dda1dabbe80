"""The first person to sign up owns the installation: a company's cases, and the desk. Then it is closed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest

from arrears.accounts.audit import Action, Who, acting, acting_as, note
from arrears.accounts.models import User
from arrears.accounts.organisations import make_creditor, make_operator
from arrears.bridge.adapters import adapters

#: Any number will do, as long as every process uses the same one and nothing else does.
_LOCK = 4_172_035


class FirstOwnerAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Open for sign-up only while nobody has an account here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 # allauth's signature
        return not User.objects.exists()


class FirstOwnerForm(SignupForm):  # type: ignore[misc] # allauth has no types
    """E-mail address and password, and the company whose invoices this is about."""

    company = forms.CharField(
        label="Company name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )

    field_order = ["company", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Your e-mail address"
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["password1"].help_text = "At least 12 characters. A sentence is easier to remember."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def save(self, request: HttpRequest) -> User:
        """Create the owner with both organisations, or nothing. Two people at once: one of them is first."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
            if User.objects.exists():
                raise PermissionDenied("Somebody else has signed up a moment ago. Ask them to let you in.")
            user: User = super().save(request)
            now = adapters().clock.now()
            company = make_creditor(self.cleaned_data["company"], user, now)
            make_operator(user, now)
            with acting_as(Who(user.email, user.pk, acting().address)):
                note(company.pk, Action.SIGNED_UP, f"Signed up, and founded {company.name}.", now)
        return user
