"""What "vetted" means: which checks a partner has to pass, and until when they count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class VettingItem(StrEnum):
    """One thing looked into. The values are the words people see."""

    REGISTRATION = "Company registration"
    LICENCE = "Licence to collect or to practise"
    CLIENT_MONEY = "Separate account for clients' money"
    INSURANCE = "Professional indemnity insurance"
    DATA_PROTECTION = "Data protection agreement"
    OWNERS = "Owners and sanctions lists"
    REFERENCES = "References of clients"
    CONDUCT = "Code of conduct signed"


#: What each item is about, for whoever looks into it.
WHAT_TO_SEE = {
    VettingItem.REGISTRATION: "An extract from the company register, not older than three months.",
    VettingItem.LICENCE: "The licence or the bar's register; where there is none, the rule that says so.",
    VettingItem.CLIENT_MONEY: "The bank's confirmation that clients' money is kept apart.",
    VettingItem.INSURANCE: "The policy: cover, sum insured, and the day it ends.",
    VettingItem.DATA_PROTECTION: "The signed agreement, and who answers for data protection.",
    VettingItem.OWNERS: "Owners and directors, looked up in the UK, EU, US and UN sanctions lists.",
    VettingItem.REFERENCES: "Two clients who were asked, when, and what they said.",
    VettingItem.CONDUCT: "The signed code of conduct.",
}


class CheckState(StrEnum):
    """How one item stands."""

    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One look into one item. Its result counts until and including `expires_on`."""

    item: VettingItem
    passed: bool
    checked_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class ItemStanding:
    item: VettingItem
    state: CheckState
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a partner stands on a day. `until` is the last day on which every check still counts."""

    items: tuple[ItemStanding, ...]
    until: date | None

    @property
    def vetted(self) -> bool:
        return all(one.state is CheckState.PASSED for one in self.items)

    @property
    def open_items(self) -> tuple[ItemStanding, ...]:
        return tuple(one for one in self.items if one.state is not CheckState.PASSED)


def standing(checks: Iterable[Check], today: date) -> Standing:
    """Every item's state on `today`. Of several checks of an item the latest counts, a failure as well."""
    latest: dict[VettingItem, Check] = {}
    for check in checks:
        known = latest.get(check.item)
        if known is None or check.checked_on >= known.checked_on:
            latest[check.item] = check
    items = tuple(_item(item, latest.get(item), today) for item in VettingItem)
    vetted = all(one.state is CheckState.PASSED for one in items)
    return Standing(items, min(check.expires_on for check in latest.values()) if vetted else None)


def _item(item: VettingItem, check: Check | None, today: date) -> ItemStanding:
    if check is None:
        return ItemStanding(item, CheckState.MISSING)
    if not check.passed:
        return ItemStanding(item, CheckState.FAILED)
    state = CheckState.PASSED if today <= check.expires_on else CheckState.EXPIRED
    return ItemStanding(item, state, check.expires_on)
