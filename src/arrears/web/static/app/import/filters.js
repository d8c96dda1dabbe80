// Which rows are wanted, and in which order: held in the address, so that a link opens the same view.

import { atLeast, atMost, byCurrency, typed } from "./money.js";

export const BANDS = {
  "not-due": "Not due",
  "1-30": "1–30 days",
  "31-60": "31–60 days",
  "61-90": "61–90 days",
  "91-180": "91 days to 6 months",
  "over-6-months": "Over 6 months",
  "over-12-months": "Over 12 months",
  "over-24-months": "Over 24 months",
  unknown: "No due date",
};
export const KINDS = {
  eligible: "Can be submitted",
  flagged: "Flagged",
  "not-due": "Not due yet",
  submitted: "Already submitted",
};
export const FILTERS = ["kind", "reason", "customer", "currency", "band", "from", "to", "q"];
const NAMES = [...FILTERS, "sort", "columns", "view"];
const ORDERS = ["due", "days", "amount", "customer", "invoice", "fee"];

// What an address asks for; anything that it cannot ask for counts as absent.
export function viewOf(params) {
  const view = Object.fromEntries(NAMES.map((name) => [name, (params.get(name) ?? "").slice(0, 200)]));
  if (!(view.kind in KINDS)) view.kind = "";
  if (!(view.band in BANDS)) view.band = "";
  if (!ORDERS.includes(view.sort.replace(/^-/, ""))) view.sort = "";
  if (!typed(view.from)) view.from = "";
  if (!typed(view.to)) view.to = "";
  if (view.view !== "to-fix") view.view = "";
  return view;
}

// The address of a view. Other parameters, such as the company, stay as they are.
export function queryOf(view, current = new URLSearchParams()) {
  const params = new URLSearchParams(current);
  for (const name of NAMES) {
    params.delete(name);
    if (view[name]) params.append(name, view[name]);
  }
  return params.toString();
}

// What a view keeps of an address that concerns this page alone.
export function ownQuery(view) {
  return queryOf(view);
}

// A test for rows. `except` leaves one filter out, for counting what it could find.
export function matcher(view, except = "") {
  const wanted = { ...view, [except]: "" };
  const from = wanted.from && typed(wanted.from),
    to = wanted.to && typed(wanted.to);
  const words = wanted.q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return (row) =>
    (!wanted.kind || row.kind === wanted.kind) &&
    (!wanted.band || row.band === wanted.band) &&
    (!wanted.currency || row.currency === wanted.currency) &&
    (!wanted.customer || row.who === wanted.customer) &&
    (!wanted.reason || row.findings.some((finding) => finding.code === wanted.reason)) &&
    (!from || (row.minor !== null && atLeast(row, from))) &&
    (!to || (row.minor !== null && atMost(row, to))) &&
    words.every((word) => row.sought.includes(word));
}

const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// Amounts in different currencies are not compared: one currency after the other, whichever way the order runs.
const byAmount = (name) => (way) => (a, b) =>
  byCurrency(a.currency, b.currency) ||
  (a[name] === null) - (b[name] === null) ||
  (a[name] === null ? 0 : way * before(a[name], b[name]));

const plainly = (key) => (way) => (a, b) => way * before(key(a), key(b));

const orders = {
  // Without a due date comes last either way.
  due: (way) => (a, b) => (a.due === "") - (b.due === "") || way * before(a.due, b.due),
  days: plainly((row) => row.days),
  customer: plainly((row) => row.byName),
  invoice: plainly((row) => row.byNumber),
  amount: byAmount("minor"),
  fee: byAmount("feeMinor"),
};

export function inOrder(rows, sort) {
  if (!sort) return rows;
  const down = sort.startsWith("-");
  const compare = orders[down ? sort.slice(1) : sort](down ? -1 : 1);
  return [...rows].sort(compare);
}
