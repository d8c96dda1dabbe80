"""Secrets of second factors lie sealed in the database, open for their owner, and move to a new root key."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from arrears.accounts import vault
from arrears.accounts.models import User
from arrears.accounts.root_keys import KeyProblem


@pytest.fixture
def user(key_path: Path, transactional_db: None) -> User:
    return User.objects.create_user("anna@pennine.example", "a long enough sentence")


def test_nothing_of_a_second_factor_lies_in_clear(user: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()

    kept = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]
    assert len(kept) == 2
    assert not any(secret in text or code in text for text in kept for code in codes)
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_a_new_root_key_opens_the_factors_that_were_there_before(user: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    before = Authenticator.objects.get(type="totp").data["secret"]

    assert vault.rotate() == 2

    after = Authenticator.objects.get(type="totp")
    assert after.data["secret"] != before
    assert get_adapter().decrypt(after.data["secret"]) == secret
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


def test_a_factor_that_does_not_open_keeps_the_old_key(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    factor = Authenticator.objects.get(type="totp")
    factor.data = {"secret": "damaged"}
    factor.save()
    with pytest.raises(KeyProblem, match="second factor"):
        vault.rotate()
