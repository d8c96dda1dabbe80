"""A worker that cannot go on says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from arrears.bridge import worker


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_unexpectedly_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(queues: Sequence[str], stop: asyncio.Event) -> None:
        raise RuntimeError("unexpected")

    monkeypatch.setattr(worker, "_work", broken)

    with pytest.raises(RuntimeError, match="unexpected"):
        worker.run_until_idle([], lambda: False)


@pytest.mark.django_db(transaction=True)
def test_a_look_that_stumbles_stops_neither_the_others_nor_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []

    def stumbling() -> None:
        looked.append("stumbling")
        raise ValueError("one organisation's bad row")

    monkeypatch.setattr(worker, "sweep", stumbling)
    monkeypatch.setattr(worker, "tell_news", lambda: looked.append("telling"))

    worker.run_until_idle([], lambda: "telling" in looked)

    assert looked[:1] == ["stumbling"]
