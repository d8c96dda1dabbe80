"""Saved views: kept for one person in one organisation, checked at the door, removed by their owner alone."""

from __future__ import annotations

import pytest
from django.test import Client

from arrears.accounts.models import Membership, SavedView, User
from arrears.core.access import Role
from arrears.web.saved_views import MOST_VIEWS, views_of
from tests.web.conftest import PASSWORD, Site, an_organisation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def save(client: Client, **form: str) -> str:
    """Save a view; gives where it leads, or what the list says."""
    answer = client.post("/views/save/", {"page": "import", "name": "Late", "query": "kind=eligible"} | form)
    assert answer.status_code in (200, 302), answer.status_code
    return answer.headers.get("Location", "") or answer.content.decode()


def names(page: str = "import") -> list[str]:
    return list(SavedView.objects.filter(page=page).values_list("name", flat=True))


def test_a_view_is_kept_and_offered_on_its_page(site: Site) -> None:
    assert save(site.client, query="?kind=flagged&reason=debtor_city") == (
        "/import/?kind=flagged&reason=debtor_city"
    )

    page = site.page("/import/")

    assert 'href="?kind=flagged&amp;reason=debtor_city"' in page
    assert "Remove the view Late" in page
    assert names() == ["Late"]


def test_saving_under_a_name_in_use_replaces_the_view(site: Site) -> None:
    save(site.client, query="kind=flagged")
    save(site.client, query="kind=eligible", name="  Late ")

    assert [(one.name, one.query) for one in SavedView.objects.all()] == [("Late", "kind=eligible")]


def test_a_page_that_stays_open_gets_the_list_alone(site: Site) -> None:
    part = save(site.client, part="yes")

    assert "<html" not in part
    assert "The view “Late” is saved." in part
    assert 'href="?kind=eligible"' in part


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "Give the view a name."),
        ({"name": "n" * 61}, "A name may have 60 characters. This one has 61."),
        ({"query": "q=" + "x" * 2000}, "There are too many filters to save."),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(site: Site, form: dict[str, str], said: str) -> None:
    assert said in save(site.client, part="yes", **form)
    assert names() == []


def test_there_are_at_most_fifty_views_of_a_page(site: Site) -> None:
    for number in range(MOST_VIEWS):
        save(site.client, name=f"View {number}")

    assert "Remove one first" in save(site.client, name="One more", part="yes")
    save(site.client, name="View 7", query="kind=flagged")  # one that is there already may still be changed

    assert len(names()) == MOST_VIEWS
    assert SavedView.objects.get(name="View 7").query == "kind=flagged"
    save(site.client, name="One more", page="cases")
    assert names("cases") == ["One more"]


@pytest.mark.parametrize("page", ["", "admin", "import\n", "//evil.example/"])
def test_only_pages_that_have_views_can_be_saved(site: Site, page: str) -> None:
    form = {"page": page, "name": "Late", "query": ""}

    assert site.client.post("/views/save/", form).status_code == 400
    assert site.client.post("/views/remove/", form | {"view": "1"}).status_code == 400


@pytest.mark.parametrize(
    "query", ["a=b\r\nSet-Cookie: x=y", "//evil.example/", '"><script>alert(1)</script>']
)
def test_a_query_is_kept_as_parameters_whatever_it_holds(site: Site, query: str) -> None:
    where = save(site.client, query=query)

    assert where.startswith("/import/?")
    assert not set("\r\n<>\"' ") & set(where)
    assert "<script>alert" not in site.page("/import/")


def test_a_view_can_be_removed_and_removing_it_again_is_no_fault(site: Site) -> None:
    save(site.client)
    form = {"page": "import", "view": str(SavedView.objects.get().pk), "query": "kind=flagged"}

    for _ in range(2):
        answer = site.client.post("/views/remove/", form)
        assert answer.headers["Location"] == "/import/?kind=flagged"

    assert names() == []


@pytest.mark.parametrize("key", ["", "x", "-1", "1.5", "9" * 30, "²"])
def test_a_view_is_named_by_its_number(site: Site, key: str) -> None:
    assert site.client.post("/views/remove/", {"page": "import", "view": key}).status_code == 400


def test_views_are_nobody_elses(site: Site) -> None:
    save(site.client)
    kept = SavedView.objects.get()
    colleague = User.objects.create_user("viewer@pennine.example", PASSWORD)
    seat = Membership.objects.create(organisation=site.organisation, user=colleague, role=Role.VIEWER)
    stranger = User.objects.create_user("owner@elsewhere.example", PASSWORD)
    an_organisation("Elsewhere", stranger)
    assert views_of(seat, "import") == []

    for user in (colleague, stranger):
        client = Client()
        client.force_login(user, backend=BACKEND)
        answer = client.post("/views/remove/", {"page": "import", "view": str(kept.pk)})
        assert answer.status_code == 302
    assert names() == ["Late"]


def test_every_role_may_save_views(site: Site) -> None:
    viewer = User.objects.create_user("viewer@pennine.example", PASSWORD)
    seat = Membership.objects.create(organisation=site.organisation, user=viewer, role=Role.VIEWER)
    client = Client()
    client.force_login(viewer, backend=BACKEND)

    save(client, page="cases", name="Mine")

    assert [one.name for one in views_of(seat, "cases")] == ["Mine"]
    assert views_of(seat, "import") == []


def test_the_same_person_has_other_views_in_another_organisation(site: Site) -> None:
    other = an_organisation("Zenith Tools", site.owner)  # after ours, so that ours is acted for
    save(site.client)

    seat = Membership.objects.get(organisation=other, user=site.owner)

    assert views_of(seat, "import") == []
