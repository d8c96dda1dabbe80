// The bar at the foot: how much is selected, what it comes to, and the way to the next step.

import { money, plain, sumsOf } from "./money.js";
import { $, announce, counted, made, page } from "./page.js";

const most = Number(page?.dataset.most);

export function showPicked(selection, { away }) {
  const form = $("open");
  if (!form) return;
  const rows = selection.chosen;
  const sums = sumsOf(rows);
  const tooMany = rows.length > most;
  const had = form.offsetHeight;
  form.hidden = away || rows.length === 0;
  document.body.classList.toggle("has-selection", !form.hidden);
  const count = `${counted(rows.length, "invoice")} selected`;
  if (form.dataset.said !== count) announce(count);
  form.dataset.said = count;
  $("pick-count").textContent = count;
  $("pick-limit").hidden = !tooMany;
  $("open-button").disabled = tooMany;
  $("pick-sums").replaceChildren(...sums.map(line));
  const amount = sums.map(([currency, , owed]) => money(owed, currency)).slice(0, 3);
  $("open-label").textContent = `Open ${counted(rows.length, "case")}, ${amount.join(" + ")}`;
  if (form.offsetHeight > had) keepFocusInSight();
}

// The bar has come up, or grown, where the row with the focus may stand.
function keepFocusInSight() {
  document.activeElement?.closest("tbody tr")?.scrollIntoView({ block: "nearest" });
}

function line([currency, , owed, fee, net, without]) {
  const rest = ` fee ${money(fee, currency)}, you keep ${money(net, currency)}`;
  const unknown = without ? `, ${without.toLocaleString("en-GB")} without an estimate` : "";
  return made("div", {}, made("b", { text: money(owed, currency) }), made("span", { text: rest + unknown }));
}

// What goes to the next step is written into the form at the last moment: it can be long.
export function fill(selection) {
  const form = $("open");
  const rows = selection.chosen;
  form.elements.picked.value = JSON.stringify(
    rows.map((row) => [row.id, row.number, row.group, row.seen, row.due, row.chased ? "yes" : ""]),
  );
  form.elements.sums.value = JSON.stringify(
    sumsOf(rows).map(([currency, count, owed, fee, net, without]) => [
      currency,
      String(count),
      plain(owed, currency),
      plain(fee, currency),
      plain(net, currency),
      String(without),
    ]),
  );
  const required = new Set(rows.map((row) => row.required).filter(Boolean));
  form.elements.required.value = JSON.stringify([...required].slice(0, Number(page.dataset.mostRequired)));
}

export function onSelectionBar({ clear, selection }) {
  $("clear")?.addEventListener("click", clear);
  $("open")?.addEventListener("submit", () => fill(selection));
}
