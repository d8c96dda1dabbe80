"""A sealed text opens in its own place with its own key, and nowhere else, whatever was done to it."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.accounts.root_keys import RootKeys
from arrears.accounts.seal import CannotOpen, Place, reseal, seal, unseal

KEYS = RootKeys((b"1" * 32,))
OTHER = RootKeys((b"2" * 32,))
HERE = Place(7, "connection:3", "password")
SEALED = seal(KEYS, HERE, "Zinc-Plated-1889")

#: Among them places that would be the same if their parts were merely written one after the other.
PLACES = [
    Place(organisation, record, field)
    for organisation, record, field in itertools.product(
        (0, 1, 11, 111), ("connection:1", "connection:11", "connection:", 'c","d', "c"),
        ("password", "memorable_word", "1password", "", 'd","password'),
    )
]  # fmt: skip


def test_each_sealed_text_opens_only_in_its_own_place() -> None:
    assert len(PLACES) >= 100
    sealed = {place: seal(KEYS, place, f"secret of {place}") for place in PLACES}

    opened = set()
    for place, origin in itertools.product(PLACES, PLACES):
        try:
            secret = unseal(KEYS, place, sealed[origin])
        except CannotOpen:
            continue
        assert secret == f"secret of {origin}"
        opened.add((place, origin))

    assert opened == {(place, place) for place in PLACES}


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        unseal(OTHER, HERE, SEALED)


def test_the_same_secret_looks_different_each_time() -> None:
    assert seal(KEYS, HERE, "Calderdale") != seal(KEYS, HERE, "Calderdale")


@given(st.text())
def test_whatever_was_sealed_comes_back(secret: str) -> None:
    assert unseal(KEYS, HERE, seal(KEYS, HERE, secret)) == secret


@given(st.integers(0, len(base64.urlsafe_b64decode(SEALED)) * 8 - 1))
def test_a_flipped_bit_closes_it(bit: int) -> None:
    data = bytearray(base64.urlsafe_b64decode(SEALED))
    data[bit // 8] ^= 1 << bit % 8

    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, base64.urlsafe_b64encode(bytes(data)).decode())


@given(st.integers(0, len(SEALED) - 1))
def test_a_text_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, SEALED[:length])


@given(st.integers(0, len(base64.urlsafe_b64decode(SEALED)) - 1))
def test_data_cut_short_does_not_open(length: int) -> None:
    cut = base64.urlsafe_b64decode(SEALED)[:length]

    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, base64.urlsafe_b64encode(cut).decode())


@given(st.text())
def test_any_other_text_does_not_open(text: str) -> None:
    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, text)


@given(st.binary())
def test_any_other_data_does_not_open(data: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, base64.urlsafe_b64encode(b"\x80" + data).decode())


def test_a_lone_surrogate_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, "\ud800")


def test_sealed_again_it_opens_with_the_newest_key_alone() -> None:
    old, new = KEYS.keys[0], b"3" * 32

    again = reseal(RootKeys((new, old)), HERE, SEALED)

    assert unseal(RootKeys((new,)), HERE, again) == "Zinc-Plated-1889"
    with pytest.raises(CannotOpen):
        unseal(KEYS, HERE, again)


def test_what_is_told_about_a_closed_text_holds_no_part_of_it() -> None:
    with pytest.raises(CannotOpen) as problem:
        unseal(OTHER, HERE, SEALED)

    assert SEALED[:12] not in str(problem.value)
