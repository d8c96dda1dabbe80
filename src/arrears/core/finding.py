"""One thing that is wrong with a claim or worth knowing, and what the checks are given to find it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from arrears.core.fx import Rates


class Severity(StrEnum):
    """`blocks` keeps the claim from being submitted; `warns` asks for a look; `informs` only tells."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing, in plain words, with how to fix it and where.

    `code` is stable and meant for machines; `field` names what it is about, such as `debtor.address`.
    `url` leads to the customer or the invoice in the books.
    """

    code: str
    severity: Severity
    field: str
    message: str
    fix: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the collector asks for, and the rates to measure it with.

    `minimum_usd` is the smallest principal taken. A converted amount within `borderline_percent` of it is
    left to the collector, whose rates may differ. The limitation periods are those of the United Kingdom.
    """

    rates: Rates
    minimum_usd: Decimal = Decimal(100)
    borderline_percent: Decimal = Decimal(3)
    limitation_years: int = 6
    limitation_years_scotland: int = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a claim beside the claim itself.

    `control_owed` maps invoice number to what the books' own unpaid report says is owed (its currency is
    not stated by the books); None when there was no report to compare with. `submitted` maps invoice id to
    the reference of the case or submission that already holds it. `has_partner` is False when no partner
    covers the debtor, None when nobody was asked.
    """

    control_owed: dict[str, Decimal] | None = None
    submitted: dict[str, str] = field(default_factory=dict)
    has_partner: bool | None = None
