"""The vault keeps secrets sealed, gives them back in their place, and destroys them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from arrears.accounts import root_keys, vault
from arrears.accounts.models import KeyCanary, Organisation, Secret
from arrears.accounts.root_keys import KeyProblem, RootKeys
from arrears.accounts.seal import CannotOpen
from tests.accounts.conftest import NOON

RECORD = "connection:1"


def read(organisation: int, record: str = RECORD, field: str = "password") -> str | None:
    secret = vault.read(organisation, record, field)
    return secret.get_secret_value() if secret else None


@pytest.fixture
def stored(key_path: Path, organisation: int) -> int:
    """An organisation with two secrets of one record and one of another."""
    vault.store(organisation, RECORD, "password", SecretStr("Zinc-Plated-1889"))
    vault.store(organisation, RECORD, "memorable_word", SecretStr("Calderdale"))
    vault.store(organisation, "connection:11", "password", SecretStr("another"))
    return organisation


def test_a_secret_comes_back_and_lies_sealed(stored: int) -> None:
    assert read(stored) == "Zinc-Plated-1889"
    assert read(stored, field="memorable_word") == "Calderdale"
    for row in Secret.objects.all():
        assert "Zinc" not in row.sealed
        assert "Calder" not in row.sealed


def test_what_was_never_stored_is_none(stored: int) -> None:
    assert read(stored, "connection:2") is None


def test_another_organisation_finds_nothing_there(stored: int) -> None:
    other = Organisation.objects.create(name="Other", created_at=NOON).pk

    assert read(other) is None


def test_storing_again_replaces(stored: int) -> None:
    vault.store(stored, RECORD, "password", SecretStr("new"))

    assert read(stored) == "new"
    assert Secret.objects.count() == 3


def test_one_field_is_forgotten_alone(stored: int) -> None:
    vault.forget(stored, RECORD, "memorable_word")

    assert read(stored, field="memorable_word") is None
    assert read(stored) == "Zinc-Plated-1889"


def test_a_record_is_forgotten_whole_and_no_other_with_it(stored: int) -> None:
    other = Organisation.objects.create(name="Other", created_at=NOON).pk
    vault.store(other, RECORD, "password", SecretStr("theirs"))

    vault.forget(stored, RECORD)

    assert read(stored) is None
    assert read(stored, field="memorable_word") is None
    assert read(stored, "connection:11") == "another"
    assert read(other) == "theirs"


def test_a_row_moved_to_another_organisation_does_not_open_there(stored: int) -> None:
    other = Organisation.objects.create(name="Other", created_at=NOON).pk
    Secret.objects.filter(organisation_id=stored).update(organisation_id=other)

    with pytest.raises(CannotOpen):
        read(other)


def test_a_sealed_text_copied_over_another_does_not_open(stored: int) -> None:
    word = Secret.objects.get(record=RECORD, field="memorable_word")
    Secret.objects.filter(record=RECORD, field="password").update(sealed=word.sealed)

    with pytest.raises(CannotOpen):
        read(stored)


def test_the_key_is_proven_again_and_again_with_one_canary(key_path: Path, organisation: int) -> None:
    vault.check_key()
    vault.check_key()

    assert KeyCanary.objects.count() == 1


def test_a_wrong_key_file_is_noticed_before_anything_is_written_with_it(stored: int, key_path: Path) -> None:
    vault.check_key()
    root_keys.write(key_path, RootKeys((root_keys.new_key(),)))

    with pytest.raises(KeyProblem, match=r"does not belong to this database\. Put back the key file"):
        vault.check_key()
    with pytest.raises(KeyProblem, match="does not belong to this database"):
        vault.rotate()
    assert len(root_keys.load(key_path, may_create=False)[0].keys) == 1


def test_a_missing_key_file_is_a_key_problem_and_is_never_made_here(stored: int, key_path: Path) -> None:
    key_path.unlink()

    with pytest.raises(KeyProblem, match="Make one with"):
        read(stored)
    assert not key_path.exists()


def test_keys_that_another_process_replaced_are_used_at_once(stored: int, key_path: Path) -> None:
    """The new file is as old and as long as the one before, so that nothing about it tells but its text."""
    old, _ = root_keys.load(key_path, may_create=False)
    times = key_path.stat()
    read(stored)
    root_keys.write(key_path, RootKeys((root_keys.new_key(),)))
    os.utime(key_path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(CannotOpen):
        read(stored)
    root_keys.write(key_path, old)
    assert read(stored) == "Zinc-Plated-1889"
