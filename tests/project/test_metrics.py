"""The figures for Prometheus tell how things stand, and name nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from arrears.accounts.models import Organisation
from arrears.bridge.models import Connection


@pytest.mark.django_db
def test_connections_are_counted_by_state_without_names() -> None:
    now = datetime.now(UTC)
    organisation = Organisation.objects.create(name="Secretive Holdings", created_at=now)
    for state in ("ok", "ok", "needs attention"):
        Connection.objects.create(
            organisation=organisation, company_name="Pennine", username="jo", state=state, created_at=now
        )

    page = Client().get("/metrics").content.decode()

    assert 'arrears_connections{state="ok"} 2.0' in page
    assert 'arrears_connections{state="needs attention"} 1.0' in page
    assert "Secretive" not in page
    assert "Pennine" not in page
