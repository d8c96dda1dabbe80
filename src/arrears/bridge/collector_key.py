"""A collector's API key, taken from the vault at the moment of use and closed once it was rejected."""

from __future__ import annotations

from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.seal import CannotOpen
from arrears.bridge.attention import collector_trouble, mark_collector
from arrears.bridge.login_ledger import own_connection
from arrears.bridge.models import CollectorAccount
from arrears.ports import Clock, NeedsAttention, TryAgainLater

#: The field of an account's record in the vault that holds the key.
FIELD = "api_key"

#: The code of what is raised for a collector that was removed.
REMOVED = "collector_removed"


class StoredApiKey:
    """ports.ApiKey over one version of an account's key, for every process and thread that uses it.

    The first rejection is written down, and from then on no process reads this version any more.
    """

    def __init__(self, account: CollectorAccount, clock: Clock) -> None:
        self._account = account
        self._version = account.version
        self._clock = clock

    @own_connection
    def read(self) -> SecretStr:
        """The key. Raises NeedsAttention once it may not be used, TryAgainLater once there is another."""
        current = CollectorAccount.objects.filter(pk=self._account.pk).first()
        if current is None or current.removed_at is not None:
            raise removed()
        if current.version != self._version:
            raise TryAgainLater("The API key was changed a moment ago. Start again with the new one.")
        trouble = collector_trouble(current)
        if trouble is not None:
            raise trouble
        return self._stored(current)

    @own_connection
    def rejected(self, reason: NeedsAttention) -> None:
        mark_collector(self._account, self._version, reason)

    def _stored(self, account: CollectorAccount) -> SecretStr:
        try:
            key = vault.read(account.organisation_id, account.record, FIELD)
        except CannotOpen:
            key = None
        if key is None:
            raise NeedsAttention(
                "The stored API key does not open with this installation's key file.",
                code="secret_unreadable",
                action="Enter the API key again.",
            )
        return key


def kept_key(account: CollectorAccount) -> SecretStr | None:
    """The stored key whatever the account's state; None when there is none that opens."""
    try:
        return vault.read(account.organisation_id, account.record, FIELD)
    except CannotOpen:
        return None


def removed() -> NeedsAttention:
    """What there is to say about a collector that was removed."""
    return NeedsAttention(
        "This collector was removed, and its API key destroyed.",
        code=REMOVED,
        action="Connect it again, or choose another collector.",
    )
