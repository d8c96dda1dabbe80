"""Partners as they stand in a file: the columns, and reading a row with a sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.core.debtor import DebtorType
from arrears.core.money import is_currency, read_amount
from arrears.core.wording import number_text
from arrears.desk.actors import Refused
from arrears.desk.models import CoverageRule, Partner, PartnerKind

#: One row is one rule of one partner; what is the partner's is repeated on each of its rows.
PARTNER_COLUMNS = (
    "name", "kind", "country", "email", "phone", "website", "languages", "exclusive", "capacity", "vat_rate",
)  # fmt: skip
RULE_COLUMNS = ("jurisdiction", "debtor_type", "currency", "minimum_usd", "maximum_usd", "priority")
COLUMNS = (*PARTNER_COLUMNS, *RULE_COLUMNS)

_JURISDICTIONS = frozenset(JURISDICTIONS)
_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "": True}
_HIGHEST_PRIORITY = 10_000


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as read. Amounts in US dollars."""

    jurisdiction: str
    debtor_type: str = ""
    currency: str = ""
    minimum_usd: Decimal | None = None
    maximum_usd: Decimal | None = None
    priority: int = 100


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner as read, with its rules."""

    name: str
    kind: str
    country: str
    email: str = ""
    phone: str = ""
    website: str = ""
    languages: tuple[str, ...] = ()
    exclusive: bool = True
    capacity: int | None = None
    vat_rate: Decimal | None = None
    rules: tuple[RuleRow, ...] = field(default=())


class BadCell(Refused):
    """A cell that cannot be used, with its column, for whoever shows the sentence beside it."""

    def __init__(self, sentence: str, column: str) -> None:
        super().__init__(sentence, code="partner_file")
        self.column = column


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of one row by column; where it is and what its columns are called, for the sentences."""

    where: str
    values: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        return self.values.get(column, "").strip()

    def wrong(self, column: str, sentence: str) -> BadCell:
        place = ", ".join(part for part in (self.where, self.labels.get(column, column)) if part)
        return BadCell(f"{place}: {sentence}", column)

    def short(self, column: str, longest: int) -> str:
        text = self.text(column)
        if len(text) > longest or not text.isprintable():
            raise self.wrong(column, f"use at most {longest} printable characters.")
        return text

    def one_of(self, column: str, known: Sequence[str], *, empty: bool = False) -> str:
        text = self.text(column)
        if text in known or (empty and not text):
            return text
        raise self.wrong(column, f"“{text[:80]}” is not known. Use one of {', '.join(known)}.")

    def whole(self, column: str, default: int | None, most: int) -> int | None:
        text = self.text(column)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)) or int(text) > most:
            raise self.wrong(column, f"“{text[:80]}” is not a whole number from 0 to {most:,}.")
        return int(text)

    def amount(self, column: str) -> Decimal | None:
        text = self.text(column)
        if not text:
            return None
        amount = read_amount(text)
        if amount is None or amount < 0 or amount != round(amount, 2):
            raise self.wrong(column, f"“{text[:80]}” is not a number such as 1000 or 7500.50.")
        return amount


def read_partner(cells: Cells) -> PartnerRow:
    """The partner's own columns of a row, without rules. Raises Refused."""
    name = cells.text("name")
    if not name or len(name) > 200 or not name.isprintable():
        raise cells.wrong("name", "enter a name of 1 to 200 printable characters.")
    country = cells.text("country")
    if country not in COUNTRIES:
        raise cells.wrong("country", f"“{country[:80]}” is not a country's two-letter code such as GB.")
    return PartnerRow(
        name=name,
        kind=cells.one_of("kind", PartnerKind.values),
        country=country,
        email=_email(cells),
        phone=cells.short("phone", 40),
        website=_website(cells),
        languages=_languages(cells),
        exclusive=_yes_no(cells, "exclusive"),
        capacity=cells.whole("capacity", None, 1_000_000),
        vat_rate=_vat(cells),
    )


def read_rule(cells: Cells) -> RuleRow:
    """The rule in a row. Raises Refused."""
    place = cells.text("jurisdiction")
    if place not in _JURISDICTIONS:
        raise cells.wrong("jurisdiction", f"“{place[:80]}” is not a jurisdiction such as FR or US-CA.")
    currency = cells.text("currency")
    if currency and not is_currency(currency):
        raise cells.wrong("currency", f"“{currency[:80]}” is not an ISO 4217 code such as EUR.")
    low, high = cells.amount("minimum_usd"), cells.amount("maximum_usd")
    if low is not None and high is not None and low >= high:
        raise cells.wrong("maximum_usd", "it must be more than the minimum.")
    return RuleRow(
        jurisdiction=place,
        debtor_type=cells.one_of("debtor_type", [DebtorType.COMPANY, DebtorType.PRIVATE], empty=True),
        currency=currency,
        minimum_usd=low,
        maximum_usd=high,
        priority=cells.whole("priority", 100, _HIGHEST_PRIORITY) or 0,
    )


def cells_of(partner: Partner) -> dict[str, str]:
    """A partner's own columns as they stand in a file."""
    return {
        "name": partner.name,
        "kind": partner.kind,
        "country": partner.country,
        "email": partner.email,
        "phone": partner.phone,
        "website": partner.website,
        "languages": " ".join(partner.languages),
        "exclusive": "yes" if partner.exclusive else "no",
        "capacity": "" if partner.capacity is None else str(partner.capacity),
        "vat_rate": "" if partner.vat_rate is None else number_text(partner.vat_rate),
    }


def rule_cells_of(rule: CoverageRule) -> dict[str, str]:
    """A rule as it stands in a file."""
    low, high = rule.minimum_usd, rule.maximum_usd
    return {
        "jurisdiction": rule.jurisdiction,
        "debtor_type": rule.debtor_type,
        "currency": rule.currency,
        "minimum_usd": "" if low is None else number_text(low),
        "maximum_usd": "" if high is None else number_text(high),
        "priority": str(rule.priority),
    }


def _email(cells: Cells) -> str:
    text = cells.short("email", 254)
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise cells.wrong("email", f"“{text}” is not an address such as name@firm.example.") from None
    return text


def _website(cells: Cells) -> str:
    text = cells.short("website", 200)
    if text and (not text.startswith(("https://", "http://")) or " " in text):
        raise cells.wrong("website", f"“{text[:80]}” is not an address such as https://example.org.")
    return text


def _languages(cells: Cells) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(cells.text("languages").replace(",", " ").split()))
    for language in found:
        if not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
            raise cells.wrong("languages", f"“{language[:80]}” is not a two-letter language code such as en.")
    return found


def _yes_no(cells: Cells, column: str) -> bool:
    text = cells.text(column).lower()
    if text not in _YES_NO:
        raise cells.wrong(column, f"“{text[:80]}” is neither yes nor no.")
    return _YES_NO[text]


def _vat(cells: Cells) -> Decimal | None:
    rate = cells.amount("vat_rate")
    if rate is not None and rate > 100:
        raise cells.wrong("vat_rate", "a rate is from 0 to 100 per cent.")
    return rate
