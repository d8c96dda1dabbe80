"""Every page in Chromium, by day and by night, wide and narrow, judged by axe against WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.bridge.adapters import adapters
from tests.browser.pages import Visit, signed_in, visits
from tests.desk.api.world import Adapters
from tests.fakes import FakeClock
from tests.web.far_world import FarAdapters
from tests.web.role_world import World, a_world

pytestmark = pytest.mark.browser

_WIDE, _NARROW = (1280, 860), (390, 844)
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_EVERYTHING = {"runOnly": _TAGS, "rules": {"target-size": {"enabled": True}}}
#: What a theme can change, and what a width can change.
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_PLACES = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}

_FACTS = """() => ({
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  widest: [...document.querySelectorAll("body :not(thead *)")].sort(
    (one, other) => other.getBoundingClientRect().right - one.getBoundingClientRect().right
  )[0]?.outerHTML.slice(0, 120),
  headings: document.querySelectorAll("h1").length,
  language: document.documentElement.lang,
})"""
_AXE = """async (options) => {
  const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return found.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id} at ${node.target.join(" ")} [${node.html.slice(0, 90)}]: ` +
    node.failureSummary.split("\\n")[1]?.trim()));
}"""
#: What is folded away is read too; only the header's menu lies over the page when open.
_UNFOLD = "() => document.querySelectorAll('details:not(.menu)').forEach((one) => (one.open = true))"


@pytest.fixture
def world(browser: Browser, transactional_db: None, settings: Settings) -> Iterator[World]:
    """Something of everything. Asks for `browser` so that it is there before the database is used."""
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Adapters.clock = FakeClock()
    FarAdapters.fresh().fake_books.add("1001")
    adapters.cache_clear()
    yield a_world()
    adapters.cache_clear()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("person", ["creditor", "operator", "partner", "stranger"])
def test_no_page_keeps_anybody_out(
    browser: Browser, live_server: LiveServer, world: World, person: str
) -> None:
    wrong: list[str] = []
    mine = [visit for visit in visits(world) if visit.person == person]
    assert mine
    context = signed_in(browser, world, person, live_server.url)
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    for visit in mine:
        wrong += [f"{visit.path}: {problem}" for problem in _problems(page, live_server, visit)]
    context.close()
    assert not wrong, "\n" + "\n".join(wrong)


def _problems(page: Page, server: LiveServer, visit: Visit) -> list[str]:
    """What is wrong with one page, loaded once and looked at in four ways."""
    page.emulate_media(color_scheme="light")
    _resize(page, _WIDE)
    answer = page.goto(server.url + visit.path, wait_until="load")
    if answer and answer.status >= 500:
        return [f"the server answers {answer.status}"]
    page.evaluate(AXE_SCRIPT)
    page.evaluate(_UNFOLD)
    found = _seen(page, "wide, light", _EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += _seen(page, "wide, dark", _COLOURS, theme="dark")
    _resize(page, _NARROW)
    found += _seen(page, "narrow, dark", _COLOURS, theme="dark")
    page.emulate_media(color_scheme="light")
    return found + _seen(page, "narrow, light", _PLACES)


def _seen(page: Page, how: str, options: dict[str, Any], theme: str = "light") -> list[str]:
    # The page hears of the change a moment after the browser.
    page.wait_for_function("(theme) => document.documentElement.dataset.bsTheme === theme", arg=theme)
    facts = page.evaluate(_FACTS)
    expected = {"wider": 0, "headings": 1, "language": "en-GB"}
    odd = [f"{name} is {facts[name]}" for name, value in expected.items() if facts[name] != value]
    odd += [f"the widest is {facts['widest']}"] if facts["wider"] else []
    return [f"{how}: {one}" for one in [*odd, *page.evaluate(_AXE, options)]]


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def test_light_or_dark_is_chosen_by_keyboard_and_kept(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(color_scheme="light").new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    theme = "document.documentElement.dataset.bsTheme"
    assert page.evaluate(theme) == "light"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{theme} === 'dark'")

    page.get_by_role("radio", name="System").focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("radio", name="Light")).to_be_checked()
    assert page.evaluate(theme) == "light"
    page.reload()
    assert page.evaluate(theme) == "light"
    expect(page.get_by_role("radio", name="Light")).to_be_checked()
    page.context.close()


def test_a_case_on_paper_is_the_case_and_nothing_to_press(
    browser: Browser, live_server: LiveServer, world: World
) -> None:
    context = signed_in(browser, world, "creditor", live_server.url)
    page = context.new_page()
    page.emulate_media(color_scheme="dark", media="print")
    page.goto(f"{live_server.url}/cases/{world.ids['active']}/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("header, footer, nav, .btn, main button").locator("visible=true").count() == 0
    paper = page.evaluate("getComputedStyle(document.body).color")
    assert paper == "rgb(23, 33, 31)"  # ink, although the screen was dark
    context.close()
