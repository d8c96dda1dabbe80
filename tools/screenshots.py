"""Take a picture of every page of a creditor from the running product: `python -m tools.screenshots`.

Starts the product twice on folders of its own, empty and as the demo, drives Chromium through the story in
`tools/screenshot_story.py`, and writes docs/images/<page>-<width>-<theme>.webp and docs/screens.md.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from tools.screenshot_story import BEFORE, STORY, Demo, Step

_DOCS = Path(__file__).parents[1] / "docs"
IMAGES = _DOCS / "images"
SCREENS = _DOCS / "screens.md"
WIDTHS = {1280: 860, 390: 844}
THEMES = ("light", "dark")
_TALLEST, _QUALITY = 2400, 55
_START_SECONDS, _STOP_SECONDS = 300, 120


def picture(name: str, width: int, theme: str) -> str:
    """What the picture of a page is called."""
    return f"{name}-{width}-{theme}.webp"


def main() -> int:
    """Take all pictures. Returns how many steps of the story could not be taken."""
    missing: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        with _serving("serve") as demo:
            missing += _told(browser, demo, BEFORE)
        with _serving("demo", "--invoices", "120", "--seed", "7", "--latency-ms", "5") as demo:
            missing += _told(browser, demo, STORY)
        browser.close()
    SCREENS.write_text(page_of_all(), encoding="utf-8")
    size = sum(file.stat().st_size for file in IMAGES.glob("*.webp"))
    print(f"{len(list(IMAGES.glob('*.webp')))} pictures, {size / 1_000_000:.1f} MB")
    for line in missing:
        print(f"NOT TAKEN: {line}")
    return len(missing)


def _told(browser: Browser, demo: Demo, steps: tuple[Step, ...]) -> list[str]:
    """Act out the steps, one after the other, in one window."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    page, missing = context.new_page(), []
    page.set_default_timeout(20_000)
    for step in steps:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
        try:
            step.act(page, demo)
            _take(page, step)
        except (BrowserError, AssertionError, ValueError) as problem:
            missing.append(f"{step.name}: {str(problem).splitlines()[0]}")
    context.close()
    return missing


def _take(page: Page, step: Step) -> None:
    """One page in both widths and both themes."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.wait_for_function("(theme) => document.documentElement.dataset.bsTheme === theme", arg=theme)
            if not step.as_seen:  # or a header that sticks stands in the middle
                page.evaluate("scrollTo(0, 0)")
            shot = Image.open(io.BytesIO(page.screenshot(full_page=not step.as_seen, animations="disabled")))
            cut = shot.convert("RGB").crop((0, 0, shot.width, min(shot.height, _TALLEST)))
            cut.save(IMAGES / picture(step.name, width, theme), quality=_QUALITY, method=6)


def page_of_all() -> str:
    """docs/screens.md: every page with its four pictures."""
    parts = ["# Every page in pictures\n"]
    parts.append(
        "Taken from the running demo by `python -m tools.screenshots`: wide and narrow, by day and by night. "
        "Everything shown is made up.\n"
    )
    for step in (*BEFORE, *STORY):
        parts.append(f"## {step.title}\n\n{step.text}\n")
        for width in WIDTHS:
            share = "49%" if width == max(WIDTHS) else "24%"
            parts.append("\n".join(_tag(step, width, theme, share) for theme in THEMES) + "\n")
    return "\n".join(parts)


def _tag(step: Step, width: int, theme: str, share: str) -> str:
    what = f"{step.title}, {width} pixels wide, {theme}"
    return (
        f'<img src="images/{picture(step.name, width, theme)}" alt="{what}" width="{share}" loading="lazy">'
    )


@contextmanager
def _serving(*command: str) -> Iterator[Demo]:
    """The product on a folder and a port of its own, until it is no longer needed."""
    with tempfile.TemporaryDirectory(prefix="arrears-pictures-") as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        log = Path(home) / "said.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ARREARS_")}
        kept.pop("DATABASE_URL", None)
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "arrears", *command, "--port", str(port)],
                env={**kept, "ARREARS_HOME": home},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield _ready(log, process, f"http://127.0.0.1:{port}", is_demo=command[0] == "demo")
        finally:
            process.terminate()
            process.wait(timeout=_STOP_SECONDS)


def _ready(log: Path, process: subprocess.Popen[bytes], url: str, *, is_demo: bool) -> Demo:
    """Wait until it serves, and read from what it says how to sign in."""
    for _ in range(_START_SECONDS * 10):
        said = log.read_text()
        if _answers(url) and (not is_demo or "Stop with Ctrl-C" in said):
            password = re.search(r"Password\s+(demo-\S+)", said)
            return Demo(url, password[1] if password else "")
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"The product did not start:\n{log.read_text()}")


def _answers(url: str) -> bool:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _chromium() -> str:
    named = os.environ.get("ARREARS_CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        raise SystemExit("No Chromium was found. Install one, or name it in ARREARS_CHROMIUM.")
    return found


if __name__ == "__main__":
    raise SystemExit(min(main(), 1))
