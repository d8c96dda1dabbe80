"""The preview as a stream of lines that the page consumes while it is still being read."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from threading import BoundedSemaphore
from typing import Any

from django.template.loader import get_template
from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.models import Connection
from arrears.bridge.preview import Instalment, preview
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.control_total import ControlTotal
from arrears.web.preview_row import Line

#: Previews read at once by this process; each keeps a thread and connections to KashFlow busy.
READERS = BoundedSemaphore(4)


def preview_lines(connection: Connection, word: SecretStr | None = None) -> Generator[bytes, None, None]:
    """One JSON object a line, each with any of: `rows` (HTML), `seen` and `total`, `notes` (HTML), `done`.

    A stream that ends without `done` was cut off. What arrived before stays valid.
    """
    # Taken in here and not by the view: a stream that is never begun must not keep a place.
    if not READERS.acquire(blocking=False):
        yield _problem(
            "Several people are reading their invoices at this moment.", "Wait a minute, then read again."
        )
        return
    try:
        yield from _read(connection, word)
    finally:
        READERS.release()


def _read(connection: Connection, word: SecretStr | None) -> Iterator[bytes]:
    control, remarks = ControlTotal(), dict[str, None]()
    try:
        for instalment in preview(connection, word):
            control.add(instalment)
            remarks.update(dict.fromkeys(instalment.remarks))
            yield _rows(instalment)
    except NeedsAttention as reason:
        yield _problem(str(reason), reason.action, reason.url)
        return
    except TryAgainLater as reason:
        yield _problem(str(reason), "Try again in a minute.")
        return
    notes = _template("parts/import_notes.html", control=control, remarks=list(remarks))
    yield _line({"notes": notes, "done": True})


def _rows(instalment: Instalment) -> bytes:
    today = adapters().clock.today()
    html = _template("parts/import_rows.html", lines=[Line(row, today) for row in instalment.rows])
    return _line({"rows": html, "seen": instalment.progress.seen, "total": instalment.progress.total})


def _problem(text: str, action: str, url: str = "") -> bytes:
    return _line({"problem": _template("parts/import_problem.html", text=text, action=action, link_to=url)})


def _template(name: str, **context: Any) -> str:
    return get_template(name).render(context)


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
