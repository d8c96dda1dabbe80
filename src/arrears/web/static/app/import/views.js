// Saved views: followed, kept and removed without leaving the page, whose rows would have to be read again.

import { viewOf } from "./filters.js";
import { announce, page } from "./page.js";

export function onViews({ query, go }) {
  page.addEventListener("submit", async (event) => {
    const menu = event.target.closest(".saved-views");
    if (!menu) return;
    event.preventDefault();
    const body = new FormData(event.target);
    body.set("part", "yes");
    body.set("query", query());
    const answer = await fetch(event.target.action, { method: "POST", body }).catch(() => null);
    if (!answer?.ok || answer.redirected) {
      announce("The views could not be changed. Reload the page and try again.");
      return;
    }
    const parsed = document.createElement("template");
    parsed.innerHTML = (await answer.text()).trim();
    const renewed = parsed.content.querySelector(".saved-views");
    renewed.open = true;
    menu.replaceWith(renewed);
    renewed.querySelector("input[name=name]").focus();
  });

  page.addEventListener("click", (event) => {
    const link = event.target.closest(".view-list a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const menu = link.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    go(viewOf(new URL(link.href).searchParams));
  });
}
