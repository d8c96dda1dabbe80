"""The page with the desk's rules says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arrears.core import complaint, exclusivity, payment
from arrears.core.case import PERMITTED, TRANSITIONS, CloseCode, Party, close_codes_for
from arrears.core.task import REMIND_EVERY_DAYS, TaskKind
from arrears.core.vetting import VettingItem
from arrears.desk.cases.sweep_cases import SIGNING_DAYS
from arrears.desk.contracts import send_signing_code, sign_agreements
from arrears.desk.models import DeskSettings
from arrears.desk.signatures import LINK_DAYS
from arrears.desk.signing import CODE_MINUTES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "desk" / "rules.md").read_text(encoding="utf-8")
PLAIN = " ".join(PAGE.split())


def table(*headings: str) -> list[tuple[str, ...]]:
    """The rows of the table with these headings."""
    head = f"| {' | '.join(headings)} |\n"
    _, found, rest = PAGE.partition(head)
    assert found, f"The page has no table with the headings {headings}."
    rows = re.match(r"\| -.*\n((?:\|.*\n)+)", rest)
    assert rows is not None
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows[1].splitlines()]


def test_the_page_has_every_way_from_state_to_state_and_no_other() -> None:
    assert table("State", "What happens", "Then it is") == [
        (state.value, event.value, after.value)
        for state, events in TRANSITIONS.items()
        for event, after in events.items()
    ]


def test_the_page_says_who_may_make_each_thing_happen() -> None:
    assert table("What happens", "Who may make it happen") == [
        (event.value, ", ".join(party for party in Party if party in parties))
        for event, parties in PERMITTED.items()
    ]


def test_the_page_has_every_reason_for_closing_and_who_may_give_it() -> None:
    assert table("Reason", "Who may give it") == [
        (code.value, ", ".join(party for party in Party if code in close_codes_for(party)))
        for code in CloseCode
    ]


def test_the_page_has_every_way_of_a_complaint() -> None:
    assert table("State", "Step", "Then it is") == [
        (state.value, step.value, after.value)
        for state, steps in complaint.TRANSITIONS.items()
        for step, after in steps.items()
    ]


def test_the_page_has_every_task() -> None:
    assert [row[0] for row in table("Task", "Whose", "Due")] == [kind.label for kind in TaskKind]


@pytest.mark.parametrize(
    ("sentence", "setting"),
    [
        ("**{} minutes** (*setting*)", "check_minutes"),
        ("**{} business days** (*setting*). A reminder", "info_business_days"),
        ("| time for offers (*setting*) | {} business hours |", "quote_business_hours"),
        ("| most offers, in the network (*setting*) | {} |", "max_quotes"),
        ("| time to choose, once offers have ended (*setting*) | {} days |", "decide_days"),
        ("**{} business days** of the payment (*setting*)", "settle_business_days"),
        ("**{} years** after the case is closed (*setting*)", "retention_years"),
    ],
)
def test_the_page_has_the_settings_of_a_new_desk(sentence: str, setting: str) -> None:
    assert sentence.format(getattr(DeskSettings(), setting)) in PLAIN


@pytest.mark.parametrize(
    "sentence",
    [
        f"It lasts **{exclusivity.FIRST_MONTHS} months**",
        f"until **{exclusivity.MONTHS_AFTER_EVENT} months** after that event",
        f"says so within {payment.REPORT_DAYS} days",
        f"within {payment.FEE_DAYS} days of its being recorded",
        f"Whoever is asked answers within {complaint.ANSWER_WITHIN.days} days",
        f"reminded every {REMIND_EVERY_DAYS} days",
        f"not signed for **{SIGNING_DAYS} days** after it was opened",
        f"| a signing link works | {LINK_DAYS} days |",
        f"| a code works | {CODE_MINUTES} minutes |",
        f"| wrong guesses at one code | {sign_agreements._MOST_GUESSES} |",
        f"| codes an hour, for one link | {send_signing_code._MOST_CODES} |",
        f"| codes an hour, for all links of a creditor | {send_signing_code._MOST_CODES_OF_CREDITOR} |",
        ", then ".join(payment.DEFAULT_ALLOCATION) + " (*setting*)",
    ],
)
def test_the_page_has_the_numbers_of_the_program(sentence: str) -> None:
    assert sentence in PLAIN


def test_the_page_names_every_vetting_item() -> None:
    assert [item for item in VettingItem if item.value.lower() not in PLAIN.lower()] == []
