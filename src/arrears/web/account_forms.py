"""allauth's forms in the words of our own pages: labels as sentences, and nothing said twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms

_CURRENT = "Current password"
NEW_PASSWORD_HINT = "At least 12 characters. A sentence is easier to remember."  # noqa: S105 # a hint


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc] # allauth has no types
    """The password that is in use, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields["oldpassword"], _CURRENT)
        label(
            self.fields["password1"],
            "New password",
            NEW_PASSWORD_HINT,
        )
        label(self.fields["password2"], "New password again")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc] # allauth has no types
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields["password"], _CURRENT)


def label(field: Any, label: str, hint: str = "") -> None:
    """Say what goes into a field, and nothing twice: allauth's placeholders repeat its labels."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
