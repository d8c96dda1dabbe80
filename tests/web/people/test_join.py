"""Behind an invitation's link: who may join, how, and that a dead link tells nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from arrears.accounts.models import Invitation, Membership, User
from tests.accounts.people import a_firm
from tests.web.conftest import PASSWORD, Site
from tests.web.people.builders import BACKEND, last_link, shown

FORM = {"email": "fred@pennine.example", "role": "finance"}


def invite(site: Site, email: str = "fred@pennine.example") -> str:
    """Invite somebody and read the link out of their e-mail."""
    assert site.client.post("/settings/invitations/", FORM | {"email": email}).status_code == 302
    return last_link()


def plain(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


class TestSomebodyNew:
    def test_makes_an_account_with_exactly_the_invited_address_and_is_in(self, site: Site) -> None:
        link, client = invite(site), Client()
        page = client.get(link).content.decode()
        assert 'value="fred@pennine.example"' in page
        assert "owner@pennine.example invites you" in page

        answer = client.post(link, {"password1": PASSWORD, "email": "mallory@pennine.example"}, follow=True)

        assert answer.redirect_chain == [("/", 302)]
        assert "You belong to Pennine Fasteners now, as finance." in answer.content.decode()
        member = Membership.objects.get(user__email="fred@pennine.example")
        assert (member.organisation, member.role) == (site.organisation, "finance")
        assert not User.objects.filter(email="mallory@pennine.example").exists()

    @pytest.mark.parametrize("password", ["short", "fred@pennine.example", "password1234", ""])
    def test_needs_a_password_by_the_rules_of_sign_up(self, site: Site, password: str) -> None:
        link = invite(site)

        answer = Client().post(link, {"password1": password})

        assert answer.status_code == 422
        assert not User.objects.filter(email="fred@pennine.example").exists()
        assert Client().get(link).status_code == 200

    def test_can_sign_in_with_it_later(self, site: Site) -> None:
        Client().post(invite(site), {"password1": PASSWORD})
        form = {"login": "fred@pennine.example", "password": PASSWORD}
        assert Client().post("/accounts/login/", form).status_code == 302


class TestSomebodyWithAnAccount:
    @pytest.fixture
    def fred(self, site: Site) -> User:
        assert site.organisation
        return User.objects.create_user("fred@pennine.example", PASSWORD)

    def test_joins_with_one_click(self, site: Site, fred: User) -> None:
        link, client = invite(site), browser_of(fred)
        assert "Join as fred@pennine.example" in client.get(link).content.decode()

        client.post(link)

        assert Membership.objects.get(user=fred).role == "finance"
        assert client.get("/").status_code == 200

    def test_signs_in_first_and_comes_back(self, site: Site, fred: User) -> None:
        link, client = invite(site), Client()
        page = client.get(link).content.decode()
        assert f"/accounts/login/?next={link}" in page
        assert "password1" not in page

        form = {"login": fred.email, "password": PASSWORD, "next": link}
        assert client.post("/accounts/login/", form).headers["Location"] == link
        assert not Membership.objects.filter(user=fred).exists()

    def test_does_not_get_another_password_by_the_link(self, site: Site, fred: User) -> None:
        link = invite(site)
        answer = Client().post(link, {"password1": "another long enough sentence"})

        assert answer.headers["Location"] == f"/accounts/login/?next={link}"
        fred.refresh_from_db()
        assert fred.check_password(PASSWORD)
        assert not Membership.objects.filter(user=fred).exists()

    def test_acts_for_the_new_organisation_at_once(self, site: Site, fred: User) -> None:
        Membership.objects.create(organisation=a_firm("Aardvark"), user=fred)
        client = browser_of(fred)
        client.post(invite(site))
        assert '<span class="menu-name">Pennine Fasteners</span>' in shown(client, "/settings/")


class TestSomebodyElse:
    def test_is_told_and_can_sign_out(self, site: Site) -> None:
        link, mallory = invite(site), User.objects.create_user("mallory@pennine.example", PASSWORD)
        client = browser_of(mallory)
        page = client.get(link).content.decode()
        assert "You are signed in as mallory@pennine.example" in page
        assert 'action="/accounts/logout/"' in page

        assert client.post(link).status_code == 403
        assert not Membership.objects.filter(user=mallory).exists()
        assert client.post("/accounts/logout/", {"next": link}).headers["Location"] == link


def test_looking_changes_nothing(site: Site) -> None:
    link = invite(site)
    before = list(Invitation.objects.values_list())
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert list(Invitation.objects.values_list()) == before
    assert not User.objects.filter(email="fred@pennine.example").exists()


def test_dead_links_all_look_the_same(site: Site) -> None:
    used, revoked, expired, replaced = (invite(site, f"{name}@pennine.example") for name in "abcd")
    Client().post(used, {"password1": PASSWORD})
    site.client.post(f"/settings/invitations/{Invitation.objects.get(email__startswith='b').pk}/revoke/")
    late = Invitation.objects.get(email__startswith="c")
    Invitation.objects.filter(pk=late.pk).update(expires_at=site.clock.now() - timedelta(seconds=1))
    site.client.post(f"/settings/invitations/{Invitation.objects.get(email__startswith='d').pk}/resend/")
    unknown = "/invitations/never-issued/"

    for ask in (Client().get, lambda link: Client().post(link, {"password1": PASSWORD})):
        answers = [ask(link) for link in (unknown, used, revoked, expired, replaced)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({plain(answer.content.decode()) for answer in answers}) == 1
    assert "This link cannot be used" in answers[0].content.decode()


def test_opening_links_over_and_over_is_slowed_down(site: Site) -> None:
    assert site.organisation
    statuses = [Client().get(f"/invitations/guess-{number}/").status_code for number in range(61)]
    assert statuses == [404] * 60 + [429]


def test_the_link_is_made_from_our_own_setting_not_from_the_host_header(site: Site) -> None:
    site.client.post("/settings/invitations/", FORM, headers={"host": "localhost:666"})
    assert "localhost:666" not in str(mail.outbox[0].body)


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    link = invite(site)
    assert Client(enforce_csrf_checks=True).post(link, {"password1": PASSWORD}).status_code == 403
    assert not User.objects.filter(email="fred@pennine.example").exists()
