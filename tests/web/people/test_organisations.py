"""Several organisations: one click from one to another, each as blind to the other as ever."""

from __future__ import annotations

import pytest

from arrears.accounts.models import Membership, Organisation
from arrears.core.access import Role
from tests.accounts.people import a_firm, a_member
from tests.web.conftest import Site
from tests.web.people.builders import a_colleague


@pytest.fixture
def client_firm(site: Site) -> Organisation:
    """Another organisation that the owner belongs to, as a viewer."""
    firm = a_firm("Brook Traders")
    a_member(firm, site.owner.email, Role.VIEWER)
    return firm


def acting_for(page: str) -> str:
    return page.split('<span class="menu-name">')[1].split("<")[0]


def test_one_click_switches_and_stays(site: Site, client_firm: Organisation) -> None:
    site.client.post("/organisations/switch/", {"organisation": str(site.organisation.public_id)})
    assert acting_for(site.page("/")) == "Pennine Fasteners"

    answer = site.client.post("/organisations/switch/", {"organisation": str(client_firm.public_id)})

    assert answer.headers["Location"] == "/"
    assert acting_for(site.page("/")) == "Brook Traders"
    assert acting_for(site.page("/cases/")) == "Brook Traders"


def test_the_menu_offers_every_other_organisation(site: Site, client_firm: Organisation) -> None:
    site.client.post("/organisations/switch/", {"organisation": str(site.organisation.public_id)})
    page = site.page("/settings/")
    assert f'name="organisation" value="{client_firm.public_id}"' in page
    assert f'value="{site.organisation.public_id}"' not in page


def test_the_role_is_that_of_the_organisation_switched_to(site: Site, client_firm: Organisation) -> None:
    for organisation, status in ((client_firm, 403), (site.organisation, 200)):
        site.client.post("/organisations/switch/", {"organisation": str(organisation.public_id)})
        assert site.client.get("/settings/members/").status_code == status


@pytest.mark.parametrize("asked", ["", "nonsense", "5d0c8b52-6f0e-4f5e-9a53-0b8a1c7d2e11", "theirs"])
def test_nobody_switches_to_where_they_do_not_belong(site: Site, asked: str) -> None:
    theirs = a_firm("Elsewhere")
    given = str(theirs.public_id) if asked == "theirs" else asked

    assert site.client.post("/organisations/switch/", {"organisation": given}).status_code == 404
    assert acting_for(site.page("/")) == "Pennine Fasteners"


def test_switching_is_a_button_and_no_link(site: Site) -> None:
    assert site.client.get("/organisations/switch/").status_code == 405


def test_who_is_removed_while_acting_for_it_falls_back_to_their_own(
    site: Site, client_firm: Organisation
) -> None:
    site.client.post("/organisations/switch/", {"organisation": str(client_firm.public_id)})
    Membership.objects.filter(organisation=client_firm).delete()
    assert acting_for(site.page("/")) == "Pennine Fasteners"


def test_a_bookkeeper_founds_an_organisation_and_acts_for_it(site: Site) -> None:
    client = a_colleague(site.organisation, "fred@pennine.example", Role.VIEWER)

    answer = client.post("/settings/new-organisation/", {"name": "Harbour Joinery"}, follow=True)

    assert acting_for(answer.content.decode()) == "Harbour Joinery"
    member = Membership.objects.get(organisation__name="Harbour Joinery")
    assert (member.user.email, member.role) == ("fred@pennine.example", "owner")
    assert client.get("/settings/members/").status_code == 200


def test_an_organisation_needs_a_name(site: Site) -> None:
    assert site.client.post("/settings/new-organisation/", {"name": " "}).status_code == 422
    assert Organisation.objects.filter(kind="creditor").count() == 1
