"""The list of people: a change counts with the very next request."""

from __future__ import annotations

import pytest

from arrears.accounts.models import Membership
from arrears.core.access import Role
from tests.accounts.people import a_firm, a_member
from tests.web.conftest import Site
from tests.web.people.builders import a_colleague, shown


def member(email: str) -> Membership:
    return Membership.objects.get(user__email=email)


@pytest.mark.parametrize(
    ("before", "after", "statuses"),
    [(Role.VIEWER, Role.FINANCE, (403, 200)), (Role.FINANCE, Role.VIEWER, (200, 403))],
)
def test_a_new_role_counts_on_the_next_request(
    site: Site, before: Role, after: Role, statuses: tuple[int, int]
) -> None:
    client = a_colleague(site.organisation, "fred@pennine.example", before)
    assert client.get("/import/").status_code == statuses[0]

    path = f"/settings/members/{member('fred@pennine.example').pk}/role/"
    page = site.client.post(path, {"role": after.value}, follow=True).content.decode()

    assert f"fred@pennine.example is {after} now" in page
    assert client.get("/import/").status_code == statuses[1]


def test_a_removed_member_is_out_on_the_next_request(site: Site) -> None:
    client = a_colleague(site.organisation, "fred@pennine.example", Role.FINANCE)
    assert client.get("/cases/").status_code == 200

    path = f"/settings/members/{member('fred@pennine.example').pk}/remove/"
    assert "Remove fred@pennine.example?" in site.page(path)
    site.client.post(path)

    assert client.get("/cases/").status_code == 403
    assert "Pennine" not in shown(client, "/")


def test_looking_at_the_confirmation_removes_nobody(site: Site) -> None:
    a_colleague(site.organisation, "fred@pennine.example", Role.FINANCE)
    site.page(f"/settings/members/{member('fred@pennine.example').pk}/remove/")
    assert member("fred@pennine.example")


@pytest.mark.parametrize("path", ["role", "remove"])
def test_the_last_owner_is_kept_and_told_why(site: Site, path: str) -> None:
    a_colleague(site.organisation, "fred@pennine.example", Role.FINANCE)
    mine = f"/settings/members/{member(site.owner.email).pk}/{path}/"

    page = site.client.post(mine, {"role": "viewer"}, follow=True).content.decode()

    assert "is the only owner of Pennine Fasteners. Make somebody else an owner first." in page
    assert member(site.owner.email).role == "owner"


def test_an_owner_who_steps_down_is_led_to_a_page_they_may_see(site: Site) -> None:
    a_colleague(site.organisation, "fred@pennine.example", Role.OWNER)
    path = f"/settings/members/{member(site.owner.email).pk}/role/"
    answer = site.client.post(path, {"role": "viewer"}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/settings/", 302)], 200)


def test_a_role_that_is_none_is_refused(site: Site) -> None:
    a_colleague(site.organisation, "fred@pennine.example", Role.VIEWER)
    path = f"/settings/members/{member('fred@pennine.example').pk}/role/"
    page = site.client.post(path, {"role": "emperor"}, follow=True).content.decode()
    assert "Choose a role from the list." in page
    assert member("fred@pennine.example").role == "viewer"


def test_people_of_others_are_not_there(site: Site) -> None:
    theirs = a_member(a_firm("Elsewhere"), "them@elsewhere.example")
    for path in ("role", "remove"):
        assert site.client.post(f"/settings/members/{theirs.pk}/{path}/").status_code == 404
    assert "them@elsewhere.example" not in site.page("/settings/members/")
