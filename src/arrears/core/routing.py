"""Which local partner takes a case, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arrears.core.country import US_STATES, country_name
from arrears.core.debtor import DebtorType
from arrears.core.wording import list_text, usd_text


class Mechanism(StrEnum):
    """How a case finds its partner, the strongest first. The values are the names people see."""

    EXPLICIT = "explicit partner"
    OVERRIDE = "creditor's choice"
    RULE = "coverage rule"
    NETWORK = "request for quotes"


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """One partner's readiness to take cases. An empty set or None means "any".

    `jurisdictions` holds codes such as `FR` or `US-CA`. Amounts are in US dollars: from `minimum_usd`
    (inclusive) to `maximum_usd` (exclusive). Lower `priority` is asked first. A partner that `only_quotes`
    gets no case by its rule; it is asked for its price.
    """

    partner: str
    partner_name: str
    jurisdictions: frozenset[str]
    debtor_types: frozenset[DebtorType] = frozenset()
    currencies: frozenset[str] = frozenset()
    minimum_usd: Decimal | None = None
    maximum_usd: Decimal | None = None
    priority: int = 100
    only_quotes: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The partner chosen, or none, with the reason in a sentence.

    Without a partner the mechanism is NETWORK, or the one that had to find one and did not. `passed_over`
    says in a sentence each who came before and why they do not take the case.
    """

    partner: str | None
    partner_name: str
    reason: str
    mechanism: Mechanism = Mechanism.NETWORK
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One candidate in the order of asking: whether it would take the case, and why or why not."""

    mechanism: Mechanism
    partner: str
    partner_name: str
    taken: bool
    reason: str


#: How many refusals are told when nobody takes a case.
_MOST_REFUSALS = 3

#: Why a partner is passed over whatever its rules say.
FULL = "has as many open cases as it takes"
DECLINED = "has declined this case"
SUSPENDED = "takes no new cases at present"


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
        self,
        jurisdiction: str,
        debtor_type: DebtorType,
        currency: str,
        amount_usd: Decimal | None,
        *,
        not_these: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Route:
        """The first partner, by priority and then by name, that takes such a case; or none, and why.

        `jurisdiction` is a code such as `FR` or `US-CA`, `amount_usd` the principal in US dollars, None
        when no rate is known: partners with a limit on the amount then pass. A debtor of unknown type is
        treated as a company. Partners who declined (`not_these`) or are `full` are passed over; partners who
        only quote are not asked here.
        """
        if not jurisdiction:
            return Route(None, "", "The debtor's country, or US state, is not known.")
        refusals: list[str] = []
        candidates = self._candidates(jurisdiction)
        for rule, route in candidates:
            if rule.only_quotes:
                continue
            refusal = _unready(rule.partner, not_these, full) or _refusal(
                rule, debtor_type, currency, amount_usd
            )
            if not refusal:
                return route if not refusals else _after(route, refusals)
            refusals.append(f"{rule.partner_name} {refusal}")
        return Route(
            None, "", _nobody(jurisdiction, refusals, bool(candidates)), passed_over=_sentences(refusals)
        )

    def steps(
        self,
        jurisdiction: str,
        debtor_type: DebtorType,
        currency: str,
        amount_usd: Decimal | None,
        *,
        not_these: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Iterator[Step]:
        """Everybody that `route` could ask, in its order, also those after the one who takes the case."""
        for rule, route in self._candidates(jurisdiction):
            refusal = (
                ("is asked for quotes only" if rule.only_quotes else "")
                or _unready(rule.partner, not_these, full)
                or _refusal(rule, debtor_type, currency, amount_usd)
            )
            reason = f"{rule.partner_name} {refusal}." if refusal else route.reason
            yield Step(Mechanism.RULE, rule.partner, rule.partner_name, not refusal, reason)

    def covers(self, partner: str, jurisdiction: str) -> bool:
        """Whether a partner works in a jurisdiction at all, whatever else its rules ask for."""
        return any(rule.partner == partner for rule, _ in self._candidates(jurisdiction))

    def bidders(self, jurisdiction: str, debtor_type: DebtorType) -> tuple[str, ...]:
        """Every partner who works there with such debtors, in the order of asking.

        Limits on amount and currency belong to standard terms; whoever names its own price decides itself.
        """
        found = (
            rule.partner
            for rule, _ in self._candidates(jurisdiction)
            if not rule.debtor_types or _known(debtor_type) in rule.debtor_types
        )
        return tuple(dict.fromkeys(found))

    def _candidates(self, jurisdiction: str) -> list[tuple[CoverageRule, Route]]:
        if not jurisdiction:
            return []
        return self._routes.get(jurisdiction) or _routes(self._anywhere, jurisdiction)


def jurisdiction_name(code: str) -> str:
    """A jurisdiction in words: `FR` is France, `US-CA` is California, United States."""
    country, _, state = code.partition("-")
    name = country_name(country) or country
    return f"{US_STATES.get(state, state)}, {name}" if state else name


def _routes(rules: list[CoverageRule], jurisdiction: str) -> list[tuple[CoverageRule, Route]]:
    """Each rule with the route it gives; the sentences are the same for every case, so made only once."""
    return [
        (rule, Route(rule.partner, rule.partner_name, _coverage(rule, jurisdiction), Mechanism.RULE))
        for rule in rules
    ]


def _after(route: Route, refusals: list[str]) -> Route:
    return Route(route.partner, route.partner_name, route.reason, route.mechanism, _sentences(refusals))


def _nobody(jurisdiction: str, refusals: list[str], anybody: bool) -> str:
    """Why no partner takes a case without being asked for its price."""
    place = jurisdiction_name(jurisdiction)
    if refusals:
        told = "; ".join(dict.fromkeys(refusals[:_MOST_REFUSALS]))
        return f"Partners cover {place}, but none takes this case: {told}."
    if anybody:
        return f"Partners cover {place}, but only for a price of their own."
    return f"No partner covers {place}."


def _sentences(refusals: list[str]) -> tuple[str, ...]:
    return tuple(f"{refusal}." for refusal in dict.fromkeys(refusals))


def _unready(partner: str, not_these: Collection[str], full: Collection[str]) -> str:
    if partner in not_these:
        return DECLINED
    return FULL if partner in full else ""


def _known(debtor_type: DebtorType) -> DebtorType:
    return DebtorType.COMPANY if debtor_type is DebtorType.UNKNOWN else debtor_type


def _refusal(rule: CoverageRule, debtor_type: DebtorType, currency: str, amount_usd: Decimal | None) -> str:
    """What the rule takes and this case is not, or an empty text when it takes the case."""
    if rule.debtor_types and _known(debtor_type) not in rule.debtor_types:
        return f"takes {_types(rule)} only"
    if rule.currencies and currency not in rule.currencies:
        return f"takes claims in {list_text(sorted(rule.currencies))} only"
    low, high = rule.minimum_usd, rule.maximum_usd
    if amount_usd is None:
        unknown = f"takes claims {_amounts(rule)} only, and the value in US dollars is not known"
        return unknown if low or high else ""
    if (low is not None and amount_usd < low) or (high is not None and amount_usd >= high):
        return f"takes claims {_amounts(rule)} only"
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
