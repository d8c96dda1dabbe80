"""Where the focus of a page is, for somebody without a mouse: always seen, and never below a bar."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

#: More stops than any page has.
_MOST_STOPS = 400

#: How often to look while the page scrolls to what has the focus.
_SETTLES = 60

#: What is wrong with where the focus is, as words; empty when all is well.
_LOOK = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nothing has the focus";
  const name = `${at.tagName} ${at.id} “${(at.innerText || at.value || "").trim().slice(0, 40)}”`;
  // A box that is drawn by its label is seen as its label.
  const seen = at.getBoundingClientRect().width > 2 ? at : at.closest("label") ?? at;
  const box = seen.getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
    return `${name} is out of sight`;
  const ring = (one) => {
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  };
  if (!ring(at) && !ring(seen)) return `${name} shows no focus`;
  for (const bar of document.querySelectorAll("body *")) {
    const { position, visibility } = getComputedStyle(bar);
    if (!["sticky", "fixed"].includes(position) || visibility === "hidden") continue;
    if (bar.contains(at) || at.contains(bar) || bar.matches("dialog")) continue;
    const other = bar.getBoundingClientRect();
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    if (across <= 1 || down <= 1) continue;
    const [x, y] = [Math.max(box.left, other.left) + across / 2, Math.max(box.top, other.top) + down / 2];
    const onTop = document.elementFromPoint(x, y);
    if (bar.contains(onTop)) return `${name} is below ${bar.tagName} ${bar.className}`;
  }
  return "";
}"""


def look(page: Page) -> None:
    """Fail unless the focus is where somebody sees it, once the page has scrolled there."""
    wrong = ""
    for _ in range(_SETTLES):
        wrong = page.evaluate(_LOOK)
        if not wrong:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{page.url}: {wrong}.")


def tab_to(page: Page, selector: str) -> None:
    """Go from stop to stop until one is reached. Every stop on the way is looked at."""
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # the browser's own controls come between the last stop and the first
        look(page)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} was never reached.")
