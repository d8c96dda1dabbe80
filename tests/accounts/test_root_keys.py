"""The key file is closed to others, replaced in one step, and refused when it is not what it should be."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pytest

from arrears.accounts import root_keys
from arrears.accounts.root_keys import KeyProblem, RootKeys

FIRST, SECOND = b"1" * 32, b"2" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "root.key"


def text_of(*keys: bytes) -> str:
    return "".join(base64.urlsafe_b64encode(key).decode() + "\n" for key in keys)


def test_a_missing_file_is_made_for_its_owner_alone_where_that_is_allowed(path: Path) -> None:
    before = os.umask(0)
    try:
        keys, made = root_keys.load(path, may_create=True)
    finally:
        os.umask(before)

    assert made
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [len(key) for key in keys.keys] == [32]


def test_the_file_is_made_once(path: Path) -> None:
    first, _ = root_keys.load(path, may_create=True)

    assert root_keys.load(path, may_create=True) == (first, False)


def test_processes_that_start_together_agree_on_one_key(path: Path) -> None:
    together, loaded = threading.Barrier(8), []

    def start() -> None:
        together.wait()
        loaded.append(root_keys.load(path, may_create=True))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({keys for keys, _ in loaded}) == 1
    assert [made for _, made in loaded].count(True) == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["root.key"]


def test_making_a_key_never_replaces_one_that_came_in_between(path: Path) -> None:
    root_keys.write(path, RootKeys((FIRST,)))

    assert not root_keys.create(path)
    assert root_keys.load(path, may_create=False)[0].keys == (FIRST,)


def test_a_missing_file_that_may_not_be_made_comes_with_the_command_that_makes_it(path: Path) -> None:
    with pytest.raises(KeyProblem, match=f"Make one with: arrears keys new {path}"):
        root_keys.load(path, may_create=False)

    assert not path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666])
def test_a_file_open_to_others_is_refused_with_the_command_that_closes_it(path: Path, mode: int) -> None:
    root_keys.write(path, RootKeys((FIRST,)))
    path.chmod(mode)

    with pytest.raises(KeyProblem, match=f"chmod 600 {path}"):
        root_keys.load(path, may_create=True)


@pytest.mark.parametrize(
    "text",
    [
        "not a key\n",
        text_of(FIRST)[:-3],
        text_of(FIRST[:31]),
        text_of(FIRST + b"1"),
        text_of(FIRST) + "rubbish\n",
        text_of(FIRST).replace("M", "!", 1),
        "!" + text_of(FIRST),
        "é" + text_of(FIRST),
        "\x00" * 45,
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, text: str) -> None:
    root_keys.write(path, RootKeys((FIRST,)))
    path.write_text(text, encoding="utf-8")

    with pytest.raises(KeyProblem, match=r"holds a line that is not a key\. Restore the file from your"):
        root_keys.load(path, may_create=True)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["", "\n", "  \n\n"])
def test_an_empty_file_is_refused_and_not_filled(path: Path, text: str) -> None:
    root_keys.write(path, RootKeys((FIRST,)))
    path.write_text(text)

    with pytest.raises(KeyProblem, match=r"is empty\. Restore the file from your backup"):
        root_keys.load(path, may_create=True)
    assert path.read_text() == text


def test_a_folder_in_the_place_of_the_file_is_a_key_problem(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(KeyProblem, match=r"cannot be used \(Is a directory\)"):
        root_keys.load(path, may_create=True)


def test_no_message_about_a_damaged_file_repeats_what_is_in_it(path: Path) -> None:
    root_keys.write(path, RootKeys((FIRST,)))
    path.write_text(text_of(FIRST)[:-4] + "\n")

    with pytest.raises(KeyProblem) as problem:
        root_keys.load(path, may_create=False)
    assert text_of(FIRST)[:10] not in str(problem.value)


def test_keys_come_back_in_their_order_and_are_never_shown(path: Path) -> None:
    root_keys.write(path, RootKeys((SECOND, FIRST)))

    keys, _ = root_keys.load(path, may_create=False)
    assert keys.keys == (SECOND, FIRST)
    assert "1111" not in repr(keys)


def test_replacing_the_file_leaves_the_old_one_whole_until_the_new_one_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root_keys.write(path, RootKeys((FIRST,)))
    seen: list[tuple[str, int]] = []

    def stopped(draft: Path, target: Path) -> None:
        seen.append((draft.read_text(), draft.stat().st_mode & 0o777))
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        root_keys.write(path, RootKeys((SECOND, FIRST)))

    assert seen == [(text_of(SECOND, FIRST), 0o600)]
    assert path.read_text() == text_of(FIRST)


def test_the_file_can_be_named_and_otherwise_lies_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARREARS_KEY_FILE", raising=False)
    assert root_keys.key_file(tmp_path) == tmp_path / "keys" / "root.key"

    monkeypatch.setenv("ARREARS_KEY_FILE", "~/elsewhere.key")
    assert root_keys.key_file(tmp_path) == Path.home() / "elsewhere.key"
