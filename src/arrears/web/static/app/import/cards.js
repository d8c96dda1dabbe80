// The totals of everything that was read, by what can be done with it. Each is a button that shows only those.

import { queryOf } from "./filters.js";
import { amountLines, sumsOf } from "./money.js";
import { $, page } from "./page.js";

let added = -1;

export function showCards(rows, view) {
  for (const card of page.querySelectorAll(".kind-card"))
    card.setAttribute("aria-pressed", String(view.kind === card.dataset.kind && !view.view));
  if (added !== rows.version) addUp(rows);
  const link = $("to-fix-link");
  link.href = `?${queryOf({ view: "to-fix" }, new URLSearchParams(location.search))}`;
}

function addUp(rows) {
  added = rows.version;
  for (const card of page.querySelectorAll(".kind-card")) {
    const kind = card.dataset.kind;
    const mine = kind ? rows.all.filter((row) => row.kind === kind) : rows.all;
    card.querySelector("[data-count]").textContent = mine.length.toLocaleString("en-GB");
    card.querySelector("[data-sums]").replaceChildren(...amountLines(sumsOf(mine)));
    if (kind === "flagged") $("to-fix-link").hidden = mine.length === 0;
  }
}

export function onCards(pick) {
  for (const card of page.querySelectorAll(".kind-card")) card.addEventListener("click", () => pick(card.dataset.kind));
}
