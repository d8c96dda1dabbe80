"""Unpaid invoices as a stream of lines that the page consumes while they are still being read."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from threading import BoundedSemaphore
from typing import Any

from django.template.loader import get_template
from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import CollectorNeedsAttention
from arrears.bridge.check_again import check_again
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.preview import preview
from arrears.bridge.unpaid_rows import Row
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.collector_names import CollectorShown, shown_of
from arrears.web.control_total import ControlTotal
from arrears.web.preview_html import Page, row_for
from arrears.web.preview_row import Line
from arrears.web.required_actions import seal

#: Previews read at once by this process; each keeps a thread and connections to KashFlow busy.
READERS = BoundedSemaphore(4)


def preview_lines(
    connection: Connection,
    account: CollectorAccount | None,
    word: SecretStr | None = None,
    *,
    may_import: bool = True,
) -> Generator[bytes, None, None]:
    """What `account`, or our own desk for none, would do with everything that is unpaid.

    One JSON object a line, each with any of: `rows` (see `row_for`), `seen` and `total`, `notes` (HTML),
    `problem` (HTML), `done`.

    A stream that ends without `done` was cut off. What arrived before stays valid.
    """
    page = Page(shown_of(account), connection.source, may_import)
    return _stream(lambda: _everything(connection, account, word, page), page.collector)


def check_lines(
    connection: Connection,
    account: CollectorAccount | None,
    numbers: Sequence[str],
    word: SecretStr | None = None,
    *,
    may_import: bool = True,
) -> Generator[bytes, None, None]:
    """The named invoices as they stand now, in the same lines; `gone` names those no longer unpaid."""
    page = Page(shown_of(account), connection.source, may_import)
    return _stream(lambda: _again(connection, account, numbers, word, page), page.collector)


def _stream(
    read: Callable[[], Iterator[dict[str, Any]]], collector: CollectorShown
) -> Generator[bytes, None, None]:
    # Taken in here and not by the view: a stream that is never begun must not keep a place.
    if not READERS.acquire(blocking=False):
        yield _line(
            _problem(
                "Several people are reading their invoices at this moment.", "Wait a minute, then try again."
            )
        )
        return
    try:
        for content in read():
            yield _line(content)
    except NeedsAttention as reason:
        place = collector.name if isinstance(reason, CollectorNeedsAttention) else "KashFlow"
        yield _line(_problem(str(reason), reason.action, reason.url, place=place))
    except TryAgainLater as reason:
        yield _line(_problem(str(reason), "Try again in a minute."))
    finally:
        READERS.release()


def _everything(
    connection: Connection, account: CollectorAccount | None, word: SecretStr | None, page: Page
) -> Iterator[dict[str, Any]]:
    control, remarks = ControlTotal(), dict[str, None]()
    for instalment in preview(connection, account, word):
        control.add(instalment)
        remarks.update(dict.fromkeys(instalment.remarks))
        progress = instalment.progress
        rows = _rows(instalment.rows, connection.organisation_id, page)
        yield {"rows": rows, "seen": progress.seen, "total": progress.total}
    yield {
        "notes": _template("parts/import_notes.html", control=control, remarks=list(remarks)),
        "done": True,
    }


def _again(
    connection: Connection,
    account: CollectorAccount | None,
    numbers: Sequence[str],
    word: SecretStr | None,
    page: Page,
) -> Iterator[dict[str, Any]]:
    for look in check_again(connection, account, numbers, word):
        rows = _rows(look.rows, connection.organisation_id, page)
        yield {
            "rows": rows,
            "gone": list(look.gone),
            "seen": look.progress.seen,
            "total": look.progress.total,
        }
    yield {"done": True}


def _rows(rows: Sequence[Row], organisation: int, page: Page) -> list[dict[str, Any]]:
    today = adapters().clock.today()
    lines = [
        Line(row, today, seal(row.offer, organisation, page.collector.key) if row.may_be_submitted else "")
        for row in rows
    ]
    return [row_for(line, page) for line in lines]


def _problem(text: str, action: str, url: str = "", *, place: str = "KashFlow") -> dict[str, str]:
    told = {"text": text, "action": action, "link_to": url, "place": place}
    return {"problem": _template("parts/import_problem.html", **told)}


def _template(name: str, **context: Any) -> str:
    return get_template(name).render(context)


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
