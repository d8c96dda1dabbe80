"""Keeping the state of connections and of collector accounts in step with what the other side last said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction
from pydantic import SecretStr

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Connection, ConnectionState, LoginAttempt
from arrears.ports import Books, Clock, Company, NeedsAttention

#: Causes that only other credentials can remove; trying the same ones again could lock the account.
NEEDS_OTHER_CREDENTIALS = frozenset(
    {
        "wrong_credentials",
        "wrong_memorable_word",
        "memorable_word_too_short",
        "other_company",
        "already_connected",
    }
)

#: Causes that lie in a collector's key: nothing is asked with it again until a person has seen to it.
KEY_CODES = frozenset({"key_rejected", "key_not_permitted", "other_company"})

_NO_ATTENTION = {
    "state": ConnectionState.OK,
    "attention_code": "",
    "attention_text": "",
    "attention_action": "",
    "attention_url": "",
}


class CollectorNeedsAttention(NeedsAttention):
    """What needs attention is the collector; the books have nothing to do with it."""


@contextmanager
def noting_collector(account: CollectorAccount | None) -> Iterator[None]:
    """Ask the collector inside, and nobody else: what needs attention there is noted on its account.

    Raises CollectorNeedsAttention in place of NeedsAttention, so that the books are not blamed for it.
    """
    try:
        yield
    except NeedsAttention as reason:
        if account is not None and reason.code in KEY_CODES:
            mark_collector(account, account.version, reason)
        raise CollectorNeedsAttention(
            str(reason), code=reason.code, action=reason.action, url=reason.url
        ) from reason


def mark_collector(account: CollectorAccount, version: int, reason: NeedsAttention) -> None:
    """Close this version of the account's key, for every process, until a person does something."""
    rows = CollectorAccount.objects.filter(pk=account.pk, version=version, removed_at=None)
    # The first reason is the one to act on: those after it are its consequences.
    rows.filter(state=ConnectionState.OK).update(**_attention(reason))


def collector_trouble(account: CollectorAccount) -> NeedsAttention | None:
    """Why the account's key is not used as it stands, or None when it is."""
    if account.state == ConnectionState.OK:
        return None
    return NeedsAttention(
        account.attention_text,
        code=account.attention_code,
        action=account.attention_action,
        url=account.attention_url,
    )


def clear_collector(account: CollectorAccount) -> None:
    """Take it on the account, unsaved, that nothing is wrong with it."""
    for name, value in _NO_ATTENTION.items():
        setattr(account, name, value)


@contextmanager
def noting_attention(connection: Connection, clock: Clock) -> Iterator[None]:
    """Use the connection's books inside; note on the connection whether it needs a person now."""
    version = connection.version
    try:
        yield
    except CollectorNeedsAttention:
        raise
    except NeedsAttention as reason:
        _mark(connection, version, reason)
        raise
    current = _current(connection, version)
    current.update(last_used_at=clock.now())
    if login_rejection(connection.pk, version) is None:
        # A session can outlive a rejection of its login; that does not make the login right again.
        current.update(**_NO_ATTENTION)


def login_rejection(connection_id: int, version: int) -> NeedsAttention | None:
    """Why no more logins are made with this version of the credentials, or None when they may be."""
    row = (
        LoginAttempt.objects.filter(
            connection_id=connection_id, version=version, outcome=LoginAttempt.Outcome.REJECTED
        )
        .order_by("-pk")
        .first()
    )
    if row is None:
        return None
    return NeedsAttention(row.text, code=row.code, action=row.action, url=row.url)


def prove_company(connection: Connection, word: SecretStr | None) -> Connection:
    """Log in, and write down whose books the login opens.

    Until that is proven the credentials are not used again unasked: a login that opens another company's
    books must never be used under this company's name. Raises Remedy.
    """
    books = adapters().books(connection, word)
    try:
        with noting_attention(connection, adapters().clock):
            _take(connection, books.company())
    except BaseException as trouble:
        _close(connection, books, trouble if isinstance(trouble, NeedsAttention) else _unproven())
        raise
    connection.refresh_from_db()
    return connection


def note_connection(connection: Connection, action: Action, deed: str) -> None:
    """Write to the audit trail what was done with a connection. Call it in the transaction that does it."""
    note(
        connection.organisation_id,
        action,
        f"{deed}, user name {connection.username}.",
        adapters().clock.now(),
        subject=f"connection {connection.pk}",
    )


def note_collector(account: CollectorAccount, action: Action, deed: str) -> None:
    """The same for a collector."""
    mode = "test cases" if account.test else "real cases"
    note(
        account.organisation_id,
        action,
        f"{deed} the collector at {account.base_url}, account of {account.company_name}, for {mode}.",
        adapters().clock.now(),
        subject=f"collector {account.pk}",
    )


def refuse_other_company(connection: Connection, company: Company) -> None:
    """Never read or submit one company's invoices under another's name. Raises NeedsAttention."""
    if connection.account and connection.account != company.account:
        raise NeedsAttention(
            f"This login opens {company.name}, but this connection belongs to {connection.company_name}.",
            code="other_company",
            action=f"Enter the login of {connection.company_name}, or connect {company.name} as well.",
        )


def _take(connection: Connection, company: Company) -> None:
    """Write the company down on its connection. Raises NeedsAttention when it is the wrong one."""
    refuse_other_company(connection, company)
    try:
        with transaction.atomic():
            is_new = not connection.account
            changed = _current(connection, connection.version).update(
                account=company.account,
                company_name=company.name,
                home_currency=company.home_currency,
                country=company.country,
            )
            if is_new and changed:
                note_connection(connection, Action.CONNECTED, f"Connected KashFlow for {company.name}")
    except IntegrityError:
        raise NeedsAttention(
            f"{company.name} is already connected.",
            code="already_connected",
            action="Edit the existing connection if its login has changed, and disconnect this one.",
        ) from None


def _unproven() -> NeedsAttention:
    return NeedsAttention(
        "The login has not been checked, because KashFlow did not answer.",
        code="login_unchecked",
        action="Press Try again once KashFlow answers.",
    )


def _close(connection: Connection, books: Books, reason: NeedsAttention) -> None:
    """End the session and make no other with these credentials until a person does something."""
    books.close()
    if login_rejection(connection.pk, connection.version) is not None:
        return
    if _current(connection, connection.version).exists():
        LoginAttempt.objects.create(
            connection=connection,
            version=connection.version,
            outcome=LoginAttempt.Outcome.REJECTED,
            started_at=adapters().clock.now(),
            code=reason.code,
            text=str(reason),
            action=reason.action,
            url=reason.url,
        )
    _mark(connection, connection.version, reason)


def _mark(connection: Connection, version: int, reason: NeedsAttention) -> None:
    _current(connection, version).update(**_attention(reason))


def _attention(reason: NeedsAttention) -> dict[str, str]:
    return {
        "state": ConnectionState.NEEDS_ATTENTION,
        "attention_code": reason.code,
        "attention_text": str(reason),
        "attention_action": reason.action,
        "attention_url": reason.url,
    }


def _current(connection: Connection, version: int) -> models.QuerySet[Connection]:
    # Credentials edited meanwhile: what the old ones met says nothing about the new ones.
    return Connection.objects.filter(pk=connection.pk, version=version)
