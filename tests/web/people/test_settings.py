"""Settings: what the organisation is, from where on an import needs a second person, and keys."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from arrears.accounts.api_keys import find_key
from arrears.accounts.audit import Action
from arrears.accounts.models import ApiKey, AuditEntry
from arrears.core.access import Role
from tests.web.conftest import Site
from tests.web.people.builders import a_colleague

DETAILS = {
    "name": "Pennine Bolts Ltd",
    "registration_number": "01234567",
    "street": "1 Mill Lane",
    "city": "Leeds",
    "zip": "LS1 1AA",
    "state": "",
    "country": "GB",
    "email": "office@pennine.example",
    "phone": "",
}


def links(page: str) -> set[str]:
    return set(re.findall(r'<li><a href="([^"]+)"><svg', page.split("settings-grid")[1]))


def test_everybody_sees_their_own_settings_and_owners_see_the_rest(site: Site) -> None:
    own = {"/accounts/password/change/", "/accounts/mfa/", "/settings/new-organisation/"}
    managed = {"/settings/members/", "/settings/invitations/", "/settings/keys/"}
    assert own | managed <= links(site.page("/settings/"))

    for role in (Role.FINANCE, Role.APPROVER, Role.VIEWER):
        client = a_colleague(site.organisation, f"{role}@pennine.example", role)
        page = client.get("/settings/").content.decode()
        assert own <= links(page)
        assert not managed & links(page)
        assert "/settings/organisation/" not in page


def test_every_way_leads_somewhere(site: Site) -> None:
    for path in links(site.page("/settings/")):
        assert site.client.get(path).status_code in (200, 302), path


def test_details_are_kept(site: Site) -> None:
    page = site.client.post("/settings/organisation/", DETAILS, follow=True).content.decode()

    assert "1 Mill Lane, Leeds, LS1 1AA, United Kingdom" in page
    site.organisation.refresh_from_db()
    assert site.organisation.name == "Pennine Bolts Ltd"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"country": "XX"}, {"email": "no address"}])
def test_details_that_cannot_be_are_refused(site: Site, wrong: dict[str, str]) -> None:
    assert site.client.post("/settings/organisation/", DETAILS | wrong).status_code == 422
    site.organisation.refresh_from_db()
    assert site.organisation.name == "Pennine Fasteners"


def test_a_limit_needs_a_second_person(site: Site) -> None:
    form = {"limit": "5,000", "currency": "GBP"}
    assert "Now it is owner@pennine.example alone" in site.page("/settings/approval/")
    answer = site.client.post("/settings/approval/", form)
    assert answer.status_code == 422
    assert "A limit needs two people who may approve" in answer.content.decode()

    a_colleague(site.organisation, "anna@pennine.example", Role.APPROVER)
    page = site.client.post("/settings/approval/", form, follow=True).content.decode()
    assert "£5,000.00" in page
    site.organisation.refresh_from_db()
    assert site.organisation.approval_limit == Decimal(5000)
    assert 'value="5,000"' in site.page("/settings/approval/")


def test_a_limit_can_be_cleared(site: Site) -> None:
    site.organisation.approval_limit = Decimal(100)
    site.organisation.save()
    site.client.post("/settings/approval/", {"limit": "", "currency": "GBP"})
    site.organisation.refresh_from_db()
    assert site.organisation.approval_limit is None


@pytest.mark.parametrize("limit", ["much", "1,5", "-3", "0"])
def test_a_limit_that_is_no_amount_is_refused(site: Site, limit: str) -> None:
    a_colleague(site.organisation, "anna@pennine.example", Role.APPROVER)
    assert site.client.post("/settings/approval/", {"limit": limit, "currency": "GBP"}).status_code == 422


class TestKeys:
    def test_one_is_shown_once_and_works(self, site: Site) -> None:
        page = site.client.post("/settings/keys/", {"name": "ERP"}).content.decode()
        text = re.search(r"arr_[\w-]{43}", page)
        assert text

        key = find_key(text[0], site.clock.now())
        assert key is not None
        assert (key.organisation, key.created_by) == (site.organisation, site.owner.email)
        assert text[0] not in site.page("/settings/keys/")
        assert key.start in site.page("/settings/keys/")

    def test_a_key_needs_a_name(self, site: Site) -> None:
        assert site.client.post("/settings/keys/", {"name": ""}).status_code == 422
        assert not ApiKey.objects.exists()

    def test_one_is_revoked_after_asking(self, site: Site) -> None:
        site.client.post("/settings/keys/", {"name": "ERP"})
        path = f"/settings/keys/{ApiKey.objects.get().pk}/revoke/"
        assert "Revoke “ERP”?" in site.page(path)
        assert ApiKey.objects.get().revoked_at is None

        site.client.post(path)

        assert ApiKey.objects.get().revoked_at is not None
        assert site.client.post(path).status_code == 404
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", "who"))
        assert actions == [(Action.KEY_MADE, site.owner.email), (Action.KEY_REVOKED, site.owner.email)]
