"""The two steps of KashFlow's login, and logout, without any I/O.

Described at https://www.kashflow.com/developers/rest-api/sessiontoken/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import SecretStr

from arrears.connectors.kashflow.answers import error_of, parsed
from arrears.connectors.kashflow.errors import SQL_TIMEOUT, known_refusal, refusal
from arrears.connectors.kashflow.wire import Login
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded
from arrears.ports import NeedsAttention, OutcomeUnknown, TryAgainLater

_HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
_TOKEN = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LETTERS_ASKED = 3
_LOGIN_DEADLINE = 30.0

Secret = SecretStr | Callable[[], SecretStr | None] | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one company's books.

    `password` and `memorable_word` may be functions that fetch them at the moment of a login; where there
    is no memorable word, a login fails with the code `memorable_word_needed`. `version` changes whenever
    the credentials are edited.
    """

    username: str = field(repr=False)
    password: Secret
    memorable_word: Secret = None
    version: str = ""

    def secrets(self) -> tuple[SecretStr, SecretStr]:
        """Password and memorable word, fetched if need be. Raises NeedsAttention when one is missing."""
        password, word = _fetched(self.password), _fetched(self.memorable_word)
        if not password:
            raise refusal("wrong_credentials", "There is no password.")
        if not word.strip():
            raise refusal("memorable_word_needed")
        return SecretStr(password), SecretStr(word.strip())


def _fetched(secret: Secret) -> str:
    given = secret() if callable(secret) else secret
    return given.get_secret_value() if given is not None else ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What step two wants to know: the characters at `positions`, counted from 1, in KashFlow's order."""

    temporary_token: SecretStr
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session. `company_id` tells companies apart and is empty where KashFlow does not send it."""

    token: SecretStr
    company_name: str = ""
    company_id: str = ""


def password_request(username: str, password: SecretStr) -> Request:
    """Step one: username and password."""
    return _request("POST", {"UserName": username.strip(), "Password": password.get_secret_value()})


def read_challenge(response: Response) -> Challenge:
    """Read the answer to step one.

    Raises NeedsAttention for a definite no, TryAgainLater when the credentials were not judged, and
    OutcomeUnknown when that cannot be told.
    """
    login = _read(response, "wrong_credentials")
    positions = tuple(entry.position or 0 for entry in login.positions)
    if not login.temporary_token or not positions:
        raise OutcomeUnknown("KashFlow's answer to the login makes no sense.")
    if len(positions) > _LETTERS_ASKED or min(positions) < 1:
        raise TryAgainLater("KashFlow asked for the memorable word in a way that is not documented.")
    return Challenge(SecretStr(login.temporary_token), positions)


def word_request(challenge: Challenge, word: SecretStr) -> Request:
    """Step two: the characters asked for, each with its position.

    Raises NeedsAttention, and so sends nothing, when the word has no character at one of the positions.
    """
    letters = word.get_secret_value()
    if max(challenge.positions) > len(letters):
        raise refusal("memorable_word_too_short")
    answers = [{"Position": place, "Value": letters[place - 1]} for place in challenge.positions]
    token = challenge.temporary_token.get_secret_value()
    return _request("PUT", {"TemporaryToken": token, "MemorableWordList": answers})


def read_session(response: Response) -> Opened:
    """Read the answer to step two. Raises as `read_challenge` does."""
    login = _read(response, "wrong_memorable_word")
    token = login.session_token.strip()
    if not _TOKEN.fullmatch(token):
        raise OutcomeUnknown("KashFlow's answer to the login holds no session token.")
    number = login.company_id or login.tenant_id
    return Opened(SecretStr(str(UUID(token))), login.company_name.strip(), str(number or ""))


def logout_request(token: SecretStr) -> Request:
    """End the session. KashFlow wants the token in the path, which is why paths are never shown."""
    value = token.get_secret_value()
    headers = {"Accept": "application/json", "Authorization": f"KfToken {value}"}
    path = f"sessiontoken/{value}"
    return Request("DELETE", path, "the logout", headers=headers, effects=True, deadline=5.0)


def authorised(request: Request, token: SecretStr) -> Request:
    """The request, made within a session."""
    return request.with_header("Authorization", f"KfToken {token.get_secret_value()}")


def _request(method: str, body: Mapping[str, object]) -> Request:
    return Request(
        method,
        "sessiontoken",
        "the login",
        body=json.dumps(body).encode(),
        headers=_HEADERS,
        effects=True,
        deadline=_LOGIN_DEADLINE,
    )


def _read(response: Response, step_code: str) -> Login:
    if response.succeeded:
        body = parsed(response)
        if not isinstance(body, dict):
            raise OutcomeUnknown("KashFlow answered the login with something other than data.")
        login = Login.model_validate(body)
        if problem := _unusable(login):
            raise problem
        return login
    raise _refused(response, step_code)


def _unusable(login: Login) -> NeedsAttention | None:
    """A login can succeed for an account that cannot be used."""
    if login.is_locked_out:
        return refusal("account_locked")
    if login.disabled:
        return refusal("user_disabled")
    if login.subscription_expired:
        return refusal("subscription_expired")
    return refusal("temporary_password") if login.has_temporary_password else None


def _refused(response: Response, step_code: str) -> Exception:
    code, _ = error_of(response)
    if response.status == 504:
        return OutcomeUnknown("KashFlow's gateway gave up waiting for the answer to the login.")
    if response.status >= 500:
        return TryAgainLater(f"KashFlow reported a fault of its own (HTTP {response.status}) at the login.")
    if code == SQL_TIMEOUT:
        return Overloaded("KashFlow's database took too long to answer the login.")
    definite = known_refusal(code)
    if definite is not None and definite.code != "wrong_credentials":
        return definite
    if step_code == "wrong_memorable_word" and code.lower() == "invalidsessiontoken":
        return TryAgainLater("KashFlow's login challenge lapsed before it was answered.")
    if response.status in (400, 401, 403, 422) and code:
        return refusal(step_code)
    return OutcomeUnknown(f"KashFlow answered the login in an unexpected way (HTTP {response.status}).")
