"""Connect a company's KashFlow account: prove that the login works, then keep it sealed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.audit import Action
from arrears.accounts.models import Organisation
from arrears.accounts.seal import CannotOpen
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import (
    NEEDS_OTHER_CREDENTIALS,
    login_rejection,
    note_connection,
    prove_company,
)
from arrears.bridge.models import Connection, LoginAttempt
from arrears.ports import NeedsAttention


@dataclass(frozen=True, slots=True)
class Login:
    """What a person types to connect. Without `keep_word` the memorable word is used once and not stored."""

    username: str
    password: SecretStr
    memorable_word: SecretStr
    base_url: str
    keep_word: bool = True


def connect(organisation: int, login: Login, edited: Connection | None = None) -> Connection:
    """Verify the login and store it, as a new connection or as new credentials of an existing one.

    The connection of the same username, or `edited`, is taken as the one to change. Returns the connection,
    which knows its company. Raises TryAgainLater (a new connection leaves nothing behind, an edited one waits
    to be tried again) or NeedsAttention (the connection stays, marked with what is wrong, so that the same
    login is not tried again).
    """
    connection, is_new = _write_down(organisation, login, edited)
    try:
        return prove_company(connection, login.memorable_word)
    except NeedsAttention:
        raise
    except BaseException:
        if is_new:
            _leave_nothing_behind(connection)
        raise


def _write_down(organisation: int, login: Login, edited: Connection | None) -> tuple[Connection, bool]:
    """Keep the credentials before the first attempt, so that the attempt is remembered with them."""
    with transaction.atomic():
        # One at a time, so that a double click does not make two connections.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation)
        existing = _existing(organisation, login, edited)
        if existing is None:
            return _store(organisation, login, None), True
        rejection = login_rejection(existing.pk, existing.version)
        if rejection is not None:
            _refuse_the_same_again(existing, login, rejection)
        elif _is_being_checked(existing, login):
            return existing, False
        edited_one = _store(organisation, login, existing)
        company = edited_one.company_name or "a company that is not proven yet"
        note_connection(edited_one, Action.CONNECTION_EDITED, f"Changed the KashFlow login of {company}")
        return edited_one, False


def _existing(organisation: int, login: Login, edited: Connection | None) -> Connection | None:
    rows = Connection.objects.filter(organisation_id=organisation).select_for_update()
    if edited is not None:
        return rows.get(pk=edited.pk)
    return rows.filter(base_url=login.base_url.rstrip("/"), username__iexact=login.username.strip()).first()


def _refuse_the_same_again(existing: Connection, login: Login, rejection: NeedsAttention) -> None:
    """Sending a rejected login again is how accounts get locked: nothing is sent until something changed."""
    if rejection.code not in NEEDS_OTHER_CREDENTIALS or not _same_password(existing, login):
        return
    # A wrong password is noticed before the word is asked for.
    if rejection.code == "wrong_credentials" or _same_word(existing, login):
        raise rejection


def _is_being_checked(existing: Connection, login: Login) -> bool:
    """Whether these very details were typed a moment ago: then both wait for the outcome of one attempt."""
    if existing.asks_for_word == login.keep_word or not _same_password(existing, login):
        return False
    if login.keep_word and not _same_word(existing, login):
        return False
    succeeded = LoginAttempt.Outcome.SUCCEEDED
    return not existing.login_attempts.filter(version=existing.version, outcome=succeeded).exists()


def _same_password(existing: Connection, login: Login) -> bool:
    """KashFlow ignores case in user names, and below in memorable words."""
    return (
        existing.username.casefold() == login.username.strip().casefold()
        and existing.base_url == login.base_url.rstrip("/")
        and _kept(existing, "password") == login.password
    )


def _same_word(existing: Connection, login: Login) -> bool:
    kept = _kept(existing, "memorable_word")
    return kept is not None and _plain(kept) == _plain(login.memorable_word)


def _kept(existing: Connection, field: str) -> SecretStr | None:
    try:
        return vault.read(existing.organisation_id, existing.record, field)
    except CannotOpen:
        return None  # whatever it was, the login typed now replaces it


def _plain(word: SecretStr) -> str:
    return word.get_secret_value().strip().casefold()


def _store(organisation: int, login: Login, existing: Connection | None) -> Connection:
    connection = existing or Connection(organisation_id=organisation, created_at=adapters().clock.now())
    connection.username = login.username.strip()
    connection.base_url = login.base_url.rstrip("/")
    connection.asks_for_word = not login.keep_word
    if existing is not None:
        connection.version += 1
    connection.save()
    vault.store(organisation, connection.record, "password", login.password)
    if login.keep_word:
        vault.store(organisation, connection.record, "memorable_word", login.memorable_word)
    else:
        vault.forget(organisation, connection.record, "memorable_word")
    return connection


def _leave_nothing_behind(connection: Connection) -> None:
    with transaction.atomic():
        # Unless somebody has entered other details for it meanwhile.
        mine = Connection.objects.select_for_update().filter(pk=connection.pk, version=connection.version)
        if mine.exists():
            vault.forget(connection.organisation_id, connection.record)
            mine.delete()
