"""A connection as it is kept once a company has been connected."""

from __future__ import annotations

from datetime import datetime

from arrears.accounts.models import Organisation
from arrears.bridge.models import Connection


def a_connection(now: datetime) -> Connection:
    """Of a new organisation, to the books of Pennine Fasteners Ltd."""
    return Connection.objects.create(
        organisation=Organisation.objects.create(name="Pennine", created_at=now),
        base_url="http://127.0.0.1:1/v2",
        username="books@pennine.example",
        account="account-1",
        company_name="Pennine Fasteners Ltd",
        home_currency="GBP",
        created_at=now,
    )
