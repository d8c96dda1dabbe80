"""How many reminders went out and what a customer is marked with: only the records tell."""

from __future__ import annotations

from typing import Any

import pytest

from arrears.connectors.kashflow import wire
from tests.connectors.kashflow.sample import ABSENT, debtor, invoice


def letters(*sent: object) -> list[dict[str, object]]:
    return [
        {"Number": number, "IsSent": one, "SentDate": "2026-04-20 12:00:00" if one else "1900-01-01 12:00:00"}
        for number, one in enumerate(sent, start=1)
    ]


@pytest.mark.parametrize(
    ("said", "reminders"),
    [
        (letters(True, True, False), 2),
        (list(reversed(letters(True, False, False))), 1),
        (letters("1", 1, "true"), 3),
        (letters(False), 0),
        ([], 0),
        ([None, "letter", {}], 0),
        (None, None),
        (ABSENT, None),
        ("two", None),
    ],
)
def test_only_letters_that_were_sent_are_reminders_and_silence_is_not_none_sent(
    said: Any, reminders: int | None
) -> None:
    assert invoice(ReminderLetters=said).reminders == reminders


def boxes(*ticked: tuple[object, object]) -> list[dict[str, object]]:
    return [{"Name": name, "Value": value} for name, value in ticked]


@pytest.mark.parametrize(
    ("said", "source", "tags"),
    [
        (boxes(("VIP", "1"), ("Staff", False), ("On stop", True)), None, ("VIP", "On stop")),
        (boxes(("VIP", True)), " Trade show ", ("Trade show", "VIP")),
        (boxes(("VIP", True), ("VIP", True)), "VIP", ("VIP",)),
        (boxes((" ", True), (None, True)), "", ()),
        ([], "Trade show", ("Trade show",)),
        ([], None, ()),
        (None, "Trade show", None),
        (ABSENT, "Trade show", None),
    ],
)
def test_a_customer_is_marked_by_its_source_and_its_ticked_boxes(
    said: Any, source: object, tags: tuple[str, ...] | None
) -> None:
    assert debtor(CustomCheckBoxes=said, SourceName=source).tags == tags


def test_a_customer_without_a_record_has_no_known_marks() -> None:
    assert debtor(CustomCheckBoxes=ABSENT).tags is None
    assert wire.Customer().check_boxes is None
