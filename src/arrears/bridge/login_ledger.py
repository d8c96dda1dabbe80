"""Login attempts, remembered in the database so that a rejection holds across processes and restarts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import IntegrityError, transaction
from django.db import connection as database

from arrears.bridge.attention import login_rejection
from arrears.bridge.models import Connection, LoginAttempt
from arrears.ports import Clock, NeedsAttention, TryAgainLater

#: After this long an attempt without an outcome is taken as lost: its process died.
_LOST_AFTER = timedelta(seconds=90)
_WAIT_SECONDS = 30.0
_POLL_SECONDS = 0.2

M = TypeVar("M", bound=Callable[..., Any])
Outcome = LoginAttempt.Outcome


def own_connection(method: M) -> M:
    """Give the database connection back afterwards when called from a worker thread of the network loop."""

    @wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        finally:
            if threading.current_thread().name.startswith("asyncio_"):
                database.close()

    return cast("M", called)


class DatabaseLoginLedger:
    """ports.LoginLedger over LoginAttempt rows. The unique row "under way" is the lock between processes."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection_id = connection.pk
        self._version = connection.version
        self._clock = clock

    @own_connection
    def begin(self) -> int:
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            self._give_up_on_the_dead()
            try:
                return self._write_down()
            except IntegrityError:
                self._refuse_if_closed()
                if time.monotonic() > deadline:
                    raise TryAgainLater(
                        "Another process is logging in to KashFlow with these details. Try again in a minute."
                    ) from None
                time.sleep(_POLL_SECONDS)

    @own_connection
    def succeeded(self, attempt: int) -> None:
        LoginAttempt.objects.filter(pk=attempt).update(outcome=Outcome.SUCCEEDED)

    @own_connection
    def rejected(self, attempt: int, reason: NeedsAttention) -> None:
        LoginAttempt.objects.filter(pk=attempt).update(
            outcome=Outcome.REJECTED, code=reason.code, text=str(reason), action=reason.action, url=reason.url
        )

    @own_connection
    def lost(self, attempt: int) -> None:
        LoginAttempt.objects.filter(pk=attempt).update(outcome=Outcome.LOST)

    @own_connection
    def not_counted(self, attempt: int) -> None:
        LoginAttempt.objects.filter(pk=attempt).delete()

    def _attempts(self) -> Any:
        return LoginAttempt.objects.filter(connection_id=self._connection_id, version=self._version)

    def _write_down(self) -> int:
        """Take the only place, then look what became of earlier attempts: now all of them have ended."""
        with transaction.atomic():
            row = LoginAttempt.objects.create(
                connection_id=self._connection_id, version=self._version, started_at=self._clock.now()
            )
            self._refuse_if_closed(row.pk)
        return int(row.pk)

    def _refuse_if_closed(self, ours: int | None = None) -> None:
        current = Connection.objects.filter(pk=self._connection_id).values_list("version", flat=True).first()
        if current != self._version:
            raise TryAgainLater("The login details were changed a moment ago. Start again with the new ones.")
        rejection = login_rejection(self._connection_id, self._version)
        if rejection is not None:
            raise rejection
        earlier = self._attempts().exclude(pk=ours).order_by("-pk")
        latest = list(earlier.values_list("outcome", flat=True)[:2])
        if latest == [Outcome.LOST, Outcome.LOST]:
            raise NeedsAttention(
                "Two logins in a row were cut off before KashFlow answered. No more are tried unasked.",
                code="login_outcome_unknown",
                action="Check that you can sign in to KashFlow yourself, then press Try again.",
            )

    def _give_up_on_the_dead(self) -> None:
        self._attempts().model.objects.filter(
            connection_id=self._connection_id,
            outcome=Outcome.UNDER_WAY,
            started_at__lt=self._clock.now() - _LOST_AFTER,
        ).update(outcome=Outcome.LOST)
