"""One organisation, and its KashFlow account at the stand-in, reached by what real use is wired with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from arrears.accounts.models import Organisation, Secret
from arrears.bridge.adapters import adapters
from arrears.bridge.connect import Login, connect
from arrears.bridge.models import Connection
from arrears.bridge.preview import Row, preview
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import NeedsAttention
from arrears.sandbox.client import Sandbox
from tests.builders import TODAY


@dataclass
class Account:
    """What a person does with it, and what the stand-in saw of that."""

    sandbox: Sandbox
    organisation: int

    def login(self, keep_word: bool = True, base_url: str = "", **changes: str) -> Login:
        typed = self.sandbox.credentials | changes
        return Login(
            typed["username"],
            SecretStr(typed["password"]),
            SecretStr(typed["memorable_word"]),
            base_url or self.sandbox.base_url,
            keep_word,
        )

    def connect(self, edited: Connection | None = None, **typed: Any) -> Connection:
        return connect(self.organisation, self.login(**typed), edited)

    def refused(self, edited: Connection | None = None, **typed: Any) -> NeedsAttention:
        """Connect, and be told that it needs attention."""
        try:
            self.connect(edited, **typed)
        except NeedsAttention as reason:
            return reason
        raise AssertionError("The login was accepted.")

    def only(self) -> Connection:
        """The one connection there is, as the database has it."""
        return Connection.objects.get(organisation_id=self.organisation)

    def steps(self) -> list[str]:
        """The login steps that reached the stand-in."""
        return [str(entry["step"]) for entry in self.sandbox.logins()]

    def asked(self) -> int:
        """How many requests of any kind reached the stand-in."""
        return len(self.sandbox.requests())

    def secrets(self) -> set[str]:
        return set(Secret.objects.values_list("field", flat=True))

    def preview(self, connection: Connection | None = None, word: str = "") -> list[Row]:
        connection = connection or self.only()
        instalments = preview(connection, None, SecretStr(word) if word else None)
        return [row for instalment in instalments for row in instalment.rows]


def restart() -> None:
    """Forget what this process holds in memory: books, sessions, words."""
    adapters.cache_clear()


@contextmanager
def account_at(sandbox: Sandbox) -> Iterator[Account]:
    """The account with the stand-in put back in order; `sandbox` may have served an earlier test."""
    sandbox.clear_faults()
    sandbox.set_account("active")
    sandbox.set_credentials(**sandbox.credentials)
    sandbox.set_company(50_417, "Pennine Fasteners Ltd")
    sandbox.expire_sessions()
    sandbox.clear_requests()
    restart()
    seed_network(TODAY)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    yield Account(sandbox, Organisation.objects.create(name="Pennine", created_at=now).pk)
    sandbox.clear_faults()
    restart()
