"""Choose where new cases go unless somebody says otherwise."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import note_collector
from arrears.bridge.collector_key import removed
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import CollectorAccount


def choose_collector(organisation: int, account: CollectorAccount | None) -> None:
    """Make an account the organisation's preferred collector, or our own desk for None.

    Imports that have begun keep theirs. Raises NeedsAttention for an account that is not in use.
    """
    with transaction.atomic():
        # One at a time: two preferred ones at once would meet the database's rule and not a sentence.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation)
        CollectorAccount.objects.filter(organisation_id=organisation, is_default=True).update(
            is_default=False
        )
        if account is not None and not accounts_of(organisation).filter(pk=account.pk).update(
            is_default=True
        ):
            raise removed()
        now = adapters().clock.now()
        if account is None:
            note(organisation, Action.COLLECTOR_PREFERRED, "New cases go to our own desk.", now)
        else:
            note_collector(account, Action.COLLECTOR_PREFERRED, "New cases go to")
