"""Where somebody is signed in, and signing out there at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from arrears.accounts.models import AuditEntry, User
from arrears.web.account.devices import device_text
from tests.web.conftest import PASSWORD, Site

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
EDGE = f"{CHROME} Edg/141.0"


def signed_in(email: str, agent: str, address: str) -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def office(site: Site) -> Client:
    return signed_in(site.owner.email, FIREFOX, "203.0.113.7")


@pytest.fixture
def phone(site: Site) -> Client:
    return signed_in(site.owner.email, IPHONE, "198.51.100.4")


def page(client: Client) -> str:
    answer = client.get("/accounts/sessions/")
    assert answer.status_code == 200
    return answer.content.decode()


def id_on(shown: str) -> str:
    found = re.search(r'name="session" value="(\d+)"', shown)
    assert found
    return found[1]


def test_every_browser_is_listed_and_this_one_marked(office: Client, phone: Client) -> None:
    shown = page(office)

    assert "Firefox on Windows" in shown
    assert "Safari on an iPhone" in shown
    assert "198.51.100.4" in shown
    assert shown.count("This one") == 1
    assert shown.index("This one") < shown.index("Safari on an iPhone")


def test_one_is_signed_out_at_once(office: Client, phone: Client) -> None:
    third = signed_in("owner@pennine.example", EDGE, "198.51.100.5")
    shown = page(office)
    row = next(part for part in shown.split("<tr>") if "iPhone" in part)

    office.post("/accounts/sessions/end/", {"session": id_on(row)})

    assert phone.get("/").status_code == 302
    assert third.get("/").status_code == 200
    assert office.get("/").status_code == 200


def test_all_others_are_signed_out_at_once_and_it_is_noted(office: Client, phone: Client) -> None:
    answer = office.post("/accounts/sessions/end/", follow=True)

    assert "You are signed out everywhere else." in answer.content.decode()
    assert phone.get("/").status_code == 302
    assert office.get("/").status_code == 200
    line = AuditEntry.objects.get(action="signed out a device")
    assert "Safari on an iPhone" in line.text


def test_the_sessions_of_others_cannot_be_seen_or_ended(office: Client) -> None:
    mallory = User.objects.create_user("mallory@elsewhere.example", PASSWORD)
    theirs = signed_in(mallory.email, CHROME, "192.0.2.9")
    mine = signed_in(mallory.email, EDGE, "192.0.2.10")

    assert "192.0.2.9" not in page(office)
    foreign = office.post("/accounts/sessions/end/", {"session": id_on(page(mine))})
    absent = office.post("/accounts/sessions/end/", {"session": "999999"})
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert foreign.content == absent.content
    office.post("/accounts/sessions/end/")
    assert theirs.get("/accounts/sessions/").status_code == 200


@pytest.mark.parametrize("value", ["x", "-1", "1e3", "9" * 40, "²"])
def test_nonsense_ends_nothing(office: Client, phone: Client, value: str) -> None:
    assert office.post("/accounts/sessions/end/", {"session": value}).status_code == 404
    assert phone.get("/").status_code == 200


def test_a_session_is_dead_after_signing_out(site: Site, office: Client) -> None:
    cookie = office.cookies["sessionid"].value
    office.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = cookie

    assert thief.get("/").status_code == 302


def test_what_signed_out_is_no_longer_listed(office: Client, phone: Client) -> None:
    phone.post("/accounts/logout/")

    assert "iPhone" not in page(office)


def test_an_address_is_believed_from_our_own_proxies_alone(site: Site) -> None:
    client = signed_in(site.owner.email, FIREFOX, "203.0.113.7")
    client.get("/", headers={"X-Forwarded-For": "192.0.2.66"})

    assert "192.0.2.66" not in page(client)


def test_a_stranger_is_sent_to_sign_in(site: Site) -> None:
    assert Client().get("/accounts/sessions/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (CHROME, "Chrome on Linux"),
        (EDGE, "Edge on Linux"),
        ("curl/8.5.0", "A program that does not say what it is"),
        ("", "A program that does not say what it is"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert device_text(agent) == words
