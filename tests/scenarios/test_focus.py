"""What the stories hold the focus to is held: a page that hides it is found out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.scenarios.focus import look

pytestmark = pytest.mark.browser

_BAR = '<div style="position: sticky; bottom: 0; height: 50px; background: black">Bar</div>'
_THERE = '<button id="at">Go</button>'
_FOCUS = "<script>at.focus({preventScroll: true})</script>"
_FAR = '<div style="height: 3000px">Text</div>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<button autofocus>Go</button>", ""),
        ("<button>Go</button>", "nothing has the focus"),
        ('<button style="outline: none" autofocus>Go</button>', "shows no focus"),
        (f"{_FAR}{_THERE}{_FOCUS}", "out of sight"),
        (f'<div style="height: 560px">Text</div>{_THERE}{_FAR}{_BAR}{_FOCUS}', "is below DIV"),
    ],
    ids=["seen", "nowhere", "not marked", "out of sight", "covered"],
)
def test_a_focus_that_is_not_seen_is_told(browser: Browser, content: str, told: str) -> None:
    with browser.new_context(viewport={"width": 800, "height": 600}) as context:
        page = context.new_page()
        page.set_content(content)
        page.keyboard.press("Shift")  # somebody is at the keyboard
        if told:
            with pytest.raises(pytest.fail.Exception, match=told):
                look(page)
        else:
            look(page)
