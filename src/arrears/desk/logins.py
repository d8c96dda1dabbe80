"""Accounts for people whom somebody else lets in."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import SecretStr

from arrears.accounts.models import User
from arrears.desk.actors import Refused

_LONGEST_ADDRESS = 254


def login_for(email: str) -> tuple[User, SecretStr | None]:
    """The account of an e-mail address; a new one with a first password, shown once, if there was none.

    Raises Refused for an address that is none.
    """
    address = User.objects.normalize_email(email.strip()).lower()
    try:
        if len(address) > _LONGEST_ADDRESS:
            raise ValidationError("")
        validate_email(address)
    except ValidationError:
        raise Refused(
            f"“{email[:80]}” is not an e-mail address.",
            code="email",
            action="Enter one such as name@firm.example.",
        ) from None
    user = User.objects.filter(email__iexact=address).first()
    if user is not None:
        return user, None
    password = SecretStr(f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}")
    return User.objects.create_user(address, password.get_secret_value()), password
