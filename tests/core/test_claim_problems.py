"""What no collector could work with is told before any is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from arrears.core.claim import Claim
from arrears.core.claim_problems import claim_problems, debtor_problems
from arrears.core.invoice import Outstanding
from tests.builders import a_claim, a_debtor, an_address, an_invoice, money


def test_a_sound_claim_has_none() -> None:
    assert claim_problems(a_claim()) == ()


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (a_claim(debtor=a_debtor(name=" ")), "name is missing"),
        (a_claim(debtor=a_debtor(address=an_address(country=""))), "country is missing"),
        (a_claim(country="ZZ"), "“ZZ” is not known"),
        (a_claim(country="US", state=""), "US state"),
        (a_claim(an_invoice("0 GBP")), "Nothing is owed on invoice 1001"),
        (a_claim(an_invoice("-5 GBP")), "Nothing is owed on invoice 1001"),
        (a_claim(an_invoice("500 ABC")), "“ABC” is not known"),
        (a_claim(an_invoice("5.001 GBP")), "decimal places"),
        (a_claim(an_invoice("5 GBP"), an_invoice("5 EUR")), "mixes EUR and GBP"),
        (a_claim(*(an_invoice("999999999999999 GBP") for _ in range(2))), "larger than any real one"),
        (
            a_claim(replace(an_invoice(), outstanding=Outstanding(None, "", "It is a riddle."))),
            "1001 is not known. It is a riddle.",
        ),
        (
            a_claim(replace(an_invoice(), outstanding=Outstanding(money("5 EUR"), "as the test says"))),
            "Invoice 1001 is in GBP, but what is owed in EUR.",
        ),
    ],
)
def test_each_problem_is_told_in_a_sentence(claim: Claim, told: str) -> None:
    (sentence,) = claim_problems(claim)
    assert told in sentence
    assert sentence.endswith(".")


def test_problems_of_a_debtor_name_the_field() -> None:
    assert [problem.field for problem in debtor_problems("", "", "")] == ["debtor_name", "country"]
    assert [problem.field for problem in debtor_problems("Acme", "US", "")] == ["state"]
    assert list(debtor_problems("Acme", "US", "CA")) == []
