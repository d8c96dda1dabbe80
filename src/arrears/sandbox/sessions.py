"""Login in two steps, and the sessions that come of it."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from random import SystemRandom

from arrears.sandbox.clock import Clock
from arrears.sandbox.profiles import Profile

SESSION_SECONDS = 60 * 60
TEMPORARY_SECONDS = 5 * 60


class Account(StrEnum):
    """What is the matter with the account. How REST says so is documented for few of them."""

    ACTIVE = "active"
    LOCKED = "locked"
    LOCKED_FLAG = "locked_flag"
    DISABLED = "disabled"
    SUBSCRIPTION_EXPIRED = "subscription_expired"
    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 - a state of the account
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a state of the account
    API_OFF = "api_off"
    IP_BLOCKED = "ip_blocked"
    NO_INVOICE_PERMISSION = "no_invoice_permission"


UNUSABLE = frozenset((Account.LOCKED_FLAG, Account.DISABLED, Account.SUBSCRIPTION_EXPIRED))


class RefusedError(Exception):
    """An answer other than success: HTTP status, error code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Credentials:
    """What opens the account."""

    username: str
    password: str
    memorable_word: str


@dataclass
class Challenge:
    """A temporary token's positions, counted from 1, and when it lapses."""

    positions: list[int]
    until: float


@dataclass
class Login:
    """One attempt at a step: which, when, and whether it was right."""

    step: str
    second: float
    right: bool


@dataclass
class Sessions:
    """Tokens, attempts and the state of the account, by the given clock."""

    credentials: Credentials
    clock: Clock
    profile: Profile
    account: Account = Account.ACTIVE
    logins: list[Login] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    _failures: int = 0
    _challenges: dict[str, Challenge] = field(default_factory=dict)
    _used: dict[str, float] = field(default_factory=dict)

    def begin(self, username: str, password: str) -> tuple[str, list[int]]:
        """Step 1: a temporary token and three positions out of order, or RefusedError."""
        self._refuse_by_account()
        known = username.strip().lower() == self.credentials.username.lower()
        right = known and password == self.credentials.password
        self._attempt("password", right)
        if not right:
            raise RefusedError(400, "InvalidCredentials", "The username or password is not correct.")
        if self.account is Account.PASSWORD_EXPIRED:
            raise RefusedError(400, "PasswordExpired", "Your password has expired. Please change it.")
        token = str(uuid.uuid4())
        positions = _positions(len(self.credentials.memorable_word))
        self.issued.append(token)
        self._challenges[token] = Challenge(positions, self.clock.seconds() + TEMPORARY_SECONDS)
        return token, positions

    def complete(self, token: str, answers: dict[int, str]) -> str:
        """Step 2: a session token for the right characters, or RefusedError. The temporary token is spent."""
        self._refuse_by_account()
        challenge = self._challenges.pop(token.lower(), None)
        if challenge is None or challenge.until < self.clock.seconds():
            raise RefusedError(401, "InvalidSessionToken", "The temporary token is invalid or has expired.")
        word = self.credentials.memorable_word.lower()
        wanted = {position: word[position - 1] for position in challenge.positions}
        right = {position: value.lower() for position, value in answers.items()} == wanted
        self._attempt("memorable word", right)
        if not right:
            raise RefusedError(400, "InvalidCredentials", "The memorable word characters are not correct.")
        self._failures = 0
        session = str(uuid.uuid4())
        self.issued.append(session)
        self._used[session] = self.clock.seconds()
        return session

    def check(self, token: str) -> None:
        """Accept a live session token and slide its hour forward, or RefusedError."""
        now = self.clock.seconds()
        last = self._used.get(token.lower())
        if last is None or now - last >= SESSION_SECONDS:
            self._used.pop(token.lower(), None)
            raise RefusedError(401, "InvalidSessionToken", "The session token is invalid or has expired.")
        self._refuse_by_account()
        if self.account in UNUSABLE:
            raise RefusedError(401, "Unauthorized", "The account cannot be used.")
        self._used[token.lower()] = now

    def end(self, token: str) -> None:
        """Log out, or RefusedError when there is no such session."""
        if self._used.pop(token.lower(), None) is None:
            raise RefusedError(401, "InvalidSessionToken", "The session token is invalid or has expired.")

    def expire_all(self) -> int:
        """Forget every session and temporary token; how many sessions there were."""
        count = len(self._used)
        self._used.clear()
        self._challenges.clear()
        return count

    def set_account(self, state: Account) -> None:
        """Switch the state; back to active also forgives earlier failures."""
        self.account = state
        if state is Account.ACTIVE:
            self._failures = 0

    def _attempt(self, step: str, right: bool) -> None:
        self.logins.append(Login(step, round(self.clock.seconds(), 3), right))
        if not right:
            self._failures += 1
            if self._failures >= self.profile.lock_after:
                self.account = Account.LOCKED

    def _refuse_by_account(self) -> None:
        match self.account:
            case Account.LOCKED:
                status = self.profile.locked_status
                raise RefusedError(status, "AccountLocked", "Your account has been locked.")
            case Account.API_OFF:
                raise RefusedError(401, "APIDisabled", "REST API access is not enabled for this account.")
            case Account.IP_BLOCKED:
                raise RefusedError(
                    403, "IPAddressNotAllowed", "API access is not allowed from this IP address."
                )


def _positions(length: int) -> list[int]:
    """Three different positions from 1, never in ascending order."""
    luck = SystemRandom()
    while True:
        positions = luck.sample(range(1, length + 1), 3)
        if positions != sorted(positions):
            return positions
