"""Which local partner takes a case, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from arrears.core.country import US_STATES, country_name
from arrears.core.debtor import DebtorType
from arrears.core.wording import list_text, usd_text


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """One partner's readiness to take cases. An empty set or None means "any".

    `jurisdictions` holds codes such as `FR` or `US-CA`. Amounts are in US dollars: from `minimum_usd`
    (inclusive) to `maximum_usd` (exclusive). Lower `priority` is asked first.
    """

    partner: str
    partner_name: str
    jurisdictions: frozenset[str]
    debtor_types: frozenset[DebtorType] = frozenset()
    currencies: frozenset[str] = frozenset()
    minimum_usd: Decimal | None = None
    maximum_usd: Decimal | None = None
    priority: int = 100


@dataclass(frozen=True, slots=True)
class Route:
    """The partner chosen, or none, with the reason in a sentence."""

    partner: str | None
    partner_name: str
    reason: str


#: How many refusals are told when nobody takes a case.
_MOST_REFUSALS = 3


class Network:
    """Coverage rules of all partners, indexed by jurisdiction so that one look-up is cheap."""

    def __init__(self, rules: Iterable[CoverageRule]) -> None:
        ordered = sorted(rules, key=lambda rule: (rule.priority, rule.partner_name, rule.partner))
        self._anywhere = [rule for rule in ordered if not rule.jurisdictions]
        named = {code for rule in ordered for code in rule.jurisdictions}
        candidates: dict[str, list[CoverageRule]] = {code: [] for code in named}
        for rule in ordered:
            for code in rule.jurisdictions or named:
                candidates[code].append(rule)
        self._routes = {code: _routes(found, code) for code, found in candidates.items()}

    def route(
        self, jurisdiction: str, debtor_type: DebtorType, currency: str, amount_usd: Decimal | None
    ) -> Route:
        """The first partner, by priority and then by name, that takes such a case; or none, and why.

        `jurisdiction` is a code such as `FR` or `US-CA`, `amount_usd` the principal in US dollars, None
        when no rate is known: partners with a limit on the amount then pass. A debtor of unknown type is
        treated as a company.
        """
        if not jurisdiction:
            return Route(None, "", "The debtor's country, or US state, is not known.")
        if debtor_type is DebtorType.UNKNOWN:
            debtor_type = DebtorType.COMPANY
        refusals: list[str] = []
        for rule, route in self._routes.get(jurisdiction) or _routes(self._anywhere, jurisdiction):
            refusal = _refusal(rule, debtor_type, currency, amount_usd)
            if not refusal:
                return route
            refusals.append(f"{rule.partner_name} takes {refusal}")
        place = jurisdiction_name(jurisdiction)
        if not refusals:
            return Route(None, "", f"No partner covers {place}.")
        told = "; ".join(dict.fromkeys(refusals[:_MOST_REFUSALS]))
        return Route(None, "", f"Partners cover {place}, but none takes this case: {told}.")


def jurisdiction_name(code: str) -> str:
    """A jurisdiction in words: `FR` is France, `US-CA` is California, United States."""
    country, _, state = code.partition("-")
    name = country_name(country) or country
    return f"{US_STATES.get(state, state)}, {name}" if state else name


def _routes(rules: list[CoverageRule], jurisdiction: str) -> list[tuple[CoverageRule, Route]]:
    """Each rule with the route it gives; the sentences are the same for every case, so made only once."""
    return [(rule, Route(rule.partner, rule.partner_name, _coverage(rule, jurisdiction))) for rule in rules]


def _refusal(rule: CoverageRule, debtor_type: DebtorType, currency: str, amount_usd: Decimal | None) -> str:
    """What the rule takes and this case is not, or an empty text when it takes the case."""
    if rule.debtor_types and debtor_type not in rule.debtor_types:
        return f"{_types(rule)} only"
    if rule.currencies and currency not in rule.currencies:
        return f"claims in {list_text(sorted(rule.currencies))} only"
    low, high = rule.minimum_usd, rule.maximum_usd
    if amount_usd is None:
        return (
            f"claims {_amounts(rule)} only, and the value in US dollars is not known" if low or high else ""
        )
    if (low is not None and amount_usd < low) or (high is not None and amount_usd >= high):
        return f"claims {_amounts(rule)} only"
    return ""


def _coverage(rule: CoverageRule, jurisdiction: str) -> str:
    parts = [f"Covers {jurisdiction_name(jurisdiction)}"]
    if rule.debtor_types:
        parts.append(_types(rule))
    if rule.currencies:
        parts.append(f"in {list_text(sorted(rule.currencies))}")
    if rule.minimum_usd or rule.maximum_usd:
        parts.append(_amounts(rule))
    return ", ".join(parts) + "."


def _types(rule: CoverageRule) -> str:
    return list_text([f"{kind} debts" for kind in sorted(rule.debtor_types)])


def _amounts(rule: CoverageRule) -> str:
    low = f"from {usd_text(rule.minimum_usd)}" if rule.minimum_usd else ""
    high = f"below {usd_text(rule.maximum_usd)}" if rule.maximum_usd else ""
    return " and ".join(part for part in (low, high) if part)
