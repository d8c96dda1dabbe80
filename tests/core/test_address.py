"""Addresses as bookkeepers type them, and what must come of them. All streets and firms are invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.address import (
    Address,
    Confidence,
    PostalLines,
    postcode_fits,
    postcode_required,
    split_address,
    tidy_lines,
)

#: What is typed (lines parted by "|", postcode, country code) and what must come of it.
with (Path(__file__).parent / "addresses.csv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))


def read(lines: str, postcode: str = "", code: str = "", name: str = "", home: str = "GB") -> Address:
    return split_address(PostalLines(tuple(lines.split("|")), postcode, code, name), home)


every_row = pytest.mark.parametrize("row", ROWS, ids=[row["lines"] for row in ROWS])


@every_row
def test_lines_are_split_as_a_person_would(row: dict[str, str]) -> None:
    found = read(row["lines"], row["postcode"], row["code"])
    wanted = {field: row[field] for field in ("street", "city", "zip", "state", "country")}
    assert {field: getattr(found, field) for field in wanted} == wanted


@every_row
def test_a_reading_reads_the_same_again(row: dict[str, str]) -> None:
    first = read(row["lines"], row["postcode"], row["code"])
    again = split_address(PostalLines((first.street, first.city, first.state), first.zip, first.country))
    assert again.country == first.country
    assert again.zip == first.zip
    if first.city:
        assert (again.street, again.city) == (first.street, first.city)


@pytest.mark.parametrize(
    ("lines", "postcode", "code", "name", "told"),
    [
        ("9 Quay Row|Bristol", "BS1 0AA", "BR", "Brazil", "a postcode from elsewhere (United Kingdom)"),
        ("9 Quay Row|Bristol BS1 0AA", "", "BR", "", "given as Brazil"),
        ("9 Quay Row|Bristol|England", "", "BR", "", "the address ends in United Kingdom"),
        ("Lindenweg 5|10115 Berlin|Germany", "", "GB", "", "the address ends in Germany"),
        ("4 Quay Row|Dublin", "D02 X285", "GB", "", "“D02 X285” is a postcode from elsewhere (Ireland)"),
        ("4 Tannery Row|Belfast|Northern Ireland", "", "IE", "", "the address ends in United Kingdom"),
        ("4 Tannery Row|Leeds", "LS1 4AB", "GB", "Brazil", "the country name says Brazil"),
    ],
)  # fmt: skip
def test_an_address_that_contradicts_its_country_says_so(
    lines: str, postcode: str, code: str, name: str, told: str
) -> None:
    found = read(lines, postcode, code, name)
    assert told in found.country_conflict
    assert found.confidence is Confidence.GUESSED
    assert found.country == code, "the books' own country is kept; a person decides"


@pytest.mark.parametrize(
    ("lines", "postcode", "code"),
    [
        ("4 Harbour Row|St Helier|Jersey", "JE2 3AB", "GB"),
        ("500 Cedar Bend Dr|Atlanta|Georgia", "30301", "US"),
        ("500 Cedar Bend Dr|Oakland|CA", "94601", "US"),
        ("500 Cedar Bend Dr|Dover|DE", "19901", "US"),
        ("4 Tannery Row|Cardiff|Wales", "CF24 4AB", "GB"),
        ("5 rue des Palmes|97400 Saint-Denis|Réunion", "", "FR"),
        ("Via dei Tigli 5|Palermo|PA", "90121", "IT"),
    ],
)
def test_what_only_looks_like_another_country_is_no_contradiction(
    lines: str, postcode: str, code: str
) -> None:
    assert read(lines, postcode, code).country_conflict == ""


@pytest.mark.parametrize(
    ("lines", "postcode", "code", "confidence"),
    [
        ("4 Tannery Row|Halifax, West Yorkshire", "HX6 0XX", "GB", Confidence.SURE),
        ("Lindenweg 5|10115 Berlin", "", "DE", Confidence.SURE),
        ("500 Cedar Bend Dr|Austin, TX 78701", "", "US", Confidence.SURE),
        ("4 Tannery Row|Leeds", "LS1 4AB", "GB", Confidence.LIKELY),
        ("4 Tannery Row|Leeds LS1 4AB", "", "", Confidence.LIKELY),
        ("4 Tannery Row|Leeds", "", "GB", Confidence.GUESSED),
        ("4 Tannery Row|Leeds", "12345", "GB", Confidence.GUESSED),
        ("4 Tannery Row|Leeds LS1 4AB", "LS2 9ZZ", "GB", Confidence.GUESSED),
        ("4 Tannery Row|Leeds", "LS1 4AB", "Atlantis", Confidence.GUESSED),
        ("4 Tannery Row", "LS1 4AB", "GB", Confidence.GUESSED),
        ("", "", "", Confidence.GUESSED),
    ],
)
def test_confidence_tells_how_the_town_was_found(
    lines: str, postcode: str, code: str, confidence: Confidence
) -> None:
    assert read(lines, postcode, code).confidence is confidence


def test_without_a_country_only_a_fitting_postcode_points_home() -> None:
    assert read("4 Tannery Row|Leeds", "LS1 4AB").country == "GB"
    assert read("Lindenweg 5|Berlin", "10115", home="DE").country == "DE"
    assert read("Lindenweg 5|Berlin", "10115", home="GB").country == ""
    assert read("4 Tannery Row|Leeds").country == ""


def test_the_country_name_is_read_when_the_code_is_missing_or_meaningless() -> None:
    assert read("Lindenweg 5|10115 Berlin", name="Deutschland").country == "DE"
    assert read("Lindenweg 5|10115 Berlin", code="??", name="Germany").country == "DE"


def test_a_number_on_the_first_line_is_a_house_and_not_a_postcode() -> None:
    found = read("12345 Cedar Bend Dr|Austin, TX", "", "US")
    assert (found.street, found.zip) == ("12345 Cedar Bend Dr", "")
    assert read("2000 Wattle Row|PO Box 1234|Sydney", "", "AU").zip == ""


def test_an_absurdly_long_address_is_kept_whole_and_not_split() -> None:
    lines = tuple(f"line {number}" for number in range(40))
    found = split_address(PostalLines(lines, "LS1 4AB", "GB"))
    assert found.street == ", ".join(lines)
    assert found.city == ""
    assert "was not split" in found.reasons[0]
    assert split_address(PostalLines(("x" * 100_000,), "", "GB")).city == ""


@pytest.mark.parametrize(
    ("country", "postcode", "fits"),
    [
        ("GB", "hx60xx", True),
        ("GB", "SE1 OAA", True),
        ("GB", "BFPO 57", True),
        ("GB", "GIR 0AA", True),
        ("GB", "ZZ9 9ZZ", False),
        ("GB", "12345", False),
        ("GB", "", False),
        ("JE", "JE2 3AB", True),
        ("JE", "LS1 4AB", False),
        ("IE", "d02x285", True),
        ("IE", "324 Quay", False),
        ("US", "78701-1234", True),
        ("US", "7870", False),
        ("DE", "D-10115", True),
        ("DE", "DE 10115", True),
        ("DE", "X-10115", False),
        ("US", "IL 62704", False),
        ("DE", "1011", False),
        ("SE", "SE-114 55", True),
        ("NL", "1012ab", True),
        ("LV", "LV-1010", True),
        ("IN", "400 001", True),
        ("AE", "12345", None),
        ("HK", "", None),
        ("ZZ", "12345", None),
        ("", "12345", None),
    ],
)
def test_a_postcode_fits_its_country_or_not(country: str, postcode: str, fits: bool | None) -> None:
    assert postcode_fits(country, postcode) is fits


def test_some_countries_require_a_postcode_and_some_have_none() -> None:
    assert [code for code in ("GB", "US", "DE", "IE", "AE", "HK", "ZZ") if postcode_required(code)] == [
        "GB",
        "US",
        "DE",
    ]


lines_of_text = st.lists(st.text(max_size=60), max_size=8).map(tuple)
likely = """
    4 Tannery Row|Leeds|LS1 4AB|GB|England|10115 Berlin|Austin, TX 78701|CA|Nr Ludlow|West Yorkshire|Dubai|,;
    |TX|Singapore|N/A|-|Unit 3, Mill Yard|Dublin 2|Co. Cork|Jersey|PO Box 77|São Paulo - SP|Milano (MI)
    |Georgia|New York|D02 X285|Hong Kong|Sydney NSW 2000
"""
likely_lines = st.lists(st.sampled_from([text.strip() for text in likely.split("|")]), max_size=6).map(tuple)
codes = st.one_of(
    st.sampled_from(["", "GB", "UK", "US", "DE", "BR", "IE", "AE", "IT", "AU", "EL"]), st.text(max_size=6)
)
postcodes = st.one_of(
    st.sampled_from(["", "LS1 4AB", "10115", "00000", "Leeds LS1 4AB", "D02X285"]), st.text(max_size=20)
)
addresses = st.builds(PostalLines, st.one_of(lines_of_text, likely_lines), postcodes, codes, codes)


def words_of(texts: tuple[str, ...]) -> Iterator[str]:
    for text in tidy_lines(texts):
        yield from (word for word in text.replace(",", " ").replace(";", " ").split() if word.strip(" -"))


@given(addresses)
def test_nothing_that_was_typed_is_lost(typed: PostalLines) -> None:
    found = split_address(typed)
    kept = " ".join(
        (found.street, found.city, found.zip, found.state, found.country_conflict, *found.reasons)
    )
    squeezed = "".join(kept.upper().split())
    for word in words_of(typed.lines):
        assert word in kept or "".join(char for char in word.upper() if char.isalnum()) in squeezed


@given(addresses)
def test_tidying_lines_twice_changes_nothing(typed: PostalLines) -> None:
    once = tidy_lines(typed.lines)
    assert tidy_lines(tuple(once)) == once


@given(addresses)
def test_doubt_always_comes_with_a_reason(typed: PostalLines) -> None:
    found = split_address(typed)
    if found.confidence is Confidence.GUESSED:
        assert found.reasons or found.country_conflict
    else:
        assert found.city
        assert found.country
    assert all(reason.endswith(".") for reason in found.reasons)
