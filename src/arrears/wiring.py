"""The only place that picks which books and which collector are used."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.seal import CannotOpen
from arrears.bridge.login_ledger import DatabaseLoginLedger, own_connection
from arrears.bridge.models import Connection
from arrears.clock import SystemClock
from arrears.connectors.kashflow import Credentials, KashFlowBooks
from arrears.connectors.webhook_sender import PublicWebhookSender
from arrears.core.eligibility import Policy
from arrears.core.fx import ECB
from arrears.desk.collector import DeskCollector
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import Books, Clock, Collector, NeedsAttention, Remedy, WebhookSender


@dataclass
class _Opened:
    """Books in use. `word` is the memorable word where it is asked for and not stored."""

    login: tuple[int, str, str]
    books: KashFlowBooks
    word: SecretStr | None = None


class ConfiguredAdapters:
    """bridge.adapters.Adapters for real use: KashFlow for the books, our own desk for the cases.

    One process keeps one set of books for each connection, and with it one session, whatever asks for it.
    """

    def __init__(self) -> None:
        self.clock: Clock = SystemClock()
        self._lock = threading.Lock()
        self._books: dict[int, _Opened] = {}

    def books(self, connection: Connection, word: SecretStr | None = None) -> Books:
        """The books of a connection; opened anew when its login has been edited since."""
        login = (connection.version, connection.base_url, connection.username)
        opened = self._books.get(connection.pk)
        if opened is not None and opened.login != login:
            self.forget(connection)
        with self._lock:
            opened = self._books.get(connection.pk)
            if opened is None:
                opened = self._books[connection.pk] = _Opened(login, self._open(connection))
            if connection.asks_for_word and word is not None:
                opened.word = word
            return opened.books

    def forget(self, connection: Connection) -> None:
        """Log out, and let go of the session and of a memorable word that was only told."""
        with self._lock:
            opened = self._books.pop(connection.pk, None)
        if opened is not None:
            with suppress(Remedy):  # a session lapses by itself
                opened.books.close()

    def _open(self, connection: Connection) -> KashFlowBooks:
        """The secrets are taken from the vault at the moment of a login, and only then."""
        pk, stored = connection.pk, partial(_stored, connection.organisation_id, connection.record)

        def password() -> SecretStr | None:
            return stored("password")

        def memorable_word() -> SecretStr | None:
            opened = self._books.get(pk)
            return (opened and opened.word) or stored("memorable_word")

        return KashFlowBooks(
            Credentials(connection.username, password, memorable_word, version=str(connection.version)),
            base_url=connection.base_url,
            ledger=DatabaseLoginLedger(connection, self.clock),
        )

    def collector(self, organisation: int) -> Collector:
        return DeskCollector(organisation, self.clock)

    def policy(self) -> Policy:
        return Policy(rates=ECB)


class ConfiguredDeskAdapters:
    """desk.adapters.DeskAdapters for real use."""

    def __init__(self) -> None:
        self.clock: Clock = SystemClock()
        anywhere = settings.ARREARS_WEBHOOKS_TO == "anywhere"
        self.webhooks: WebhookSender = PublicWebhookSender(anywhere=anywhere)


@own_connection
def _stored(organisation: int, record: str, field: str) -> SecretStr | None:
    try:
        return vault.read(organisation, record, field)
    except CannotOpen:
        raise NeedsAttention(
            f"The stored {field.replace('_', ' ')} does not open with this installation's key.",
            code="secret_unreadable",
            action="Enter the KashFlow login again.",
        ) from None


def prepare_desk() -> None:
    """Give a new desk its agreements and, until it has partners of its own, the made-up ones of the demo."""
    seed_agreements()
    if not Partner.objects.exclude(fictional=True).exists():
        seed_network(SystemClock().today())


def countries_covered() -> int:
    """In how many countries the desk has an active partner."""
    covered = CoverageRule.objects.filter(partner__active=True).values_list("jurisdiction", flat=True)
    return len({jurisdiction.split("-")[0] for jurisdiction in covered})
