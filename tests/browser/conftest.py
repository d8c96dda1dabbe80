"""A real Chromium against a live server. Without a browser these tests are skipped, and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def _chromium() -> str:
    named = os.environ.get("ARREARS_CHROMIUM")
    found = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(
            "SKIPPED: no Chromium was found, so no page was tried in a browser. Install one (on Debian: "
            "apt-get install chromium) or name it in ARREARS_CHROMIUM."
        )
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the module, and gone after it: its driver keeps an event loop running meanwhile."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django would take the driver's event loop for a sign that tests run asynchronously.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(
            executable_path=_chromium(),
            args=["--no-sandbox"],
            # People's browsers keep pages for the Back button.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield launched
        launched.close()


@pytest.fixture(params=[(1280, 860), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty tab in both sizes. Fails the test when the page reported an error or blocked a script."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert not errors
