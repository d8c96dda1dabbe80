"""Creditors with a receiver in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.desk.models import Webhook
from arrears.desk.webhooks.create_webhook import create_webhook
from tests.desk.builders import an_organisation
from tests.desk.webhooks.receiver import Adapters, Receiver


@pytest.fixture
def receiver(settings: Settings) -> Receiver:
    receiver = Adapters.fresh()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.webhooks.receiver.Adapters"
    return receiver


@pytest.fixture
def creditor(db: None) -> Organisation:
    return an_organisation()


@pytest.fixture
def stranger(db: None) -> Organisation:
    return an_organisation("Other Ltd")


@pytest.fixture
def subscribe(receiver: Receiver) -> Callable[..., Webhook]:
    """Subscribe a creditor to cases, or to what it is told."""

    def make(creditor: Organisation, *events: str, test: bool = False, url: str = "") -> Webhook:
        wanted = events or ("case.created", "case.updated")
        now = receiver.clock.now()
        address = url or "https://hooks.example.com/arrears"
        return create_webhook(creditor.pk, address, wanted, test, now=now)[0]

    return make
