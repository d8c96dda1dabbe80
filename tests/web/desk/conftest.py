"""The desk's pages, with an operator signed in and a clock that stands still."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import User
from arrears.accounts.organisations import make_operator
from arrears.desk.partners.seed_network import seed_network
from tests.builders import TODAY
from tests.desk.api.world import Adapters
from tests.desk.builders import NOON
from tests.fakes import FakeClock
from tests.web.conftest import PASSWORD
from tests.web.desk.network_world import Desk


@pytest.fixture(autouse=True)
def desk_outside(settings: Settings) -> type[Adapters]:
    """The clock, as new for each test."""
    Adapters.clock = FakeClock()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Adapters


@pytest.fixture
def operator(db: None) -> Client:
    """A browser in which Olive, who runs the desk, is signed in."""
    olive = User.objects.create_user("olive@desk.example", PASSWORD, first_name="Olive", last_name="Operator")
    make_operator(olive, NOON)
    client = Client()
    client.force_login(olive, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def demo_network(db: None) -> None:
    """Partners everywhere."""
    seed_network(TODAY)
