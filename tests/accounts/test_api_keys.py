"""API keys: shown once, kept as a hash, found while they are good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from arrears.accounts.api_keys import find_key, make_key, revoke_key
from arrears.accounts.models import ApiKey, Organisation

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def firm(db: None) -> Organisation:
    return Organisation.objects.create(name="Firm", created_at=NOON)


def test_a_key_is_found_by_its_text_and_kept_only_as_a_hash(firm: Organisation) -> None:
    key, text = make_key(firm, "ledger", "jo@firm.example", NOON)

    assert find_key(text.get_secret_value(), NOON) == key
    stored = " ".join(str(value) for value in ApiKey.objects.filter(pk=key.pk).values_list()[0])
    assert text.get_secret_value() not in stored
    assert text.get_secret_value() not in repr(key)
    assert text.get_secret_value().startswith(key.start)


@pytest.mark.parametrize("text", ["", "arr_nothing", "x" * 10_000, "\0", "\ud800"])
def test_other_texts_find_nothing(firm: Organisation, text: str) -> None:
    make_key(firm, "ledger", "", NOON)
    assert find_key(text, NOON) is None


def test_a_revoked_key_is_no_key(firm: Organisation) -> None:
    key, text = make_key(firm, "ledger", "", NOON)

    assert revoke_key(firm.pk, key.pk, NOON)
    assert find_key(text.get_secret_value(), NOON) is None
    assert not revoke_key(firm.pk, key.pk, NOON)


def test_another_organisation_cannot_revoke_it(firm: Organisation) -> None:
    key, text = make_key(firm, "ledger", "", NOON)
    other = Organisation.objects.create(name="Other", created_at=NOON)

    assert not revoke_key(other.pk, key.pk, NOON)
    assert find_key(text.get_secret_value(), NOON) == key


def test_last_use_is_noted_at_most_once_a_minute(firm: Organisation) -> None:
    key, text = make_key(firm, "ledger", "", NOON)
    for seconds in (0, 30, 59):
        find_key(text.get_secret_value(), NOON + timedelta(seconds=seconds))
    key.refresh_from_db()
    assert key.last_used_at == NOON

    find_key(text.get_secret_value(), NOON + timedelta(seconds=60))
    key.refresh_from_db()
    assert key.last_used_at == NOON + timedelta(seconds=60)
