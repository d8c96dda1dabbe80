"""Login attempts of one set of credentials, remembered for as long as the process lives."""

from __future__ import annotations

import threading

from arrears.connectors.kashflow.errors import FORGOTTEN
from arrears.ports import NeedsAttention, TryAgainLater

_LOST_ALLOWED = 1


class AttemptsInMemory:
    """A LoginLedger for library use. Whatever runs in several processes needs one that is kept on disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = threading.Lock()
        self._count = 0
        self._lost = 0
        self._reason: NeedsAttention | None = None

    def begin(self) -> int:
        """See `LoginLedger.begin`."""
        if not self._under_way.acquire(timeout=5):
            raise TryAgainLater("Somebody else is signing in to KashFlow with these details right now.")
        with self._lock:
            if self._reason is not None:
                self._under_way.release()
                raise _again(self._reason)
            self._count += 1
            return self._count

    def succeeded(self, attempt: int) -> None:  # noqa: ARG002
        """See `LoginLedger.succeeded`."""
        with self._lock:
            self._lost = 0
        self._under_way.release()

    def rejected(self, attempt: int, reason: NeedsAttention) -> None:  # noqa: ARG002
        """See `LoginLedger.rejected`."""
        with self._lock:
            self._reason = _again(reason)
        self._under_way.release()

    def lost(self, attempt: int) -> None:  # noqa: ARG002
        """See `LoginLedger.lost`."""
        with self._lock:
            self._lost += 1
            if self._lost > _LOST_ALLOWED:
                self._reason = _unanswered()
        self._under_way.release()

    def not_counted(self, attempt: int) -> None:  # noqa: ARG002
        """See `LoginLedger.not_counted`."""
        self._under_way.release()


def _again(reason: NeedsAttention) -> NeedsAttention:
    """The same error anew: one that was raised before carries its old traceback."""
    return NeedsAttention(str(reason), code=reason.code, action=reason.action, url=reason.url)


def _unanswered() -> NeedsAttention:
    return NeedsAttention(
        "KashFlow twice did not say whether it accepted the login.",
        code="login_unanswered",
        action="Sign in to KashFlow yourself to see that the details work, then confirm them here again.",
        url=FORGOTTEN,
    )
