"""The e-mail about what has happened: when it is due, and what it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from arrears.core.digest import MOST_LINES, News, last_digest_moment, letter_of
from arrears.core.notice import NoticeKind

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BASE = "https://arrears.example"


def news(kind: NoticeKind = NoticeKind.PAYMENT, text: str = "£100.00 was paid on case AB.") -> News:
    return News(kind, NOON, text, "/cases/AB/")


@pytest.mark.parametrize(
    ("now", "weekly", "due"),
    [
        ("2026-11-23T06:59:59+00:00", False, "2026-11-22T07:00:00+00:00"),
        ("2026-11-23T07:00:00+00:00", False, "2026-11-23T07:00:00+00:00"),
        ("2026-07-01T05:59:59+00:00", False, "2026-06-30T06:00:00+00:00"),  # summer time: 07:00 is 06:00 UTC
        ("2026-07-01T06:00:00+00:00", False, "2026-07-01T06:00:00+00:00"),
        ("2026-10-25T06:30:00+00:00", False, "2026-10-24T06:00:00+00:00"),  # the clocks went back at night
        ("2026-11-29T23:00:00+00:00", True, "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T06:00:00+00:00", True, "2026-11-16T07:00:00+00:00"),
        ("2026-11-23T07:00:00+00:00", True, "2026-11-23T07:00:00+00:00"),
    ],
)
def test_a_digest_is_due_at_seven_in_london(now: str, weekly: bool, due: str) -> None:
    assert last_digest_moment(datetime.fromisoformat(now), weekly=weekly) == datetime.fromisoformat(due)


def test_without_news_there_is_no_letter() -> None:
    assert letter_of("Pennine", [], BASE) is None


def test_one_thing_is_said_in_the_subject() -> None:
    letter = letter_of("Pennine", [news()], BASE)
    assert letter is not None
    assert letter.subject == "Pennine: £100.00 was paid on case AB."
    assert f"{BASE}/cases/AB/" in letter.text
    assert f"{BASE}/settings/notices/" in letter.text


def test_what_waits_for_somebody_stands_first_and_long_lists_are_cut_and_counted() -> None:
    many = [news(text=f"£1.00 was paid on case {number}.") for number in range(MOST_LINES + 3)]
    letter = letter_of("Pennine", [*many, news(NoticeKind.APPROVAL, "An import waits.")], BASE)
    assert letter is not None
    assert letter.subject == f"Pennine: {MOST_LINES + 4} things from Arrears"
    assert letter.text.index("Waiting for you") < letter.text.index("Payments")
    assert letter.text.count("was paid") == MOST_LINES
    assert "- and 3 more" in letter.text


def test_a_name_cannot_smuggle_a_header_into_the_subject() -> None:
    letter = letter_of("Pennine\r\nBcc: thief@example.com", [news()], BASE)
    assert letter is not None
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_what_others_wrote_cannot_smuggle_a_header_into_the_subject_either() -> None:
    letter = letter_of("Pennine", [news(text="Pennine\r\nBcc: thief@example.com needs attention.")], BASE)
    assert letter is not None
    assert letter.subject == "Pennine: Pennine Bcc: thief@example.com needs attention."


def test_the_same_payment_twice_is_two_pieces_of_news_and_attention_is_one_a_day() -> None:
    later = datetime(2026, 11, 23, 12, 1, tzinfo=UTC)
    assert news().key != News(NoticeKind.PAYMENT, later, news().text, news().page).key
    first = News(NoticeKind.ATTENTION, NOON, "Pennine needs attention.", "/integrations/")
    again = News(NoticeKind.ATTENTION, later, "Pennine needs attention.", "/integrations/")
    tomorrow = News(NoticeKind.ATTENTION, datetime(2026, 11, 24, tzinfo=UTC), first.text, first.page)
    assert first.key == again.key != tomorrow.key
