"""A stand-in process for each test module, put back in order before each test."""

from collections.abc import Iterator
from datetime import date

import pytest

from arrears.sandbox.client import Sandbox, start_sandbox
from tests.sandbox.caller import Caller

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with start_sandbox(invoices=230, seed=7, today=TODAY) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The module's stand-in without faults, profile, account state or record left from an earlier test."""
    running.clear_faults()
    running.set_profile("standard")
    running.set_account("active")
    running.set_latency(0)
    running.set_credentials(**running.credentials)
    running.clear_requests()
    return running


@pytest.fixture
def outsider(sandbox: Sandbox) -> Iterator[Caller]:
    """A caller without a session."""
    caller = Caller(sandbox)
    yield caller
    caller.close()


@pytest.fixture
def caller(outsider: Caller) -> Caller:
    """A caller who is logged in."""
    outsider.log_in()
    return outsider
