"""allauth's forms in the words of our own pages: labels as sentences, and nothing said twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms

_CURRENT = "Current password"


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc] # allauth has no types
    """The password that is in use, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields["oldpassword"], _CURRENT)
        _label(
            self.fields["password1"],
            "New password",
            "At least 12 characters. A sentence is easier to remember.",
        )
        _label(self.fields["password2"], "New password again")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc] # allauth has no types
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields["password"], _CURRENT)


def _label(field: Any, label: str, hint: str = "") -> None:
    """Say what goes into a field, and nothing twice: allauth's placeholders repeat its labels."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
