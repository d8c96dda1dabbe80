"""Which partner takes a case, and the reason told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.core.debtor import DebtorType
from arrears.core.routing import CoverageRule, Mechanism, Network, Route, jurisdiction_name

COMPANY, PRIVATE, UNKNOWN = DebtorType.COMPANY, DebtorType.PRIVATE, DebtorType.UNKNOWN


def a_rule(partner: str, *jurisdictions: str, **changes: object) -> CoverageRule:
    return CoverageRule(partner.lower(), partner, frozenset(jurisdictions), **changes)  # type: ignore[arg-type]


def routed(
    *rules: CoverageRule,
    jurisdiction: str = "FR",
    debtor_type: DebtorType = COMPANY,
    currency: str = "EUR",
    usd: int | None = 500,
) -> Route:
    return Network(rules).route(jurisdiction, debtor_type, currency, None if usd is None else Decimal(usd))


def test_a_partner_who_covers_the_place_takes_the_case_and_says_why() -> None:
    rule = a_rule("Alpha", "FR", debtor_types=frozenset({COMPANY}), minimum_usd=Decimal(100))
    assert routed(rule) == Route(
        "alpha", "Alpha", "Covers France, company debts, from USD 100.", Mechanism.RULE
    )


def test_every_condition_of_the_rule_is_told() -> None:
    rule = a_rule(
        "Alpha",
        "US-CA",
        currencies=frozenset({"USD", "EUR"}),
        minimum_usd=Decimal(100),
        maximum_usd=Decimal(10**4),
    )
    assert routed(rule, jurisdiction="US-CA").reason == (
        "Covers California, United States, in EUR and USD, from USD 100 and below USD 10,000."
    )


def test_lower_priority_is_asked_first_and_then_the_name_decides() -> None:
    first, second, third = a_rule("Zeta", "FR", priority=1), a_rule("Alpha", "FR"), a_rule("Beta", "FR")
    assert routed(third, second, first).partner == "zeta"
    assert routed(third, second).partner == "alpha"


def test_a_partner_who_does_not_take_the_case_is_passed_over() -> None:
    picky = a_rule("Alpha", "FR", minimum_usd=Decimal(1000), priority=1)
    route = routed(picky, a_rule("Beta", "FR"))
    assert route.partner == "beta"
    assert route.passed_over == ("Alpha takes claims from USD 1,000 only.",)


def test_partners_who_are_full_or_have_declined_are_passed_over_and_said_to_be() -> None:
    network = Network([a_rule("Alpha", "FR", priority=1), a_rule("Beta", "FR"), a_rule("Gamma", "FR")])
    route = network.route("FR", COMPANY, "EUR", Decimal(500), not_these={"alpha"}, full={"beta"})
    assert route.partner == "gamma"
    assert route.passed_over == (
        "Alpha has declined this case.",
        "Beta has as many open cases as it takes.",
    )


def test_when_everybody_has_declined_or_is_full_the_reason_tells_so() -> None:
    network = Network([a_rule("Alpha", "FR", priority=1), a_rule("Beta", "FR")])
    route = network.route("FR", COMPANY, "EUR", Decimal(500), not_these={"alpha"}, full={"beta"})
    assert route.partner is None
    assert "Alpha has declined this case; Beta has as many open cases as it takes" in route.reason


def test_a_partner_that_only_quotes_gets_no_case_by_its_rule() -> None:
    quoting = a_rule("Alpha", "FR", priority=1, only_quotes=True)
    assert routed(quoting, a_rule("Beta", "FR")) == Route("beta", "Beta", "Covers France.", Mechanism.RULE)
    assert routed(quoting) == Route(None, "", "Partners cover France, but only for a price of their own.")


def test_bidders_are_everybody_who_works_there_with_such_debtors_whatever_the_amount() -> None:
    network = Network(
        [
            a_rule("Gamma", "FR", minimum_usd=Decimal(10**6), priority=3),
            a_rule("Alpha", "FR", only_quotes=True, priority=1),
            a_rule("Alpha", "FR", debtor_types=frozenset({COMPANY}), priority=2),
            a_rule("Beta", "FR", debtor_types=frozenset({PRIVATE})),
            a_rule("Delta", "DE"),
        ]
    )
    assert network.bidders("FR", UNKNOWN) == ("alpha", "gamma")
    assert network.bidders("FR", PRIVATE) == ("alpha", "gamma", "beta")
    assert network.bidders("IT", COMPANY) == network.bidders("", COMPANY) == ()


def test_a_partner_covers_the_places_of_its_rules_whatever_else_they_ask_for() -> None:
    network = Network([a_rule("Alpha", "FR", minimum_usd=Decimal(10**6)), a_rule("Anywhere")])
    assert network.covers("alpha", "FR")
    assert not network.covers("alpha", "DE")
    assert network.covers("anywhere", "DE")
    assert not network.covers("anywhere", "")


def test_a_rule_without_jurisdictions_covers_every_place() -> None:
    anywhere, france = a_rule("Anywhere"), a_rule("Alpha", "FR", priority=1)
    assert routed(anywhere, france, jurisdiction="FR").partner == "alpha"
    assert routed(anywhere, france, jurisdiction="JP").partner == "anywhere"
    assert routed(a_rule("Anywhere", priority=1), a_rule("Alpha", "FR")).partner == "anywhere"


def test_the_lower_limit_belongs_to_the_rule_and_the_upper_one_does_not() -> None:
    rule = a_rule("Alpha", "FR", minimum_usd=Decimal(100), maximum_usd=Decimal(1000))
    assert [routed(rule, usd=usd).partner for usd in (99, 100, 999, 1000)] == [None, "alpha", "alpha", None]


def test_a_debtor_of_unknown_type_is_treated_as_a_company() -> None:
    rule = a_rule("Alpha", "FR", debtor_types=frozenset({COMPANY}))
    assert routed(rule, debtor_type=UNKNOWN).partner == "alpha"


def test_a_place_that_nobody_covers_is_named() -> None:
    route = routed(a_rule("Alpha", "DE"), jurisdiction="US-NY")
    assert route == Route(None, "", "No partner covers New York, United States.")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"debtor_types": frozenset({COMPANY})}, "Alpha takes company debts only"),
        ({"currencies": frozenset({"EUR"})}, "Alpha takes claims in EUR only"),
        ({"minimum_usd": Decimal(1000)}, "Alpha takes claims from USD 1,000 only"),
        ({"maximum_usd": Decimal(500)}, "Alpha takes claims below USD 500 only"),
    ],
)
def test_partners_who_cover_the_place_but_refuse_say_what_they_take(
    changes: dict[str, object], refusal: str
) -> None:
    route = routed(a_rule("Alpha", "FR", **changes), debtor_type=PRIVATE, currency="GBP")
    assert route.partner is None
    assert route.mechanism is Mechanism.NETWORK
    assert route.reason == f"Partners cover France, but none takes this case: {refusal}."
    assert route.passed_over == (f"{refusal}.",)


def test_an_amount_without_a_rate_passes_partners_with_a_limit() -> None:
    limited, open_to_all = a_rule("Alpha", "FR", minimum_usd=Decimal(100)), a_rule("Beta", "FR")
    assert routed(limited, open_to_all, usd=None).partner == "beta"
    assert "the value in US dollars is not known" in routed(limited, usd=None).reason


def test_without_a_jurisdiction_nobody_is_asked() -> None:
    assert routed(a_rule("Anywhere"), jurisdiction="") == Route(
        None, "", "The debtor's country, or US state, is not known."
    )


def test_long_lists_of_refusals_are_cut() -> None:
    rules = [a_rule(f"P{n}", "FR", minimum_usd=Decimal(1000)) for n in range(9)]
    assert routed(*rules).reason.count("takes claims") == 3


@pytest.mark.parametrize(
    ("code", "name"), [("FR", "France"), ("US-CA", "California, United States"), ("ZZ", "ZZ")]
)
def test_jurisdictions_have_names(code: str, name: str) -> None:
    assert jurisdiction_name(code) == name


places = st.sampled_from(["FR", "DE", "GB", "US-CA"])
limits = st.one_of(st.none(), st.integers(1, 2000).map(Decimal))
rules = st.builds(
    CoverageRule,
    partner=st.sampled_from("abcd"),
    partner_name=st.sampled_from(["A", "B", "C", "D"]),
    jurisdictions=st.frozensets(places, max_size=3),
    debtor_types=st.frozensets(st.sampled_from([COMPANY, PRIVATE]), max_size=1),
    currencies=st.frozensets(st.sampled_from(["EUR", "GBP"]), max_size=1),
    minimum_usd=limits,
    maximum_usd=limits,
    priority=st.integers(1, 3),
    only_quotes=st.booleans(),
)


@settings(max_examples=15)
@given(st.lists(rules, max_size=6), st.randoms(use_true_random=False), places, st.integers(0, 3000))
def test_neither_order_nor_unrelated_rules_change_the_route(
    network: list[CoverageRule], chance: object, place: str, usd: int
) -> None:
    elsewhere = a_rule("A", "JP", "US-NY", priority=0)
    shuffled = [*network, elsewhere]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = (
        routed(*network, jurisdiction=place, usd=usd),
        routed(*shuffled, jurisdiction=place, usd=usd),
    )
    assert (before.partner, before.partner_name) == (after.partner, after.partner_name)


@settings(max_examples=15)
@given(
    st.lists(rules, max_size=6),
    places,
    st.integers(0, 3000),
    st.frozensets(st.sampled_from("abcd"), max_size=2),
    st.frozensets(st.sampled_from("abcd"), max_size=2),
)
def test_the_steps_explain_exactly_the_route(
    network: list[CoverageRule], place: str, usd: int, declined: frozenset[str], full: frozenset[str]
) -> None:
    asked = (place, COMPANY, "EUR", Decimal(usd))
    route = Network(network).route(*asked, not_these=declined, full=full)
    steps = list(Network(network).steps(*asked, not_these=declined, full=full))
    first = next((step for step in steps if step.taken), None)
    assert route.partner == (first.partner if first else None)
    before = steps[: steps.index(first)] if first else steps
    assert set(route.passed_over) == {step.reason for step in before if "quotes only" not in step.reason}
    assert route.partner not in declined | full


@settings(max_examples=15)
@given(st.lists(rules, max_size=6), places, st.integers(0, 3000), st.sampled_from([COMPANY, PRIVATE]))
def test_the_partner_found_is_the_first_that_fits_every_condition(
    network: list[CoverageRule], place: str, usd: int, debtor_type: DebtorType
) -> None:
    fitting = sorted(
        (rule.priority, rule.partner_name, rule.partner)
        for rule in network
        if not rule.only_quotes
        and (not rule.jurisdictions or place in rule.jurisdictions)
        and (not rule.debtor_types or debtor_type in rule.debtor_types)
        and (not rule.currencies or "EUR" in rule.currencies)
        and (rule.minimum_usd is None or usd >= rule.minimum_usd)
        and (rule.maximum_usd is None or usd < rule.maximum_usd)
    )
    expected = fitting[0][2] if fitting else None
    assert routed(*network, jurisdiction=place, usd=usd, debtor_type=debtor_type).partner == expected
