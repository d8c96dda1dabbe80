// How old the debts are: a bar with one segment for each band, and a button for each that filters.

import { BANDS } from "./filters.js";
import { amountsText, money, sumsOf } from "./money.js";
import { $, counted, made, page } from "./page.js";

// `rows` is everything that the other filters leave.
export function showAgeing(rows, view) {
  const currency = currencyOf(rows, view);
  const bands = Object.keys(BANDS).map((band) => ({ band, rows: [] }));
  const byBand = new Map(bands.map((one) => [one.band, one]));
  for (const row of rows) byBand.get(row.band)?.rows.push(row);
  const present = bands.filter((one) => one.band !== "unknown" || one.rows.length);
  for (const one of present) {
    one.sums = sumsOf(one.rows);
    one.owed = one.sums.find(([code]) => code === currency)?.[2] ?? 0n;
  }
  $("ageing-of").textContent = currency ? `Amounts in ${currency}` : "";
  showBar(present);
  showButtons(present, view, currency);
  $("ageing-table").replaceChildren(
    ...present.map((one) =>
      made(
        "tr",
        {},
        made("th", { scope: "row", text: BANDS[one.band] }),
        made("td", { text: one.rows.length.toLocaleString("en-GB") }),
        made("td", { text: amountsText(one.sums) || "None" }),
      ),
    ),
  );
}

// The currency that was chosen, else the company's own where anything is owed in it, else the commonest.
function currencyOf(rows, view) {
  if (view.currency) return view.currency;
  const sums = sumsOf(rows);
  const home = sums.find(([code]) => code === page.dataset.home);
  return (home ?? sums.sort((a, b) => b[1] - a[1])[0])?.[0] ?? page.dataset.home;
}

function showBar(bands) {
  const total = bands.reduce((sum, one) => sum + (one.owed > 0n ? one.owed : 0n), 0n);
  $("ageing-bar").replaceChildren(
    ...bands
      .filter((one) => one.owed > 0n)
      .map((one) => {
        const segment = made("span", { class: "ageing-part", "data-band": one.band });
        // A share of a thousand is enough for the eye; no amount is worked out from it.
        segment.style.flexGrow = Number((one.owed * 1000n) / total) || 1;
        return segment;
      }),
  );
}

// The buttons stay in the document, so that the focus stays where it is.
function showButtons(bands, view, currency) {
  const place = $("ageing-bands");
  const kept = new Map([...place.children].map((button) => [button.dataset.band, button]));
  for (const { band } of bands) if (!kept.has(band)) place.append(newButton(band));
  for (const button of [...place.children]) {
    const one = bands.find(({ band }) => band === button.dataset.band);
    button.hidden = !one && view.band !== button.dataset.band;
    button.setAttribute("aria-pressed", String(view.band === button.dataset.band));
    button.querySelector(".band-money").textContent = money(one?.owed ?? 0n, currency);
    button.querySelector(".band-count").textContent = counted(one?.rows.length ?? 0, "invoice");
  }
}

function newButton(band) {
  return made(
    "button",
    { type: "button", class: "band", "data-band": band, "aria-pressed": "false" },
    made("span", { class: "band-name", text: BANDS[band] }),
    made("span", { class: "band-money num" }),
    made("span", { class: "band-count" }),
  );
}

export function onAgeing(pick) {
  for (const id of ["ageing-bands", "ageing-bar"])
    $(id).addEventListener("click", (event) => {
      const band = event.target.closest("[data-band]")?.dataset.band;
      if (band) pick(band);
    });
}
