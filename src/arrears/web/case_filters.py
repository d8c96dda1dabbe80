"""What a list of cases is narrowed to, as it stands in the address of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from arrears.core.case import Lifecycle
from arrears.core.country import country_name
from arrears.core.money import is_currency
from arrears.core.wording import date_text
from arrears.ports import OWN_DESK, Age, CaseSearch
from arrears.web.collector_names import OWN_DESK as DESK
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.stages import AGES, stage_named

_LONGEST_WORDS = 200
_YES_NO = {"yes": True, "no": False}

#: A filter: takes its value and the search so far; gives the search and the chip's words, None for nonsense.
_Filter = Callable[[str, CaseSearch], tuple[CaseSearch, str] | None]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, in words, and the query of the page without it."""

    name: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """The filters of a page. `given` are the parameters that were understood, as in the address."""

    search: CaseSearch
    given: Mapping[str, str]
    chips: tuple[Chip, ...]

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def value(self, name: str) -> str:
        return self.given.get(name, "")


def filters_of(asked: Mapping[str, str], collectors: Mapping[str, str]) -> CaseFilters:
    """Read the parameters of an address; what is none of ours, or makes no sense, is left out.

    `collectors` gives the name of each collector by its key.
    """
    search, given, words = CaseSearch(), {}, {}
    for name, read in _FILTERS.items():
        value = asked.get(name, "").strip()
        if not value:
            continue
        found = _collector(value, search, collectors) if read is None else read(value, search)
        if found is not None:
            search, words[name] = found
            given[name] = value[:_LONGEST_WORDS]
    chips = tuple(
        Chip(name, words[name], urlencode({key: value for key, value in given.items() if key != name}))
        for name in given
        if name != "q"  # the box shows it
    )
    return CaseFilters(search, given, chips)


def _words(value: str, search: CaseSearch) -> tuple[CaseSearch, str]:
    words = value[:_LONGEST_WORDS]
    return replace(search, words=words), words


def _state(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    state = next((one for one in Lifecycle if one.value == value), None)
    if state is None:
        return None
    return replace(search, lifecycles=frozenset({state})), LIFECYCLES[state].label


def _stage(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    stage = stage_named(value)
    if stage is None or search.lifecycles:  # one state says more
        return None
    return replace(search, lifecycles=stage.lifecycles), f"Stage: {stage.label.lower()}"


def _collector(
    value: str, search: CaseSearch, collectors: Mapping[str, str]
) -> tuple[CaseSearch, str] | None:
    if value not in collectors:
        return None
    return replace(search, collector=OWN_DESK if value == DESK else int(value)), collectors[value]


def _country(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    name = country_name(value)
    return (replace(search, country=value), name) if name else None


def _currency(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    return (replace(search, currency=value), f"In {value}") if is_currency(value) else None


def _age(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    age = next((one for one in Age if one.value == value), None)
    return (replace(search, age=age), f"Handed over: {AGES[age].lower()} ago") if age else None


def _attention(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    return (replace(search, attention=True), "Needs you") if value == "yes" else None


def _paid(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    paid = _YES_NO.get(value)
    if paid is None:
        return None
    return replace(search, paid=paid), "Something recovered" if paid else "Nothing recovered"


def _from(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    day = _day(value)
    return (replace(search, opened_from=day), f"Opened from {date_text(day)}") if day else None


def _to(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    day = _day(value)
    return (replace(search, opened_to=day), f"Opened to {date_text(day)}") if day else None


def _paid_in(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    month = _day(f"{value}-01")
    return (replace(search, paid_in=month), f"Money came in during {month:%B %Y}") if month else None


def _test(value: str, search: CaseSearch) -> tuple[CaseSearch, str] | None:
    test = _YES_NO.get(value)
    if test is None:
        return None
    return replace(search, test=test), "For testing only" if test else "Without test cases"


def _day(text: str) -> date | None:
    """A day of this or a neighbouring century, so that there is room to count from it."""
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


#: In the order in which they stand in an address.
_FILTERS: dict[str, _Filter | None] = {
    "q": _words,
    "state": _state,
    "stage": _stage,
    "attention": _attention,
    "collector": None,
    "country": _country,
    "currency": _currency,
    "age": _age,
    "paid": _paid,
    "paid_in": _paid_in,
    "from": _from,
    "to": _to,
    "test": _test,
}
