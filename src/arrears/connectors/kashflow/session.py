"""A session with KashFlow: logged in when needed, kept in memory only, and renewed before it lapses."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TypeVar

from pydantic import SecretStr

from arrears.connectors.kashflow.errors import TokenRefused, permission_missing
from arrears.connectors.kashflow.login import (
    Credentials,
    Opened,
    authorised,
    logout_request,
    password_request,
    read_challenge,
    read_session,
    word_request,
)
from arrears.connectors.message import Request, Response
from arrears.connectors.transport import Transport
from arrears.ports import LoginLedger, NeedsAttention, OutcomeUnknown, Remedy, TryAgainLater

T = TypeVar("T")

#: KashFlow ends a session after 60 minutes without a request.
IDLE_SECONDS = 55 * 60.0
#: How long a permission that was refused is not asked for again.
_REFUSAL_SECONDS = 10 * 60.0
#: More sessions than this refused within the time mean that something else keeps ending them.
_RENEWALS, _RENEWAL_SECONDS = 6, 10 * 60.0


class Session:
    """Asks KashFlow for things as one user. Any number of tasks of one event loop may ask at once.

    However many find the token dead, there is one login, and all get its result or its error. Every login
    is written into the ledger before it is sent; a definite rejection is never tried again.
    """

    def __init__(self, credentials: Credentials, transport: Transport, ledger: LoginLedger) -> None:
        self._credentials = credentials
        self._transport = transport
        self._ledger = ledger
        self._opened: Opened | None = None
        self._last_used = 0.0
        self._flight: asyncio.Task[Opened] | None = None
        self._renewals: deque[float] = deque(maxlen=_RENEWALS)
        self._refused_until: dict[str, float] = {}

    @property
    def base_url(self) -> str:
        """Where KashFlow is, without a trailing slash."""
        return self._transport.base_url

    async def opened(self) -> Opened:
        """The session in use; logs in if there is none or it may have lapsed."""
        current = self._opened
        if current is not None and monotonic() - self._last_used < IDLE_SECONDS:
            return current
        return await self._replacement(current)

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        """Send a request within the session and read its answer.

        If KashFlow refuses the token there is one new login and one replay; if it refuses again the user may
        not do this, and the error is NeedsAttention. Never raises OutcomeUnknown for a login.
        """
        self._refuse_again(request)
        session = await self.opened()
        try:
            return await self._send(session, request, read)
        except TokenRefused:
            self._refuse_again(request)
            session = await self._renewed(session)
        try:
            return await self._send(session, request, read)
        except TokenRefused:
            self._refused_until[request.purpose] = monotonic() + _REFUSAL_SECONDS
            raise permission_missing(request.purpose) from None

    async def ask_openly(self, request: Request, read: Callable[[Response], T]) -> T:
        """Send a request without telling the token: for links that are open to whoever has them."""
        return await self._transport.ask(request, read)

    async def close(self) -> None:
        """Log out and forget the token, whatever KashFlow says to it. Safe to call twice."""
        current, self._opened = self._opened, None
        if current is not None:
            with contextlib.suppress(Remedy):
                await self._transport.ask(logout_request(current.token), lambda _: None)
        await self._transport.close()

    async def _send(self, session: Opened, request: Request, read: Callable[[Response], T]) -> T:
        self._last_used = monotonic()
        return await self._transport.ask(authorised(request, session.token), read)

    def _refuse_again(self, request: Request) -> None:
        """What was refused to a fresh session a moment ago is not worth another login."""
        if self._refused_until.get(request.purpose, 0.0) > monotonic():
            raise permission_missing(request.purpose)

    async def _renewed(self, dead: Opened) -> Opened:
        if self._opened is dead:
            now = monotonic()
            if len(self._renewals) == _RENEWALS and now - self._renewals[0] < _RENEWAL_SECONDS:
                raise TryAgainLater(
                    "KashFlow keeps ending the session; somebody else may be using the same user.",
                    timedelta(seconds=_RENEWAL_SECONDS),
                )
            self._renewals.append(now)
        return await self._replacement(dead)

    async def _replacement(self, dead: Opened | None) -> Opened:
        if self._opened is not None and self._opened is not dead:
            return self._opened
        if self._flight is None:
            self._opened = None
            self._flight = asyncio.create_task(self._login())
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[Opened]) -> None:
        self._flight = None
        if not flight.cancelled() and flight.exception() is None:
            self._opened = flight.result()
            self._last_used = monotonic()

    async def _login(self) -> Opened:
        """Log in. A try in which the credentials were not judged is made once more after a pause."""
        try:
            return await self._attempt()
        except _NotJudged as trouble:
            wait = self._transport.patience.pause(trouble.cause)
            if wait is False:
                raise trouble.cause from None
        await asyncio.sleep(self._transport.patience.first_wait if wait is True else wait)
        try:
            return await self._attempt()
        except _NotJudged as trouble:
            raise trouble.cause from None

    async def _attempt(self) -> Opened:
        """One attempt, from its entry in the ledger to its outcome there."""
        password, word = await asyncio.to_thread(self._credentials.secrets)
        attempt = await asyncio.to_thread(self._ledger.begin)
        outcome = partial(self._ledger.lost, attempt)
        try:
            opened = await self._two_steps(password, word)
            outcome = partial(self._ledger.succeeded, attempt)
        except NeedsAttention as reason:
            outcome = partial(self._ledger.rejected, attempt, reason)
            raise
        except TryAgainLater as trouble:
            outcome = partial(self._ledger.not_counted, attempt)
            raise _NotJudged(trouble) from None
        except OutcomeUnknown as trouble:
            raise TryAgainLater(str(trouble)) from None
        finally:
            await asyncio.to_thread(outcome)
        return opened

    async def _two_steps(self, password: SecretStr, word: SecretStr) -> Opened:
        transport = self._transport
        challenge = await transport.ask(
            password_request(self._credentials.username, password), read_challenge
        )
        return await transport.ask(word_request(challenge, word), read_session)


class _NotJudged(Exception):
    """The login failed before anybody looked at the credentials."""

    def __init__(self, cause: TryAgainLater) -> None:
        super().__init__()
        self.cause = cause
