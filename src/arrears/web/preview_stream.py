"""The preview as a stream of lines that the page consumes while it is still being read."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from threading import BoundedSemaphore
from typing import Any

from django.template.loader import get_template
from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import CollectorNeedsAttention
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.preview import Instalment, preview
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.collector_names import CollectorShown, shown_of
from arrears.web.control_total import ControlTotal
from arrears.web.preview_row import Line
from arrears.web.required_actions import seal

#: Previews read at once by this process; each keeps a thread and connections to KashFlow busy.
READERS = BoundedSemaphore(4)


def preview_lines(
    connection: Connection, account: CollectorAccount | None, word: SecretStr | None = None
) -> Generator[bytes, None, None]:
    """What `account`, or our own desk for none, would do with everything that is unpaid.

    One JSON object a line, each with any of: `rows` (HTML), `seen` and `total`, `notes` (HTML), `done`.

    A stream that ends without `done` was cut off. What arrived before stays valid.
    """
    # Taken in here and not by the view: a stream that is never begun must not keep a place.
    if not READERS.acquire(blocking=False):
        yield _problem(
            "Several people are reading their invoices at this moment.", "Wait a minute, then read again."
        )
        return
    try:
        yield from _read(connection, account, word)
    finally:
        READERS.release()


def _read(
    connection: Connection, account: CollectorAccount | None, word: SecretStr | None
) -> Iterator[bytes]:
    collector = shown_of(account)
    control, remarks = ControlTotal(), dict[str, None]()
    try:
        for instalment in preview(connection, account, word):
            control.add(instalment)
            remarks.update(dict.fromkeys(instalment.remarks))
            yield _rows(instalment, connection.organisation_id, collector)
    except NeedsAttention as reason:
        of_collector = isinstance(reason, CollectorNeedsAttention)
        yield _problem(
            str(reason), reason.action, reason.url, place=collector.name if of_collector else "KashFlow"
        )
        return
    except TryAgainLater as reason:
        yield _problem(str(reason), "Try again in a minute.")
        return
    notes = _template("parts/import_notes.html", control=control, remarks=list(remarks))
    yield _line({"notes": notes, "done": True})


def _rows(instalment: Instalment, organisation: int, collector: CollectorShown) -> bytes:
    today = adapters().clock.today()
    lines = [
        Line(row, today, seal(row.offer, organisation, collector.key) if row.may_be_submitted else "")
        for row in instalment.rows
    ]
    html = _template("parts/import_rows.html", lines=lines, collector=collector)
    return _line({"rows": html, "seen": instalment.progress.seen, "total": instalment.progress.total})


def _problem(text: str, action: str, url: str = "", *, place: str = "KashFlow") -> bytes:
    told = {"text": text, "action": action, "link_to": url, "place": place}
    return _line({"problem": _template("parts/import_problem.html", **told)})


def _template(name: str, **context: Any) -> str:
    return get_template(name).render(context)


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
