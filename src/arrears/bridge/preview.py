"""What is unpaid right now, what may be submitted, and what each case would cost. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention, noting_collector, refuse_other_company
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.unpaid_rows import Row, rows_of
from arrears.ports import Control, Progress

__all__ = ["Instalment", "Row", "preview"]


#: Rows told at once: a collector elsewhere may be asked about each, and nobody should wait for a whole page.
_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Instalment:
    """Some rows of a preview, in the order they were read, and how far the reading has come."""

    rows: tuple[Row, ...]
    progress: Progress
    control: Control
    remarks: tuple[str, ...] = field(default=())


def preview(
    connection: Connection, account: CollectorAccount | None, word: SecretStr | None = None
) -> Iterator[Instalment]:
    """Read every unpaid invoice and yield them with verdict and estimate while later ones are being read.

    `account` is the collector that is asked what it would do with them, None for our own desk.

    Raises NeedsAttention or TryAgainLater; what was already yielded stays valid.
    """
    clock = adapters().clock
    with noting_attention(connection, clock):
        today = clock.today()
        books = adapters().books(connection, word)
        refuse_other_company(connection, books.company())
        collector = adapters().collector(connection.organisation_id, account)
        for batch in books.unpaid(today):
            control = batch.control.owed if batch.control.complete else None
            for start in range(0, max(len(batch.owed), 1), _AT_ONCE):
                part = batch.owed[start : start + _AT_ONCE]
                with noting_collector(account):
                    rows = rows_of(part, control, connection, collector, today)
                yield Instalment(rows, batch.progress, batch.control, batch.remarks)
