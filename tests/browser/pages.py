"""Every page of the site, with somebody who may see it: what each test that walks all pages goes by."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from tests.web.role_world import BACKEND as BACKEND
from tests.web.role_world import World
from tests.web.test_role_matrix import addresses

#: Pages of the account, which allauth brings, by who sees them.
_OF_ACCOUNTS = (
    ("stranger", "/accounts/login/"),
    ("creditor", "/accounts/password/change/"),
    ("creditor", "/accounts/logout/"),
    ("stranger", "/accounts/password/reset/"),
    ("stranger", "/accounts/password/reset/done/"),
    ("stranger", "/accounts/password/reset/key/1-aaa-bbb/"),
    ("creditor", "/accounts/mfa/"),
    ("creditor", "/accounts/mfa/webauthn/"),
    ("creditor", "/accounts/sessions/"),
    ("creditor", "/accounts/mfa/totp/activate/"),
    ("creditor", "/accounts/reauthenticate/"),
    ("creditor", "/nothing-here/"),
)
_OWNERS = {"creditor": "creditor", "partner": "partner", "operator": "operator", None: "stranger"}


@dataclass(frozen=True)
class Visit:
    """A page, and the name of the person of the world who looks at it."""

    person: str
    path: str


def visits(world: World) -> list[Visit]:
    """Every address of the site that answers with a page."""
    candidates = [Visit(_OWNERS[one.kind], one.path(world)) for one in addresses()]
    candidates += [Visit(person, path) for person, path in _OF_ACCOUNTS]
    return [
        visit for visit in dict.fromkeys(candidates) if _is_page(world.people[visit.person].client, visit)
    ]


def _is_page(client: Client, visit: Visit) -> bool:
    client.raise_request_exception = (
        False  # a page that is broken is a page, and found out when it is visited
    )
    answer = client.get(visit.path)
    shown = answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return shown and is_html and b"<html" in answer.content


def signed_in(browser: Browser, world: World, person: str, url: str) -> BrowserContext:
    """A browser window in which a person of the world is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    context.set_default_timeout(120_000)  # a busy machine is no fault of a page
    session = world.people[person].client.cookies.get("sessionid")
    if session:
        context.add_cookies([{"name": "sessionid", "value": session.value, "url": url}])
    return context
