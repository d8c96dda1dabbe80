"""Collectors as pages name them and forms choose them: our own desk, and every account elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import Http404

from arrears.bridge.collectors import accounts_of, default_account
from arrears.bridge.models import CollectorAccount
from arrears.connectors.debitura import BASE_URL

#: What a form sends for our own desk, where it sends the number of an account otherwise.
OWN_DESK = "desk"
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class CollectorShown:
    """A collector in words. `company` is who we are to it, empty for our own desk."""

    key: str
    name: str
    host: str = ""
    company: str = ""
    test: bool = False
    waits: bool = True

    @property
    def is_elsewhere(self) -> bool:
        return self.key != OWN_DESK

    @property
    def full_name(self) -> str:
        """`Debitura, Pennine Fasteners Ltd`: tells two accounts with one collector apart."""
        return f"{self.name}, {self.company}" if self.company else self.name

    @property
    def place(self) -> str:
        """Where a link to the collector leads, for its label: `Debitura`, or another desk's host."""
        return self.name.removeprefix("Debitura at ")

    @property
    def choice(self) -> str:
        """The full name for a list to choose from, where no badge can stand."""
        if not self.is_elsewhere:
            return self.name
        return f"{self.full_name} ({'TEST MODE' if self.test else 'LIVE'})"


def shown_of(account: CollectorAccount | None) -> CollectorShown:
    if account is None:
        return CollectorShown(OWN_DESK, "Our own desk")
    address = urlsplit(account.base_url)
    host = address.netloc + address.path.rstrip("/")
    return CollectorShown(
        key=str(account.pk),
        name="Debitura" if account.base_url.rstrip("/") == BASE_URL else f"Debitura at {address.netloc}",
        host=host,
        company=account.company_name,
        test=account.test,
        waits=account.waits_for_signature,
    )


def choices_of(organisation: int) -> list[CollectorShown]:
    """Every collector that cases can go to now, our own desk first."""
    return [shown_of(None), *(shown_of(account) for account in accounts_of(organisation))]


def all_of(organisation: int) -> list[CollectorShown]:
    """Our own desk, and every account that was ever let in: one that was removed still has its cases."""
    accounts = CollectorAccount.objects.filter(organisation_id=organisation).exclude(creditor="")
    return [shown_of(None), *(shown_of(account) for account in accounts.order_by("pk"))]


def collector_asked_for(organisation: int, word: str) -> CollectorAccount | None:
    """The account a form or an address names, None for our own desk; the preferred one for no word.

    Raises Http404 for everything else.
    """
    if not word:
        return default_account(organisation)
    if word == OWN_DESK:
        return None
    is_number = word.isascii() and word.isdecimal() and len(word) <= _MOST_DIGITS
    account = accounts_of(organisation).filter(pk=word).first() if is_number else None
    if account is None:
        raise Http404
    return account
