"""A site with one organisation, its owner signed in, and a connection to fake books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import Membership, Organisation, User
from arrears.bridge.adapters import adapters
from arrears.bridge.models import Connection, ImportRun
from arrears.bridge.submit import submit
from arrears.desk.partners.seed_network import seed_network
from tests.builders import TODAY
from tests.fakes import FakeAdapters, FakeBooks, FakeClock

PASSWORD = "a long enough sentence"


@dataclass
class Site:
    """What a page test needs: a browser that is signed in, and the world behind the pages."""

    client: Client
    owner: User
    organisation: Organisation
    connection: Connection
    books: FakeBooks
    clock: FakeClock

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def stream(self, **form: str) -> list[dict[str, Any]]:
        """What the bulk import page is sent, line by line."""
        return self._lines("rows", form)

    def check(self, *numbers: str, **form: str) -> list[dict[str, Any]]:
        """What the page is sent when it asks for some invoices again, line by line."""
        return self._lines("check", {"numbers": json.dumps(numbers)} | form)

    def _lines(self, what: str, form: dict[str, str]) -> list[dict[str, Any]]:
        answer = self.client.post(f"/import/{self.connection.pk}/{what}/", form)
        assert answer.status_code == 200, answer.status_code
        content = b"".join(cast("Iterator[bytes]", cast("StreamingHttpResponse", answer).streaming_content))
        # Not splitlines: that would also split at characters which JSON leaves as they are.
        return [json.loads(line) for line in content.decode().split("\n") if line]

    def listed(self, **form: str) -> dict[str, dict[str, Any]]:
        """The rows of the bulk import table by invoice number."""
        return {row["number"]: row for line in self.stream(**form) for row in line.get("rows", [])}

    def rows(self, **form: str) -> str:
        """The HTML of all rows of the bulk import table, and of what opens beside them."""
        return "".join(row["line"] + row["drawer"] for row in self.listed(**form).values())

    def open_cases(self, *numbers: str, **form: str) -> ImportRun:
        picked = json.dumps([[f"7{number}", number, "", "", "", ""] for number in numbers])
        order = {"picked": picked, "form_id": "8a6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e01"} | form
        answer = self.client.post(f"/import/{self.connection.pk}/open/", order)
        assert answer.status_code == 302, answer.status_code
        return ImportRun.objects.latest("pk")

    def work(self, run: ImportRun) -> None:
        """Do the run's submissions as a worker would."""
        ids = list(run.submissions.values_list("pk", flat=True))
        submit(run.pk, min(ids), max(ids))


@pytest.fixture
def outside(settings: Settings) -> Iterator[type[FakeAdapters]]:
    """The outside world, in memory."""
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    # Hashing passwords slowly is the point of the real one, and no point of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    adapters.cache_clear()
    yield fakes
    adapters.cache_clear()


@pytest.fixture
def site(db: None, outside: type[FakeAdapters]) -> Site:
    return _site(outside)


@pytest.fixture
def transactional_site(transactional_db: None, outside: type[FakeAdapters]) -> Site:
    """The same, for stories in which other threads see what is committed."""
    return _site(outside)


def _site(outside: type[FakeAdapters]) -> Site:
    seed_network(TODAY)
    owner = User.objects.create_user("owner@pennine.example", PASSWORD)
    organisation = an_organisation("Pennine Fasteners", owner)
    connection = a_connection(organisation)
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Site(client, owner, organisation, connection, outside.fake_books, outside.clock)


def an_organisation(name: str, owner: User) -> Organisation:
    organisation = Organisation.objects.create(name=name, created_at=FakeAdapters.clock.now())
    Membership.objects.create(organisation=organisation, user=owner)
    return organisation


def a_connection(organisation: Organisation, **changes: Any) -> Connection:
    known: dict[str, Any] = {
        "base_url": "https://api.kashflow.com/v2",
        "username": "books@pennine.example",
        "account": "account-1",
        "company_name": "Pennine Fasteners Ltd",
        "home_currency": "GBP",
        "created_at": FakeAdapters.clock.now(),
    }
    return Connection.objects.create(organisation=organisation, **known | changes)
