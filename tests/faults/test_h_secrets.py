"""What keeps notices honest stays sealed: no key and no secret lies in a log, a job or a row."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from itertools import islice

import pytest
import structlog
from django.db import DatabaseError, connection

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.watch_feed import watch_feed
from arrears.project.logs import drop_forbidden, drop_query
from tests.debitura.server import KEY
from tests.faults.feed import MINUTE, Feed
from tests.faults.forgeries import forgeries
from tests.scenarios.needles import Needles


def _whole_database() -> dict[str, bytes]:
    """Every row of every table as text, by table."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select t::text from {connection.ops.quote_name(table)} t")  # noqa: S608
            tables[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return tables


def _live_through_everything(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Notices good and forged, a fault of the database, a sleep, a waking. Returns the secrets that were."""
    secrets = {"key": KEY, "first secret": feed.subscription.secret}
    feed.open_case("AR-1")
    feed.deliver()
    for forged in islice(forgeries(9), 5):
        feed.send(feed.subscription.url, {"X-Debitura-Signature": "t=1,v1=00"}, forged.body)

    def gone(_account: int) -> None:
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "handle_receipts", gone)
        feed.fake.close("AR-1")
        feed.deliver()
    feed.fake.hooks._disable(feed.subscription, "8 failed attempts")
    watch_feed(feed.account.pk)
    secrets["second secret"] = feed.subscription.secret
    feed.pass_time(20 * MINUTE, timedelta(minutes=5))
    feed.deliver()
    feed.fake.refuse()
    feed.event("AR-1")
    feed.deliver()
    feed.handle()
    feed.queue_receipts()
    return secrets


def test_no_secret_is_in_a_log_a_job_or_any_row(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "arrears"), structlog.testing.capture_logs() as events:
        secrets = _live_through_everything(feed, monkeypatch)
    events += [{"event": record.getMessage()} for record in caplog.records]
    logged = [drop_forbidden(None, "", drop_query(None, "", dict(event))) for event in events]
    lines = [json.dumps(event, default=repr).encode() for event in logged]
    assert len(set(secrets.values())) == 3
    assert any("request_started" in str(event) for event in events), "there is something to look through"

    hook = {"address of the hook": feed.account.hook_token}
    assert Needles(**secrets, **hook).among(lines, "the logs") == []
    tables = _whole_database()
    assert {"bridge_receipt", "procrastinate_jobs", "accounts_secret"} <= set(tables)
    assert tables["bridge_receipt"]
    assert tables["procrastinate_jobs"]
    needles = Needles(**secrets)
    assert [line for table, rows in tables.items() for line in needles.within(rows, table)] == []
    for name in ("bridge_receipt", "procrastinate_jobs", "procrastinate_events"):
        assert Needles(**hook).within(tables[name], name) == []


def test_a_secret_shows_in_no_representation(feed: Feed) -> None:
    fresh = adapters().feed(feed.account).new_secret(feed.subscription.id)
    assert fresh.secret is not None
    assert feed.subscription.secret not in repr(fresh)
    assert feed.subscription.secret not in str(fresh.secret)
