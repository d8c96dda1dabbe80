"""Moving every secret to a new key: nothing is ever unreadable, whenever it is stopped, whoever works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from pydantic import SecretStr

from arrears.accounts import root_keys, vault
from arrears.accounts.models import KeyCanary, Secret
from arrears.accounts.root_keys import KeyProblem, RootKeys
from arrears.accounts.seal import CannotOpen, Place, reseal, seal
from tests import other_process
from tests.accounts.conftest import Fill, everything

SECRETS = 5


class Killed(BaseException):
    """The process died here. Not an Exception, so that nothing in between can catch it."""


def keys_in(path: Path) -> tuple[bytes, ...]:
    return root_keys.load(path, may_create=False)[0].keys


def test_every_secret_opens_with_the_new_key_alone_and_not_with_the_old(
    fill: Fill, key_path: Path, organisation: int
) -> None:
    kept = fill(SECRETS)
    (old,) = keys_in(key_path)

    assert vault.rotate() == SECRETS

    (new,) = keys_in(key_path)
    assert new != old
    assert everything(organisation, kept) == kept
    vault.check_key()
    root_keys.write(key_path, RootKeys((old,)))
    for record in kept:
        with pytest.raises(CannotOpen):
            vault.read(organisation, record, "password")
    with pytest.raises(KeyProblem):
        vault.check_key()


def test_more_secrets_than_fit_in_one_transaction_are_all_moved(
    fill: Fill, key_path: Path, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_ROTATION_CHUNK", 2)
    kept = fill(SECRETS)

    assert vault.rotate() == SECRETS
    assert everything(organisation, kept) == kept


def test_an_empty_vault_can_be_rotated(key_path: Path, organisation: int) -> None:
    assert vault.rotate() == 0
    vault.check_key()


Kill = Callable[[pytest.MonkeyPatch], None]


def after_moving(rows: int) -> Kill:
    """Die in the middle: so many secrets (and then the canary) have been sealed again."""

    def kill(patch: pytest.MonkeyPatch) -> None:
        done = 0

        def dying(keys: RootKeys, place: Place, sealed: str) -> str:
            nonlocal done
            if done == rows:
                raise Killed
            done += 1
            return reseal(keys, place, sealed)

        patch.setattr(vault, "reseal", dying)

    return kill


def at_file_write(number: int, *, done: bool) -> Kill:
    """Die at the first or second change of the key file, before or after it is on disk."""

    def kill(patch: pytest.MonkeyPatch) -> None:
        write, calls = root_keys.write, 0

        def dying(path: Path, keys: RootKeys) -> None:
            nonlocal calls
            calls += 1
            if calls == number and not done:
                raise Killed
            write(path, keys)
            if calls == number:
                raise Killed

        patch.setattr(root_keys, "write", dying)

    return kill


KILLS = [after_moving(rows) for rows in range(SECRETS + 1)]
KILLS += [at_file_write(number, done=done) for number in (1, 2) for done in (False, True)]


@pytest.mark.parametrize("kill", KILLS)
def test_killed_anywhere_everything_stays_readable_and_running_it_again_finishes(
    kill: Kill, fill: Fill, key_path: Path, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_ROTATION_CHUNK", 2)
    kept = fill(SECRETS)
    (old,) = keys_in(key_path)

    with monkeypatch.context() as patch:
        kill(patch)
        with pytest.raises(Killed):
            vault.rotate()

    assert everything(organisation, kept) == kept
    vault.check_key()
    assert vault.rotate() == SECRETS
    assert everything(organisation, kept) == kept
    vault.check_key()
    (new,) = keys_in(key_path)
    assert new != old


def test_killed_twice_in_a_row_nothing_is_lost(
    fill: Fill, key_path: Path, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_ROTATION_CHUNK", 2)
    kept = fill(SECRETS)
    for rows in (4, 2):
        with monkeypatch.context() as patch:
            after_moving(rows)(patch)
            with pytest.raises(Killed):
                vault.rotate()

    assert everything(organisation, kept) == kept
    vault.rotate()
    assert len(keys_in(key_path)) == 1
    assert everything(organisation, kept) == kept


def test_a_secret_that_does_not_open_is_named_and_keeps_its_key(
    fill: Fill, key_path: Path, organisation: int
) -> None:
    kept = fill(SECRETS)
    Secret.objects.filter(record="connection:3").update(sealed="damaged")
    del kept["connection:3"]

    with pytest.raises(KeyProblem, match=r"opens the password of connection 3\. Enter that login again"):
        vault.rotate()

    assert everything(organisation, kept) == kept
    vault.store(organisation, "connection:3", "password", SecretStr("typed again"))
    assert vault.rotate() == SECRETS


def test_rotations_at_once_lose_no_key(fill: Fill, key_path: Path, organisation: int) -> None:
    kept = fill(SECRETS)
    assert in_threads([vault.rotate] * 4) == [SECRETS] * 4

    assert len(keys_in(key_path)) == 1
    assert everything(organisation, kept) == kept
    vault.check_key()
    assert KeyCanary.objects.count() == 1


def test_a_rotation_waits_for_the_secret_that_somebody_is_just_storing(
    fill: Fill, key_path: Path, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret is sealed with the old key and not yet written when the rotation starts."""
    fill(1)
    sealed, go_on = threading.Event(), threading.Event()

    def slow(keys: RootKeys, place: Place, secret: str) -> str:
        text = seal(keys, place, secret)
        if place.record == "late":
            sealed.set()
            assert go_on.wait(30)
        return text

    monkeypatch.setattr(vault, "seal", slow)

    def store() -> None:
        vault.store(organisation, "late", "password", SecretStr("in time"))

    def rotate() -> int:
        assert sealed.wait(30)
        threading.Timer(0.5, go_on.set).start()
        return vault.rotate()

    assert in_threads([store, rotate]) == [None, 2]

    assert everything(organisation, {"late": ""}) == {"late": "in time"}


def test_reading_meanwhile_never_fails(fill: Fill, key_path: Path, organisation: int) -> None:
    kept = fill(SECRETS)
    stop = threading.Event()

    def read() -> int:
        rounds = 0
        while not stop.is_set():
            assert everything(organisation, kept) == kept
            vault.check_key()
            rounds += 1
        return rounds

    def rotate() -> None:
        try:
            for _ in range(10):
                vault.rotate()
        finally:
            stop.set()

    first, second, _ = in_threads([read, read, rotate])
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert first + second > 0


def test_another_process_that_rotated_is_noticed(fill: Fill, key_path: Path, organisation: int) -> None:
    kept = fill(SECRETS)
    assert everything(organisation, kept) == kept

    done = other_process.arrears("keys", "rotate")

    assert done.returncode == 0, done.stderr
    assert f"Secrets moved to it: {SECRETS}." in done.stdout
    assert everything(organisation, kept) == kept
    vault.check_key()


def in_threads(tasks: list[Callable[[], object]]) -> list[object]:
    """Do the tasks at once, each with its own database connection, and give their results or errors."""
    results: list[object] = [None] * len(tasks)

    def work(number: int, task: Callable[[], object]) -> None:
        try:
            results[number] = task()
        except Exception as error:  # noqa: BLE001 - the comparison of results shows it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=entry) for entry in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
