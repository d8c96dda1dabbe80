"""What handing over means, said before it is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import arrears.desk
from arrears.core.exclusivity import FIRST_MONTHS, MONTHS_AFTER_EVENT
from arrears.core.handing_over import terms
from arrears.core.payment import REPORT_DAYS

AGREEMENT = Path(arrears.desk.__file__).parent / "data" / "agreements" / "standard.md"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_everything_that_costs_or_binds_is_said(elsewhere: bool) -> None:
    told = {term.key: f"{term.title}. {term.text}" for term in terms(elsewhere)}

    assert f"{FIRST_MONTHS} months" in told["exclusive_period"]
    assert f"{MONTHS_AFTER_EVENT} months after" in told["extension"]
    for event in ("payment", "promise", "payment plan"):
        assert event in told["extension"]
    assert "full success fee" in told["withdrawal"]
    assert "collection costs" in told["withdrawal"]
    assert "free of charge" in told["free_at_first"]
    assert "switch off automatic credit control" in told["no_reminders"]
    assert f"within {REPORT_DAYS} days" in told["direct_payments"]
    assert "had built up before" in told["interest"]


def test_where_a_case_is_closed_depends_on_who_has_it() -> None:
    own = {term.key: term.text for term in terms(False)}
    elsewhere = {term.key: term.text for term in terms(True)}

    assert "close it here" in own["free_at_first"]
    assert "in the collector’s portal" in elsewhere["free_at_first"]


def test_where_no_partner_covers_the_debtor_the_offer_decides() -> None:
    told = {term.key: term.text for term in terms(False, has_partner=False)}

    assert "until you accept one" in told["exclusive_period"]
    assert "it decides" in told["withdrawal"]
    assert "extension" not in told


@pytest.mark.parametrize("has_partner", [None, False])
def test_each_term_names_a_section_of_our_agreement(has_partner: bool | None) -> None:
    sections = re.findall(r"^(\d+)\. ", AGREEMENT.read_text(encoding="utf-8"), re.MULTILINE)
    for term in terms(False, has_partner=has_partner):
        assert term.source.rpartition(" ")[2] in sections
