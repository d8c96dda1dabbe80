// The filters in use, each with a button that takes it away, and the panel that adds them.

import { BANDS, FILTERS, KINDS } from "./filters.js";
import { typed } from "./money.js";
import { $, icon, made, page } from "./page.js";

const LABELS = {
  kind: "Shown",
  reason: "Reason",
  customer: "Customer",
  currency: "Currency",
  band: "Overdue",
  from: "At least",
  to: "At most",
  q: "Search",
};
const MOST_NAMES = 50;

let known = { version: -1, titles: new Map(), customers: new Map(), currencies: new Set() };

// What there is to filter by, gathered anew when rows have come.
function learn(rows) {
  if (known.version === rows.version) return;
  known = { version: rows.version, titles: new Map(), customers: new Map(), currencies: new Set() };
  for (const row of rows.all) {
    known.currencies.add(row.currency);
    known.customers.set(row.who, row.customer);
    for (const one of row.findings) if (one.fix_title) known.titles.set(one.code, one.fix_title);
  }
}

const nameOf = ({ name, code }) => (code && code !== name ? `${name} (${code})` : name) || "No name";

function valueText(name, value) {
  if (name === "kind") return KINDS[value];
  if (name === "band") return BANDS[value];
  if (name === "reason") return known.titles.get(value) ?? value;
  if (name === "customer") return known.customers.get(value)?.name || value;
  return value;
}

export function showChips(rows, view) {
  learn(rows);
  const used = FILTERS.filter((name) => view[name]);
  const key = used.map((name) => name + view[name] + valueText(name, view[name])).join("\n");
  if ($("chips").dataset.key === key) return;
  $("chips").dataset.key = key;
  $("chips").hidden = used.length === 0;
  const chips = used.map((name) => {
    const text = `${LABELS[name]}: ${valueText(name, view[name])}`;
    const remove = made("button", { type: "button", "data-remove": name }, icon("x"));
    remove.append(made("span", { class: "visually-hidden", text: `Remove the filter ${text}` }));
    return made("li", { class: "chip" }, made("span", { text }), remove);
  });
  const clear = made("button", { type: "button", class: "btn btn-sm btn-link", "data-remove": "", text: "Clear all" });
  $("chips").replaceChildren(...chips, made("li", {}, clear));
}

// Fills the panel when it is opened: only then does anybody look at it.
function showPanel(rows, view) {
  learn(rows);
  const sorted = (pairs) => [...pairs].sort((a, b) => a[1].localeCompare(b[1], "en-GB"));
  options("f-reason", "Any reason", sorted(known.titles), view.reason);
  options("f-currency", "Any currency", [...known.currencies].sort().map((code) => [code, code]), view.currency);
  options("f-band", "Any age", Object.entries(BANDS), view.band);
  $("f-from").value = view.from;
  $("f-to").value = view.to;
  $("f-customer").value = view.customer ? nameOf(known.customers.get(view.customer) ?? { name: view.customer }) : "";
  suggest("");
}

function options(id, any, pairs, chosen) {
  const all = [["", any], ...pairs];
  if (chosen && !pairs.some(([value]) => value === chosen)) all.push([chosen, chosen]);
  $(id).replaceChildren(...all.map(([value, text]) => made("option", { value, text })));
  $(id).value = chosen;
}

function suggest(text) {
  const wanted = text.toLowerCase();
  const found = [];
  for (const customer of known.customers.values()) {
    const name = nameOf(customer);
    if (name.toLowerCase().includes(wanted)) found.push(made("option", { value: name }));
    if (found.length === MOST_NAMES) break;
  }
  $("f-customers").replaceChildren(...found);
}

// The customer whose name was chosen; else one that alone has the typed text in its name.
function customerOf(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return "";
  const all = [...known.customers];
  const exact = all.find(([, customer]) => nameOf(customer).toLowerCase() === wanted);
  const like = exact ? [exact] : all.filter(([, customer]) => nameOf(customer).toLowerCase().includes(wanted));
  return like.length === 1 ? like[0][0] : null;
}

export function onFilters({ change, now }) {
  $("filter-menu").addEventListener("toggle", () => {
    if ($("filter-menu").open) showPanel(now().rows, now().view);
  });
  $("filter-form").addEventListener("submit", (event) => event.preventDefault());
  $("filter-form").addEventListener("change", (event) => {
    const field = event.target.closest("[data-filter]");
    if (field) changed(field, change);
  });
  $("f-customer").addEventListener("input", (event) => suggest(event.target.value));
  $("f-customer").addEventListener("change", (event) => {
    const customer = customerOf(event.target.value);
    event.target.setAttribute("aria-invalid", String(customer === null));
    if (customer !== null) change({ customer });
  });
  $("chips").addEventListener("click", (event) => {
    const name = event.target.closest("[data-remove]")?.dataset.remove;
    if (name === undefined) return;
    change(name ? { [name]: "" } : none());
    // The button that was pressed is gone: go on where the filters are.
    ($("chips").querySelector("button") ?? page.querySelector("#filter-menu > summary")).focus();
  });
}

function changed(field, change) {
  const value = field.value.trim();
  if (field.type !== "text") return change({ [field.dataset.filter]: value });
  const wrong = value !== "" && !typed(value);
  field.setAttribute("aria-invalid", String(wrong));
  $("amount-error").hidden = !page.querySelector("#filter-form .amounts [aria-invalid=true]");
  if (!wrong) change({ [field.dataset.filter]: value });
}

export const none = () => Object.fromEntries(FILTERS.map((name) => [name, ""]));
