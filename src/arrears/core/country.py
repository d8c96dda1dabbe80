"""Countries, US states and jurisdictions: what people write, and the code that is meant."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Country:
    """One country by ISO 3166-1."""

    code: str
    alpha3: str
    name: str


def _text(name: str) -> list[str]:
    return (files("arrears.core") / "data" / name).read_text(encoding="utf-8").splitlines()


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_text(name))


#: The 249 countries of ISO 3166-1 by alpha-2 code, and Kosovo, for which the world uses XK.
COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {row["code"]: Country(**row) for row in _rows("countries.csv")}
)

_CODES: Mapping[str, str] = MappingProxyType(
    {
        **{country.alpha3: code for code, country in COUNTRIES.items()},
        **{code.lower(): code for code in COUNTRIES},
        **{code: code for code in COUNTRIES},
    }
)

#: The 50 states of the USA and the District of Columbia. The territories are countries of their own in ISO.
US_STATES: Mapping[str, str] = MappingProxyType({row["code"]: row["name"] for row in _rows("us_states.csv")})

#: Where a case can be worked: every country, except that the USA is one jurisdiction for each state.
JURISDICTIONS: tuple[str, ...] = tuple(
    sorted([code for code in COUNTRIES if code != "US"] + [f"US-{state}" for state in US_STATES])
)

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

#: The European Union, the European Economic Area, Switzerland and the United Kingdom.
EUROPE: frozenset[str] = frozenset(f"{_EU} CH GB IS LI NO".split())

#: What people type, in compared form, into a field they have nothing for.
NO_ANSWER: frozenset[str] = frozenset(
    ["", "na", "n a", "nil", "none", "not known", "null", "same", "tba", "tbc", "unknown", "x", "xx", "xxx"]
)

#: Countries to ISO that people file under the country they belong to, and that country.
PART_OF: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("GG", "IM", "JE"), "GB"),
        **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"), "FR"),
        **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
        **dict.fromkeys(("AW", "BQ", "CW", "SX"), "NL"),
        **dict.fromkeys(("FO", "GL"), "DK"),
        **dict.fromkeys(("HK", "MO"), "CN"),
        "AX": "FI",
        "SJ": "NO",
    }
)

_LONGEST_NAME = 80
_DROPPED = re.compile(r"['’`´ʼ.]")
_NOT_WORDS = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """The form in which names are compared: no capitals, accents or punctuation, single spaces."""
    bare = text.casefold()
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    spaced = _NOT_WORDS.sub(" ", _DROPPED.sub("", bare.replace("&", " and "))).strip()
    return spaced.removeprefix("the ")


@cache
def _codes_by_name() -> Mapping[str, str]:
    """Every known spelling. Our own aliases and English names win over names in other languages."""
    known: dict[str, str] = {}
    for line in _text("country_names.txt"):
        code, _, names = line.partition("|")
        known.update(dict.fromkeys(names.split("|"), code))
    known.update({name_key(country.name): country.code for country in COUNTRIES.values()})
    # An alias without a code is no country's alone: Congo and Korea are two, Granada is a town as well.
    known.update({name_key(row["alias"]): row["code"] for row in _rows("country_aliases.csv")})
    return known


def country_of(code_or_name: str) -> str:
    """The alpha-2 code meant by a code or a name in any major language; empty when not known.

    Reads alpha-2 codes, alpha-3 codes in capitals, EL and UK, the parts of the United Kingdom and everyday
    names such as Holland or U.S.A. Only whole names count: nothing is ever guessed from a likeness.
    """
    text = code_or_name.strip()
    if text in _CODES:
        return _CODES[text]
    if not text or len(text) > _LONGEST_NAME:
        return ""
    return _codes_by_name().get(name_key(text), "")


def country_name(code: str) -> str:
    """The English name of a country by its alpha-2 code; empty when there is no such code."""
    country = COUNTRIES.get(code)
    return country.name if country else ""


_STATES_BY_NAME: Mapping[str, str] = MappingProxyType(
    {
        **{code.lower(): code for code in US_STATES},
        **{name_key(name): code for code, name in US_STATES.items()},
        "dc": "DC",
        "washington dc": "DC",
    }
)


def us_state_of(text: str) -> str:
    """The two-letter code of a US state, from `CA`, `US-CA` or `California`; empty when it is none."""
    if len(text) > _LONGEST_NAME:
        return ""
    return _STATES_BY_NAME.get(name_key(text).removeprefix("us "), "")


def jurisdiction(country: str, state: str = "") -> str:
    """Where a case would be worked: `US-CA` in the USA, the country's code elsewhere.

    `country` is an alpha-2 code. Empty when the country is not known, or in the USA without a known state.
    """
    if country != "US":
        return country if country in COUNTRIES else ""
    code = us_state_of(state)
    return f"US-{code}" if code else ""


def in_europe(code: str) -> bool:
    """Whether the country with this alpha-2 code belongs to `EUROPE`."""
    return code in EUROPE
