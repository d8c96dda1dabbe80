"""A vault with its own key file, and organisations that keep secrets in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from arrears.accounts import root_keys, vault
from arrears.accounts.models import Organisation

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def key_path(tmp_path: Path, settings: Settings) -> Path:
    """The key file of this test's vault."""
    path = tmp_path / "root.key"
    root_keys.create(path)
    settings.ARREARS_KEY_FILE = str(path)
    return path


@pytest.fixture
def organisation(transactional_db: None) -> int:
    return Organisation.objects.create(name="Pennine", created_at=NOON).pk


Fill = Callable[[int], dict[str, str]]


@pytest.fixture
def fill(key_path: Path, organisation: int) -> Fill:
    """Put so many secrets into the vault and tell them by record."""

    def filled(count: int) -> dict[str, str]:
        kept = {f"connection:{number}": f"secret {number}" for number in range(count)}
        for record, secret in kept.items():
            vault.store(organisation, record, "password", SecretStr(secret))
        return kept

    return filled


def everything(organisation: int, kept: dict[str, str]) -> dict[str, str]:
    """What the vault gives for the records of `kept`."""
    found = {record: vault.read(organisation, record, "password") for record in kept}
    return {record: secret.get_secret_value() for record, secret in found.items() if secret is not None}
