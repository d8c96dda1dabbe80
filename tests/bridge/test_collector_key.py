"""A collector's key: opened at the moment of use, closed for everybody by the first rejection."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from pydantic import SecretStr

from arrears.accounts.models import Secret
from arrears.bridge.collector_key import StoredApiKey
from arrears.bridge.models import CollectorAccount, ConnectionState
from arrears.bridge.remove_collector import remove_collector
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World

NO = NeedsAttention(
    "The key was revoked.", code="key_rejected", action="Enter another.", url="https://far.example/keys"
)


def test_the_key_is_read_from_the_vault_each_time(world: World) -> None:
    key = StoredApiKey(world.connect("key-1"), world.clock)
    assert key.read() == SecretStr("key-1")
    Secret.objects.all().delete()

    with pytest.raises(NeedsAttention) as told:
        key.read()

    assert told.value.code == "secret_unreadable"


def test_a_rejection_closes_the_key_for_everybody_with_the_same_reason(world: World) -> None:
    account = world.connect("key-1")
    StoredApiKey(account, world.clock).rejected(NO)
    StoredApiKey(account, world.clock).rejected(
        NeedsAttention("Something later.", code="key_not_permitted", action="")
    )

    with pytest.raises(NeedsAttention) as told:
        StoredApiKey(CollectorAccount.objects.get(), world.clock).read()

    assert (str(told.value), told.value.code, told.value.action, told.value.url) == (
        str(NO), NO.code, NO.action, NO.url,
    )  # fmt: skip


def test_a_late_rejection_of_the_old_key_does_not_close_the_new_one(world: World) -> None:
    old = StoredApiKey(world.connect("key-1"), world.clock)
    new = StoredApiKey(world.connect("key-2"), world.clock)

    old.rejected(NO)

    assert CollectorAccount.objects.get().state == ConnectionState.OK
    assert new.read() == SecretStr("key-2")
    with pytest.raises(TryAgainLater):
        old.read()


def test_the_key_of_a_removed_account_is_gone(world: World) -> None:
    account = world.connect("key-1")
    key = StoredApiKey(account, world.clock)
    remove_collector(account)

    with pytest.raises(NeedsAttention) as told:
        key.read()
    key.rejected(NO)

    assert told.value.code == "collector_removed"
    account.refresh_from_db()
    assert account.state == ConnectionState.OK


def test_threads_of_the_network_loop_keep_no_connection(world: World) -> None:
    key, left_open = StoredApiKey(world.connect("key-1"), world.clock), []

    def use() -> None:
        key.read()
        key.rejected(NO)
        left_open.append(database.connection is not None)

    asyncio.run(asyncio.to_thread(use))

    assert left_open == [False]
    assert CollectorAccount.objects.get().state == ConnectionState.NEEDS_ATTENTION


def test_after_the_first_rejection_each_worker_makes_at_most_one_more_call(world: World) -> None:
    account, workers = world.connect("key-1"), 8
    start, rejected_at = threading.Barrier(workers), []

    def work(number: int) -> None:
        key = StoredApiKey(account, world.clock)
        start.wait()
        try:
            for turn in range(50):
                if number == 0 and turn == 5:
                    world.far_end.keys.clear()
                world.far_end.open_to(key)
        except NeedsAttention:
            rejected_at.append(number)
        finally:
            database.close()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))

    assert sorted(rejected_at) == list(range(workers))
    assert world.far_end.refused <= workers
