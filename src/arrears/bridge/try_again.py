"""Try a connection once more with the same credentials, because a person says the cause is gone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from pydantic import SecretStr

from arrears.accounts.audit import Action
from arrears.bridge.attention import (
    NEEDS_OTHER_CREDENTIALS,
    login_rejection,
    note_connection,
    prove_company,
)
from arrears.bridge.models import Connection
from arrears.ports import NeedsAttention


def try_again(connection: Connection, word: SecretStr | None = None) -> Connection:
    """Log in afresh after the cause was removed in KashFlow (unlocked, paid, API switched on).

    `word` is the memorable word where it is not stored. Raises NeedsAttention at once, sending nothing, when
    only other credentials can help or the word is missing; else as `connect` does.
    """
    connection.refresh_from_db()
    reason = login_rejection(connection.pk, connection.version)
    if reason is not None and reason.code in NEEDS_OTHER_CREDENTIALS:
        raise reason
    if connection.asks_for_word and word is None:
        raise NeedsAttention(
            "The memorable word is needed to sign in to KashFlow and is not kept here.",
            code="memorable_word_needed",
            action="Enter the memorable word, then try again.",
        )
    # A new version: what was written down against the old one no longer counts.
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(version=F("version") + 1)
        company = connection.company_name or "a company that is not proven yet"
        note_connection(connection, Action.CONNECTION_EDITED, f"Tried the KashFlow login of {company} again")
    connection.refresh_from_db()
    return prove_company(connection, word)
