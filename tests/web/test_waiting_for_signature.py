"""Cases that wait for a signature are told of wherever somebody looks for them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from arrears.bridge.models import ImportRun
from arrears.core.case import Lifecycle
from arrears.desk.models import Case
from tests.desk.builders import NOON, a_case
from tests.web.conftest import Site


@pytest.mark.parametrize("page", ["/", "/cases/", "run"])
def test_what_waits_for_a_signature_is_told_until_it_is_there(site: Site, page: str) -> None:
    organisation = site.connection.organisation
    run = ImportRun.objects.create(
        organisation=organisation, form_id=uuid4(), stage="finished", started_at=NOON
    )
    a_case(Lifecycle.PENDING_SIGNING, creditor=organisation)
    a_case(Lifecycle.PENDING_SIGNING)  # somebody else's
    path = f"/runs/{run.pk}/" if page == "run" else page

    told = site.client.get(path).content.decode()
    Case.objects.update(lifecycle=Lifecycle.PENDING_CHECK.value)
    after = site.client.get(path).content.decode()

    assert "1 case waits for your signature." in told
    assert 'href="/agreements/"' in told
    assert "for your signature" not in after
