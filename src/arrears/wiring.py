"""The only place that picks which books and which collector are used."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.seal import CannotOpen
from arrears.bridge.call_budget import DatabaseCallBudget, subject_of
from arrears.bridge.collector_key import StoredApiKey, kept_key
from arrears.bridge.login_ledger import DatabaseLoginLedger, own_connection
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.tracked_index import TrackedIndex
from arrears.bridge.tracked_news import TrackedNews
from arrears.clock import SystemClock
from arrears.connectors.debitura import DebituraCollector
from arrears.connectors.kashflow import Credentials, KashFlowBooks
from arrears.connectors.webhook_sender import PublicWebhookSender
from arrears.core.eligibility import Policy
from arrears.core.fx import ECB
from arrears.desk.case_index import DeskCaseIndex
from arrears.desk.case_news import DeskNews
from arrears.desk.collector import DeskCollector
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import (
    Books,
    CaseIndex,
    CaseNews,
    Clock,
    Collector,
    Feed,
    NeedsAttention,
    Remedy,
    WebhookSender,
)


@dataclass
class _Opened:
    """Books in use. `word` is the memorable word where it is asked for and not stored."""

    login: tuple[int, str, str]
    books: KashFlowBooks
    word: SecretStr | None = None


class ConfiguredAdapters:
    """bridge.adapters.Adapters for real use: KashFlow for the books, our own desk or Debitura for the cases.

    One process keeps one set of books for each connection, and with it one session, whatever asks for it; and
    one way to each collector account, with what it has learnt about prices and pace.
    """

    def __init__(self) -> None:
        self.clock: Clock = SystemClock()
        self._lock = threading.Lock()
        self._books: dict[int, _Opened] = {}
        self._collectors: dict[int, tuple[int, DebituraCollector]] = {}

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

    def collector(self, organisation: int, account: CollectorAccount | None) -> Collector:
        if account is None:
            return DeskCollector(organisation, self.clock)
        return self._debitura(account)

    def feed(self, account: CollectorAccount) -> Feed:
        return self._debitura(account)

    def _debitura(self, account: CollectorAccount) -> DebituraCollector:
        """The way to an account; opened anew when its key has been edited since."""
        if not account.creditor:  # still to be proven: once it is, calls are counted as that creditor's
            return self._open_debitura(account)
        with self._lock:
            version, opened = self._collectors.get(account.pk, (0, None))
            if opened is not None and version >= account.version:
                return opened
            fresh = self._open_debitura(account)
            self._collectors[account.pk] = (account.version, fresh)
        if opened is not None:
            opened.close()
        return fresh

    def _open_debitura(self, account: CollectorAccount) -> DebituraCollector:
        key = kept_key(account) if not account.creditor else None
        place = urlsplit(account.base_url)
        secret = key.get_secret_value() if key else ""
        subject = subject_of(place.netloc + place.path, account.creditor, secret)
        return DebituraCollector(
            StoredApiKey(account, self.clock),
            base_url=account.base_url,
            creditor=account.creditor,
            test=account.test,
            waits_for_signature=account.waits_for_signature,
            return_url=_return_url(),
            budget=DatabaseCallBudget(subject, self.clock),
        )

    def case_indexes(self, organisation: int) -> tuple[CaseIndex, CaseIndex]:
        return DeskCaseIndex(organisation), TrackedIndex(organisation)

    def case_news(self, organisation: int) -> Sequence[CaseNews]:
        return (DeskNews(organisation), TrackedNews(organisation))

    def policy(self) -> Policy:
        return Policy(rates=ECB)


def _return_url() -> str:
    """Where a person comes back to after signing elsewhere; nowhere when only this machine can reach it."""
    host = urlsplit(settings.ARREARS_URL).hostname or "localhost"
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return "" if here else f"{settings.ARREARS_URL}/agreements/done-elsewhere/"


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
