"""What we have allauth do otherwise than it would: count guesses our way, and speak our language."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse

from arrears.accounts import vault
from arrears.accounts.models import User
from arrears.web.account.guesses import count_guess, forget_guesses, remember
from arrears.web.account.passkeys import own_host
from arrears.web.sign_up import FirstOwnerAdapter


class AccountAdapter(FirstOwnerAdapter):
    """Counts guesses so that they lock nobody out, and knows a browser again that has signed in."""

    error_messages = FirstOwnerAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not correct.",
        "too_many_login_attempts": (
            "Too many failed attempts to sign in. Wait five minutes, or choose a new password by e-mail."
        ),
        "rate_limited": "Too many requests one after the other. Wait a minute, then try again.",
        "incorrect_code": "This code is not right. Enter the one that your app shows now.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your current password.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth takes it back from here when the password turns out right.
        self._login_failed_rl_usage = count_guess(request, credentials.get("email") or "")
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth asks for this when a password was reset."""
        forget_guesses(request, credentials.get("email") or "")

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **told)
        remember(response, user.email)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Seals the secrets, and gives names in our words, on the phone and in the list of passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not work. Try again, or use another way to sign in.",
    }

    def encrypt(self, text: str) -> str:
        return vault.seal_second_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_second_factor(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Arrears"

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 # allauth's signature
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": own_host(), "name": "Arrears"}
