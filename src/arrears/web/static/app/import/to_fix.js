// What is flagged, as a to-do list: one group for each thing to put right, its customers and invoices in it.

import { amountsText, sumsOf } from "./money.js";
import { $, counted, icon, made } from "./page.js";

const MOST_CUSTOMERS = 15;
const MOST_INVOICES = 12;

// Which invoices each group has held since the page was opened: what is right now is ticked off, and stays.
const held = new Map();
const wholly = new Set();

export function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (row.kind !== "flagged") continue;
    const titles = row.findings.filter((one) => one.severity === "blocks" && one.fix_title);
    for (const title of new Set(titles.map((one) => one.fix_title))) {
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(row);
      if (!held.has(title)) held.set(title, new Map());
      held.get(title).set(row.id, row);
    }
  }
  for (const title of held.keys()) if (!groups.has(title)) groups.set(title, []);
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

export function showToFix(rows, { complete }) {
  const groups = groupsOf(rows.all);
  const flagged = rows.all.filter((row) => row.kind === "flagged");
  const customers = new Set(flagged.map((row) => row.who)).size;
  $("fix-sum").textContent = flagged.length
    ? `${counted(flagged.length, "invoice")} of ${counted(customers, "customer")}, ${amountsText(sumsOf(flagged))}. ` +
      "Change it in KashFlow, then check again here."
    : "";
  $("fix-all").disabled = flagged.length === 0;
  $("fix-none").hidden = groups.length > 0 || !complete;
  const focus = document.activeElement?.dataset?.key;
  $("fix-groups").replaceChildren(...groups.map(([title, open]) => group(title, open, rows)));
  if (focus) [...$("fix-groups").querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus)?.focus();
}

function group(title, open, rows) {
  const customers = grouped(open);
  const still = new Set(open.map((row) => row.id));
  const done = [...held.get(title).values()].filter((row) => !still.has(row.id));
  const shown = wholly.has(title) ? [...customers] : [...customers].slice(0, MOST_CUSTOMERS);
  const count = [told(title, open, customers.size), amountsText(sumsOf(open))].filter(Boolean).join(", ");
  const section = made(
    "section",
    { class: "card fix-group", "aria-label": title },
    made(
      "div",
      { class: "fix-group-head" },
      made("div", {}, made("h3", { text: title }), made("p", { text: open.length ? count : "All put right" })),
    ),
    made("ul", { class: "fix-list" }, ...shown.map(([, mine]) => customer(title, mine))),
  );
  if (open.length) section.firstChild.append(checkButton(title, open));
  if (shown.length < customers.size) section.append(rest(title, customers.size));
  if (done.length) section.append(ticked(done, rows));
  return section;
}

// "17 customers without a town, 23 invoices".
function told(title, open, customers) {
  const { matter, per } = open.flatMap((row) => row.findings).find((one) => one.fix_title === title) ?? {};
  const invoices = counted(open.length, "invoice");
  if (per === "customer") return `${counted(customers, "customer")} ${matter}, ${invoices}`;
  return `${invoices} ${matter ?? ""}`.trim();
}

function grouped(open) {
  const customers = new Map();
  for (const row of open) {
    if (customers.has(row.who)) customers.get(row.who).push(row);
    else customers.set(row.who, [row]);
  }
  return customers;
}

function checkButton(title, open) {
  const button = made("button", { type: "button", class: "btn btn-sm btn-outline-secondary" }, icon("refresh"));
  button.append(made("span", { text: "Check these again" }), made("span", { class: "visually-hidden", text: `: ${title}` }));
  button.dataset.numbers = JSON.stringify(open.map((row) => row.number));
  button.dataset.key = `check ${title}`;
  return button;
}

function rest(title, all) {
  const text = `Show all ${all.toLocaleString("en-GB")} customers`;
  return made("button", { type: "button", class: "btn btn-sm btn-link", "data-whole": title, text });
}

function customer(title, mine) {
  const line = made("li", {}, made("span", { class: "fix-open" }, icon("alert-triangle")));
  const words = made("div", {}, made("strong", { text: mine[0].customer.name || "No name" }));
  const invoices = made("span", { class: "fix-invoices" });
  for (const row of mine.slice(0, MOST_INVOICES)) {
    const button = made("button", { type: "button", class: "fix-invoice num", "data-open": row.id });
    button.append(made("span", { class: "visually-hidden", text: "Details of invoice " }), row.number);
    button.dataset.key = `open ${title} ${row.id}`;
    invoices.append(button);
  }
  if (mine.length > MOST_INVOICES) invoices.append(` and ${counted(mine.length - MOST_INVOICES, "more", "more")}`);
  words.append(invoices);
  line.append(words, made("span", { class: "fix-money num", text: amountsText(sumsOf(mine)) }));
  const link = linkOf(mine[0], title);
  if (link) line.append(link);
  return line;
}

// The link to the record in KashFlow, as the server put it into the details of the row.
function linkOf(row, title) {
  const parsed = document.createElement("template");
  parsed.innerHTML = row.drawer;
  const findings = [...parsed.content.querySelectorAll("[data-fix]")];
  const mine = findings.find((one) => one.dataset.fix === title) ?? parsed.content;
  const found = mine.querySelector("a[target=_blank]");
  if (!found || !/^https?:$/.test(found.protocol)) return null;
  const link = made("a", { href: found.href, target: "_blank", rel: "noopener noreferrer", text: "Open in KashFlow " });
  link.append(icon("external-link"), made("span", { class: "visually-hidden", text: `${row.customer.name} (new tab)` }));
  return link;
}

function ticked(done, rows) {
  const names = done.map((row) => {
    const now = rows.get(row.id);
    const what = !now ? "no longer unpaid" : now.kind === "flagged" ? "something else to put right" : "fine now";
    return made("li", {}, icon("circle-check"), made("span", { text: `${row.number}, ${row.customer.name}: ${what}` }));
  });
  return made("ul", { class: "fix-done", "aria-label": "Put right" }, ...names.slice(0, MOST_CUSTOMERS));
}

export function onToFix({ open, check, renew }) {
  $("fix-groups").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.open) open(button.dataset.open);
    if (button?.dataset.numbers) check(JSON.parse(button.dataset.numbers), button);
    if (button?.dataset.whole) {
      wholly.add(button.dataset.whole);
      renew();
    }
  });
}

// How far checking has come.
export function showProgress(done, all) {
  $("fix-progress").hidden = done === all;
  $("fix-progress-bar").max = all;
  $("fix-progress-bar").value = done;
  $("fix-progress-text").textContent = `${done.toLocaleString("en-GB")} of ${all.toLocaleString("en-GB")} checked`;
}
