"""Countries by every name people use, and the jurisdictions made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.country import (
    COUNTRIES,
    EUROPE,
    JURISDICTIONS,
    US_STATES,
    country_name,
    country_of,
    in_europe,
    jurisdiction,
    name_key,
    us_state_of,
)


def test_every_country_of_the_standard_is_there_and_kosovo() -> None:
    assert len(COUNTRIES) == 250
    assert "XK" in COUNTRIES
    assert len(US_STATES) == 51


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"), ("gb", "GB"), (" GB ", "GB"), ("UK", "GB"), ("U.K.", "GB"), ("GBR", "GB"), ("XI", "GB"),
        ("England", "GB"), ("SCOTLAND", "GB"),
        ("Wales", "GB"), ("Northern Ireland", "GB"), ("Great Britain", "GB"),
        ("EL", "GR"), ("Ελλάδα", "GR"), ("Hellas", "GR"),
        ("Eire", "IE"), ("Éire", "IE"), ("Republic of Ireland", "IE"),
        ("U.S.A.", "US"), ("USA", "US"), ("United States of America", "US"),
        ("Holland", "NL"), ("The Netherlands", "NL"),
        ("Deutschland", "DE"), ("España", "ES"), ("Россия", "RU"),
        ("UAE", "AE"), ("U.A.E.", "AE"), ("Turkey", "TR"), ("Türkiye", "TR"), ("Czech Republic", "CZ"),
        ("Czechia", "CZ"), ("Ivory Coast", "CI"),
        ("Côte d’Ivoire", "CI"), ("South Korea", "KR"), ("日本", "JP"),
        ("Bosnia & Herzegovina", "BA"), ("St. Lucia", "LC"), ("Kosovo", "XK"), ("Jersey", "JE"),
        ("Iran, Islamic Republic of", "IR"), ("Canary Islands", "ES"), ("Georgia", "GE"),
    ],
)  # fmt: skip
def test_codes_and_everyday_names_are_understood(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Atlantis",
        "Germny",
        "Congo",
        "Korea",
        "St.",
        "And",
        "Per",
        "ZZ",
        "EU",
        "No.",
        "x" * 500,
        "Nor",
    ],
)
def test_what_is_unknown_or_ambiguous_is_never_guessed(text: str) -> None:
    assert country_of(text) == ""


@pytest.mark.parametrize(
    "town", ["Poole", "Granada", "Salvador", "Brasília", "Columbia", "Sale", "Bath", "Nice", "Man"]
)
def test_a_town_is_not_taken_for_the_country_it_sounds_like(town: str) -> None:
    assert country_of(town) == ""


def test_every_country_is_found_by_its_codes_and_its_name() -> None:
    for code, country in COUNTRIES.items():
        assert country_of(code) == country_of(code.lower()) == country_of(country.alpha3) == code
        assert country_of(country.name) == country_of(country.name.upper()) == code
        assert country_name(code) == country.name


def test_names_are_those_used_in_the_united_kingdom() -> None:
    names = [country_name(code) for code in ("TR", "CZ", "CI", "HK", "GB", "??")]
    assert names == ["Türkiye", "Czechia", "Ivory Coast", "Hong Kong", "United Kingdom", ""]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("CA", "CA"), ("ca", "CA"), ("US-CA", "CA"), ("California", "CA"), ("NEW YORK", "NY"), ("D.C.", "DC"),
        ("Washington", "WA"), ("Washington, D.C.", "DC"), ("PR", ""),
        ("Ontario", ""), ("", ""), ("x" * 500, ""),
    ],
)  # fmt: skip
def test_us_states_are_read_by_code_or_name(text: str, state: str) -> None:
    assert us_state_of(text) == state


def test_a_jurisdiction_is_a_country_or_a_state_of_the_usa() -> None:
    assert jurisdiction("FR", "anything") == "FR"
    assert jurisdiction("US", "CA") == jurisdiction("US", "California") == "US-CA"
    assert jurisdiction("US", "") == jurisdiction("US", "Ontario") == ""
    assert jurisdiction("", "") == jurisdiction("ZZ", "") == ""


def test_all_jurisdictions_are_listed_once() -> None:
    assert len(JURISDICTIONS) == len(set(JURISDICTIONS)) == 249 + 51
    assert "US" not in JURISDICTIONS
    assert {"US-CA", "US-DC", "GB", "XK", "PR"} <= set(JURISDICTIONS)


def test_europe_is_the_eu_the_eea_switzerland_and_the_united_kingdom() -> None:
    assert len(EUROPE) == 27 + 5
    assert in_europe("GB")
    assert in_europe("NO")
    assert not in_europe("TR")
    assert not in_europe("RS")
    assert not in_europe("")


@given(st.text(max_size=100))
def test_any_text_is_a_known_country_or_none(text: str) -> None:
    assert country_of(text) in {"", *COUNTRIES}
    assert us_state_of(text) in {"", *US_STATES}


@given(st.text(max_size=60))
def test_comparing_names_twice_changes_nothing(text: str) -> None:
    once = name_key(text)
    assert name_key(once) == once or once.startswith("the ")
