"""The automatic check: what a case has to have before anybody works it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.debtor import DebtorType
from arrears.core.fx import ECB
from arrears.core.handover import LONGEST_TEXT, handover_of
from arrears.core.verification import CheckArea, Facts, check
from tests.builders import TODAY, a_claim, an_invoice

SOUND = Facts(
    debtor_name="Acme Ltd",
    debtor_type=DebtorType.COMPANY,
    street="1 High Street",
    city="Leeds",
    zip="LS1 4AP",
    state="",
    country="GB",
    reachable=True,
    principal=Decimal(500),
    usd=Decimal(650),
    issued=date(2026, 7, 1),
    due=date(2026, 7, 31),
    description="",
    files=0,
)

#: Every way to back a claim: nothing, words, a file, both.
PAPERS = {"nothing": ("", 0), "words": ("Sold bolts.", 0), "file": ("", 1), "both": ("Sold bolts.", 1)}


def areas(facts: Facts, today: date = TODAY) -> list[CheckArea]:
    """The areas of what blocks."""
    return [problem.area for problem in check(facts, today) if problem.blocks]


def enough(facts: Facts) -> set[str]:
    """The papers with which the case passes."""
    return {
        name
        for name, (words, files) in PAPERS.items()
        if not areas(replace(facts, description=words, files=files))
    }


def test_a_sound_case_has_no_problem() -> None:
    assert check(SOUND, TODAY) == ()


@pytest.mark.parametrize(
    ("facts", "area"),
    [
        (replace(SOUND, debtor_name=" "), CheckArea.DEBTOR),
        (replace(SOUND, street=""), CheckArea.ADDRESS),
        (replace(SOUND, city=" "), CheckArea.ADDRESS),
        (replace(SOUND, zip=""), CheckArea.ADDRESS),
        (replace(SOUND, zip="75001"), CheckArea.ADDRESS),
        (replace(SOUND, principal=Decimal(0)), CheckArea.CLAIM),
        (replace(SOUND, issued=None, due=None), CheckArea.DATES),
        (replace(SOUND, issued=TODAY + timedelta(days=1), due=None), CheckArea.DATES),
        (replace(SOUND, due=TODAY + timedelta(days=1)), CheckArea.DATES),
        (replace(SOUND, due=date(2026, 6, 30)), CheckArea.DATES),
    ],
)
def test_what_is_missing_or_cannot_be_is_told_once_and_says_how_to_mend_it(
    facts: Facts, area: CheckArea
) -> None:
    assert areas(facts) == [area]
    (problem,) = check(facts, TODAY)
    assert problem.sentence.count(".") >= 2  # what is wrong, and what to do


@pytest.mark.parametrize(
    "facts",
    [
        replace(SOUND, issued=TODAY, due=TODAY),
        replace(SOUND, issued=None),
        replace(SOUND, due=None),
        replace(SOUND, country="IE", zip=""),
        replace(SOUND, country="HK", zip=""),
    ],
)
def test_what_is_unusual_but_possible_passes(facts: Facts) -> None:
    assert areas(facts) == []


def test_a_debtor_who_cannot_be_reached_is_worth_a_word_but_blocks_nothing() -> None:
    (problem,) = check(replace(SOUND, reachable=False), TODAY)
    assert (problem.area, problem.blocks) == (CheckArea.CONTACT, False)


@pytest.mark.parametrize(
    ("due", "zip_code", "country", "barred"),
    [
        (date(2020, 11, 22), "LS1 4AP", "GB", False),
        (date(2020, 11, 21), "LS1 4AP", "GB", True),
        (date(2021, 11, 22), "G1 1XQ", "GB", False),
        (date(2021, 11, 21), "G1 1XQ", "GB", True),
        (date(2001, 1, 31), "75001", "FR", False),
    ],
)
def test_a_british_claim_beyond_the_limitation_period_is_asked_about(
    due: date, zip_code: str, country: str, barred: bool
) -> None:
    facts = replace(SOUND, issued=due, due=due, zip=zip_code, country=country)
    assert areas(facts) == ([CheckArea.DATES] if barred else [])


@pytest.mark.parametrize(
    ("usd", "passing"),
    [
        ("0.01", {"nothing", "words", "file", "both"}),
        ("1999.99", {"nothing", "words", "file", "both"}),
        ("2000", {"words", "file", "both"}),
        ("9999.99", {"words", "file", "both"}),
        ("10000", {"file", "both"}),
        ("1000000", {"file", "both"}),
        (None, {"file", "both"}),
    ],
)
def test_papers_go_by_the_value(usd: str | None, passing: set[str]) -> None:
    facts = replace(SOUND, usd=Decimal(usd) if usd else None)
    assert enough(facts) == passing
    assert enough(replace(facts, debtor_type=DebtorType.UNKNOWN)) == passing


@given(usd=st.none() | st.decimals(Decimal("0.01"), Decimal("1e9"), places=2))
def test_private_debtors_and_unusual_claims_need_both_at_any_value(usd: Decimal | None) -> None:
    assert enough(replace(SOUND, usd=usd, debtor_type=DebtorType.PRIVATE)) == {"both"}
    assert enough(replace(SOUND, usd=usd, complex_claim=True)) == {"both"}


@given(
    lower=st.decimals(Decimal("0.01"), Decimal("1e6"), places=2),
    more=st.decimals(Decimal(0), Decimal("1e6"), places=2),
    papers=st.sampled_from(sorted(PAPERS)),
)
def test_a_larger_claim_never_needs_less(lower: Decimal, more: Decimal, papers: str) -> None:
    if papers in enough(replace(SOUND, usd=lower + more)):
        assert papers in enough(replace(SOUND, usd=lower))


# --- What a claim on invoices says by itself ---------------------------------------------------------------


def test_invoices_are_described_in_words() -> None:
    claim = a_claim(
        an_invoice(number="1042", issued=date(2026, 3, 3), due=date(2026, 4, 2)),
        an_invoice(number="7", issued=None, due=None, last_payment=date(2026, 5, 1)),
    )
    handover = handover_of(claim, ECB, TODAY)
    assert handover is not None
    assert handover.description == (
        "Unpaid invoice 1042 of 3 March 2026, due 2 April 2026. "
        "Unpaid invoice 7, last part payment 1 May 2026."
    )


@pytest.mark.parametrize("count", [1, 60, 74, 75, 500])
def test_a_description_fits_and_counts_every_invoice(count: int) -> None:
    handover = handover_of(a_claim(*(an_invoice(number=str(10_000 + n)) for n in range(count))), ECB, TODAY)
    assert handover is not None
    text = handover.description
    assert len(text) <= LONGEST_TEXT
    told, _, rest = text.partition("And ")
    assert told.count("Unpaid invoice") + int(rest.partition(" ")[0] or 0) == count
