"""Four free lines become street, town, postcode, state and country, with how sure we are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from arrears.core.country import NO_ANSWER, PART_OF, country_name, country_of, name_key
from arrears.core.postcode import (
    Found,
    find_postcode,
    is_british,
    island_of,
    postcode_fits,
    postcode_required,
    telling_country,
    tidy_postcode,
)
from arrears.core.region import is_town_too, region_of, stands_for_its_town, unlike_a_town

__all__ = ["Address", "Confidence", "PostalLines", "postcode_fits", "postcode_required", "split_address"]


class Confidence(StrEnum):
    SURE = "sure"
    LIKELY = "likely"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class PostalLines:
    """An address exactly as typed in the books: free lines, postcode, country code and country name."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    country_code: str = ""
    country_name: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Our reading of an address.

    `country` is an ISO 3166-1 alpha-2 code, `state` a two-letter US state code or the region as typed;
    either is empty when not known. `reasons` says in plain sentences how the reading was reached and what
    is doubtful; `country_conflict` holds the sentence when the address contradicts its own country.
    """

    street: str = ""
    city: str = ""
    zip: str = ""
    state: str = ""
    country: str = ""
    confidence: Confidence = Confidence.GUESSED
    reasons: tuple[str, ...] = ()
    country_conflict: str = ""


_MOST_LINES = 12
_LONGEST_LINE = 200
_LONGEST_PLACEHOLDER = 12

_NEAR = re.compile(r"^(?:nr|near)\.? +(?=\w)", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """A reading in the making. `lines` shrinks as parts of it are recognised.

    `rules` is the country whose habits the lines follow; it differs from `country` only in a conflict.
    `town` is the index of the line that stood next to the postcode. `proven` tells that something beside
    its place points to the town.
    """

    lines: list[str]
    reasons: list[str] = field(default_factory=list)
    country: str = ""
    rules: str = ""
    stated: bool = False
    zip: str = ""
    city: str = ""
    state: str = ""
    town: int | None = None
    town_country: str = ""
    proven: bool = False
    doubtful: bool = False
    conflict: str = ""

    def doubt(self, reason: str) -> None:
        self.doubtful = True
        self.reasons.append(reason)


def split_address(lines: PostalLines, home_country: str = "GB") -> Address:
    """Read an address. Never raises; what cannot be told stays empty and says so in `reasons`.

    `home_country` is the company's own, as an alpha-2 code: a customer without a country lives there if
    the postcode agrees.
    """
    cleaned = tidy_lines(lines.lines)
    if len(cleaned) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in cleaned):
        return _unread(cleaned, lines)
    draft = _Draft(cleaned)
    _drop_placeholders(draft)
    postcode = _tidy(lines.postcode) or _last_line_postcode(draft, lines)
    _read_country(draft, lines)
    _read_postcode(draft, postcode, home_country)
    _read_region(draft)
    _read_city(draft)
    return _address(draft)


def tidy_lines(lines: tuple[str, ...]) -> list[str]:
    """The lines that say something: single spaces, no control characters, no dangling commas."""
    pieces = [_tidy(piece) for line in lines for piece in line.splitlines()]
    return [piece for piece in pieces if piece]


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join("".join(char for char in text if char.isprintable()).split())
    return text.strip(" ,;")


def _unread(cleaned: list[str], lines: PostalLines) -> Address:
    return Address(
        street=", ".join(cleaned),
        zip=_tidy(lines.postcode)[:_LONGEST_LINE],
        country=country_of(lines.country_code) or country_of(lines.country_name),
        reasons=(f"The address has more than {_MOST_LINES} lines or a very long one and was not split.",),
    )


def _drop_placeholders(draft: _Draft) -> None:
    kept = [
        line for line in draft.lines if len(line) > _LONGEST_PLACEHOLDER or name_key(line) not in NO_ANSWER
    ]
    if len(kept) < len(draft.lines):
        dropped = ", ".join(f"“{line}”" for line in draft.lines if line not in kept)
        draft.reasons.append(f"{dropped} is no part of an address and was left out.")
        draft.lines = kept
    if len(kept) == 1 and "," in kept[0]:
        draft.lines = [part for part in (_tidy(part) for part in kept[0].split(",")) if part]


# --- Country ------------------------------------------------------------------------------------------------


def _read_country(draft: _Draft, lines: PostalLines) -> None:
    by_code, by_name = country_of(lines.country_code), country_of(lines.country_name)
    stated = by_code or by_name
    if by_code and by_name and by_code != by_name:
        code_says, name_says = country_name(by_code), country_name(by_name)
        draft.conflict = f"The country code says {code_says}, but the country name says {name_says}."
    if not stated and (lines.country_code.strip() or lines.country_name.strip()):
        draft.doubt(f"The country “{_tidy(lines.country_code or lines.country_name)[:80]}” is not known.")
    written = _take_country_lines(draft, stated)
    draft.country = draft.rules = stated or written
    draft.stated = bool(draft.country)
    if written and stated and written != stated:
        draft.rules = written
        if PART_OF.get(written) == stated:
            draft.country = written
            draft.reasons.append(f"{country_name(written)} is a country of its own to the post.")
        elif not draft.conflict:
            place, other = country_name(stated), country_name(written)
            draft.conflict = f"The country is given as {place}, but the address ends in {other}."


def _take_country_lines(draft: _Draft, stated: str) -> str:
    """Take country names off the end of the lines; the one nearest the end is what was written."""
    written = ""
    while draft.lines:
        head, comma, tail = draft.lines[-1].rpartition(",")
        found = _country_in(tail.strip(), stated)
        if not found or (len(draft.lines) == 1 and not comma) or (written and found != written):
            return written
        written = found
        draft.reasons.append(f"“{tail.strip()}” at the end is the country.")
        if stands_for_its_town(tail):
            draft.town_country = tail.strip()
        if comma and head.strip(" ,;"):
            draft.lines[-1] = head.strip(" ,;")
        else:
            draft.lines.pop()
    return written


def _country_in(text: str, stated: str) -> str:
    if len(text) < 4 and not text.isupper():
        return ""
    found = country_of(text)
    if not found or found == stated:
        return found
    # "CA" is California in the USA, "DE" Delaware; "Georgia" too is a state there.
    in_stated = region_of(stated, text) or (not stated and len(text) == 2 and region_of("US", text))
    return "" if in_stated else found


# --- Postcode -----------------------------------------------------------------------------------------------


def _last_line_postcode(draft: _Draft, lines: PostalLines) -> str:
    """A postcode alone on the last line hides the country above it: take it off first."""
    if len(draft.lines) < 2:
        return ""
    last = draft.lines[-1]
    stated = country_of(lines.country_code) or country_of(lines.country_name)
    alone = tidy_postcode(stated, last) if stated else telling_country(last)
    return draft.lines.pop() if alone else ""


def _read_postcode(draft: _Draft, text: str, home_country: str) -> None:
    if text and (len(text) > _LONGEST_LINE or name_key(text) in NO_ANSWER or not text.strip("0-. ")):
        draft.reasons.append(f"The postcode “{text[:_LONGEST_LINE]}” is a placeholder.")
        text = ""
    if not draft.rules:
        _infer_country(draft, text, home_country)
    if text:
        _postcode_from_field(draft, text)
    _postcode_from_lines(draft)
    if is_british(draft.country) and draft.zip:
        _settle_island(draft)


def _infer_country(draft: _Draft, text: str, home_country: str) -> None:
    shapes = ("GB", "IE", "CA")
    telling = telling_country(text) or next(
        (country for country in shapes for line in draft.lines if find_postcode(country, line)), ""
    )
    home = home_country if text and postcode_fits(home_country, text) else ""
    draft.country = draft.rules = telling or home
    if draft.country:
        draft.reasons.append(f"No country is given; the postcode points to {country_name(draft.country)}.")


def _postcode_from_field(draft: _Draft, text: str) -> None:
    draft.zip = tidy_postcode(draft.rules, text)
    if draft.zip:
        return
    found = find_postcode(draft.rules, text)
    if found and found.rest:
        draft.zip = found.postcode
        draft.lines.append(found.rest)
        draft.town, draft.proven = len(draft.lines) - 1, True
        draft.reasons.append(f"“{found.rest}” stood beside the postcode.")
        return
    draft.zip = text
    _suspect(draft, text)
    if postcode_fits(draft.rules, text) is False:
        draft.doubt(f"“{text}” is not a postcode of {country_name(draft.rules)}.")


def _suspect(draft: _Draft, text: str) -> None:
    """A postcode of another country contradicts the country, unless there was a conflict already."""
    telling = telling_country(text)
    if telling and draft.rules and telling != draft.rules:
        draft.zip = tidy_postcode(telling, text)
        draft.rules = telling
        if not draft.conflict:
            place, other = country_name(draft.country), country_name(telling)
            draft.conflict = (
                f"The country is given as {place}, but “{draft.zip}” is a postcode from elsewhere ({other})."
            )


def _postcode_from_lines(draft: _Draft) -> None:
    """Take the postcode out of the lines, the last first; a number on the first line is a house."""
    lowest = 0 if is_british(draft.rules) or draft.rules in ("CA", "IE") else 1
    for index in range(len(draft.lines) - 1, lowest - 1, -1):
        found = find_postcode(draft.rules, draft.lines[index])
        if found is not None and not found.rest.casefold().endswith(" box"):
            _accept(draft, index, found)
            return
    if not draft.zip and draft.rules and not is_british(draft.rules):
        _suspect_lines(draft)


def _suspect_lines(draft: _Draft) -> None:
    for index in range(len(draft.lines) - 1, -1, -1):
        found = find_postcode("GB", draft.lines[index])
        if found is not None:
            _suspect(draft, found.postcode)
            _accept(draft, index, found)
            return


def _accept(draft: _Draft, index: int, found: Found) -> None:
    if draft.zip and _bare(draft.zip) != _bare(found.postcode):
        draft.doubt(f"“{draft.lines[index]}” holds another postcode than {draft.zip}.")
        if index == 0:
            return
    draft.zip = draft.zip or found.postcode
    if not found.rest:
        draft.lines.pop(index)
        return
    draft.lines[index] = found.rest
    if index > 0 and draft.town is None:
        draft.town, draft.proven = index, True


def _bare(postcode: str) -> str:
    return "".join(char for char in postcode.upper() if char.isalnum())


def _settle_island(draft: _Draft) -> None:
    island = island_of(draft.zip)
    if island and draft.country == "GB" and not draft.conflict:
        draft.country = draft.rules = island
        draft.reasons.append(f"The postcode {draft.zip} is in {country_name(island)}.")


# --- Region and town ----------------------------------------------------------------------------------------


def _read_region(draft: _Draft) -> None:
    """Take a county, state or province off the end, or off the line with the town."""
    for index in sorted({len(draft.lines) - 1, draft.town if draft.town is not None else 0}, reverse=True):
        if not draft.state and 0 < index < len(draft.lines):
            _region_from(draft, index)


def _region_from(draft: _Draft, index: int) -> None:
    line = draft.lines[index]
    whole = region_of(draft.rules, line)
    if whole:
        if is_town_too(line) and index == 1:
            draft.state = whole
            return
        draft.state = whole
        draft.reasons.append(f"“{line}” is a county or state.")
        draft.lines.pop(index)
        draft.town = None if draft.town == index else draft.town
        draft.proven = draft.proven or index > 1
        return
    for separator in (",", " "):
        head, _, tail = line.rpartition(separator)
        region = region_of(draft.rules, tail.strip(" ()."), beside_town=True) if head else ""
        if region and (separator == "," or len(tail) < 5):
            draft.state, draft.lines[index] = region, head.strip(" ,-")
            draft.reasons.append(f"“{tail.strip()}” is a county or state.")
            draft.proven = True
            return


def _read_city(draft: _Draft) -> None:
    last = len(draft.lines) - 1
    index = last if draft.town is None or not 0 < draft.town <= last else draft.town
    if draft.town_country and draft.town is None:
        draft.city, draft.proven = draft.town_country, True
        return
    if index < 1:
        draft.doubt("There is no line that could hold the town.")
        return
    head, _, tail = draft.lines[index].rpartition(",")
    town = tail.strip()
    doubt = unlike_a_town(town)
    if doubt:
        draft.doubt(doubt)
        return
    near = _NEAR.match(town)
    if near:
        draft.reasons.append(f"“{town}” names the town it is near.")
        town = town[near.end() :]
    draft.city = town
    draft.lines[index : index + 1] = [head.strip(" ,;")] if head.strip(" ,;") else []
    if not draft.proven:
        draft.reasons.append(f"“{town}” is taken for the town because of its place.")


def _address(draft: _Draft) -> Address:
    if not draft.country:
        draft.doubt("It is not known which country this is.")
    if not draft.zip and postcode_required(draft.rules):
        draft.doubt("There is no postcode.")
    confidence = Confidence.LIKELY
    if draft.doubtful or draft.conflict:
        confidence = Confidence.GUESSED
    elif draft.proven and draft.stated:
        confidence = Confidence.SURE
    return Address(
        street=", ".join(draft.lines),
        city=draft.city,
        zip=draft.zip,
        state=draft.state,
        country=draft.country,
        confidence=confidence,
        reasons=tuple(draft.reasons),
        country_conflict=draft.conflict,
    )
