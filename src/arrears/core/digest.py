"""An e-mail about what has happened: which news go into it, and its words. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from arrears.core.notice import NoticeKind

#: A digest leaves at this hour in the United Kingdom, before the working day.
DIGEST_HOUR = 7
LONDON = ZoneInfo("Europe/London")

#: So many lines of one kind; the rest is counted. An e-mail is a pointer, not a report.
MOST_LINES = 20

_HEADINGS = {
    NoticeKind.APPROVAL: "Waiting for you",
    NoticeKind.ATTENTION: "Needs attention",
    NoticeKind.TASK: "To do",
    NoticeKind.PAYMENT: "Payments",
    NoticeKind.MESSAGE: "Messages",
    NoticeKind.CASE_CLOSED: "Closed cases",
    NoticeKind.RUN_ENDED: "Imports",
}


@dataclass(frozen=True, slots=True)
class News:
    """One thing that has happened. `text` is a sentence without names of people or debtors.

    `page` is the path of the page about it, such as `/cases/Q8OAXF3W/`.
    """

    kind: NoticeKind
    at: datetime
    text: str
    page: str

    @property
    def key(self) -> str:
        """What tells this news from other news. What needs attention is told again on another day."""
        standing = self.kind is NoticeKind.ATTENTION
        at = self.at.date().isoformat() if standing else self.at.isoformat()
        told = json.dumps([self.kind.value, self.page, self.text, at])
        return hashlib.sha256(told.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and plain text of one e-mail."""

    subject: str
    text: str


def last_digest_moment(now: datetime, *, weekly: bool) -> datetime:
    """The latest moment up to `now` at which a digest was due: 07:00 in London, every day or on Mondays."""
    here = now.astimezone(LONDON)
    day = here.date() if here.hour >= DIGEST_HOUR else here.date() - timedelta(days=1)
    if weekly:
        day -= timedelta(days=day.weekday())
    return _morning(day)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, DIGEST_HOUR, tzinfo=LONDON)


def letter_of(organisation: str, news: Iterable[News], base_url: str) -> Letter | None:
    """The e-mail about some news, the most pressing kind first; None for none."""
    by_kind: dict[NoticeKind, list[News]] = {}
    for one in news:
        by_kind.setdefault(one.kind, []).append(one)
    kinds = [kind for kind in _HEADINGS if kind in by_kind]
    if not kinds:
        return None
    parts = [_part(kind, by_kind[kind], base_url) for kind in kinds]
    closing = f"Choose what you hear of, and how often: {base_url}/settings/notices/"
    return Letter(_subject(organisation, by_kind, kinds), "\n\n".join([*parts, closing]) + "\n")


def _subject(organisation: str, by_kind: dict[NoticeKind, list[News]], kinds: Sequence[NoticeKind]) -> str:
    """One line: names from outside may hold line breaks, and a header must not."""
    only = by_kind[kinds[0]]
    if len(kinds) == 1 and len(only) == 1:
        said = only[0].text
    else:
        said = f"{sum(len(by_kind[kind]) for kind in kinds)} things from Arrears"
    return " ".join(f"{organisation}: {said}".split())[:200]


def _part(kind: NoticeKind, news: Sequence[News], base_url: str) -> str:
    lines = [f"- {one.text}\n  {base_url}{one.page}" for one in news[:MOST_LINES]]
    rest = len(news) - MOST_LINES
    if rest > 0:
        lines.append(f"- and {rest:,} more")
    return "\n".join([_HEADINGS[kind], *lines])
