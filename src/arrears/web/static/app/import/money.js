// Amounts are whole numbers of a currency's smallest unit, kept as BigInt: no sum is ever rounded.

import { made, page } from "./page.js";

const symbols = JSON.parse(page?.dataset.symbols ?? "{}");
const decimals = new Map();

// How many decimals a currency has is told by its rows.
export function learn(currency, places) {
  decimals.set(currency, places);
}

// "1234.50", as the server reads it.
export function plain(minor, currency) {
  const digits = decimals.get(currency) ?? 2;
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return (minor < 0n ? "-" : "") + whole + (digits ? "." + text.slice(-digits) : "");
}

// "£1,234.50", as people read it.
export function money(minor, currency) {
  const [whole, part] = plain(minor < 0n ? -minor : minor, currency).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (minor < 0n ? "\u2212" : "") + (symbols[currency] ?? currency + " ") + grouped + (part ? "." + part : "");
}

// The company's own currency first, then by code.
export function byCurrency(a, b) {
  if (a === b) return 0;
  const home = page.dataset.home;
  return (b === home) - (a === home) || (a < b ? -1 : a > b ? 1 : 0);
}

// An amount that somebody typed, as [digits, decimals]; null when it is none.
export function typed(text) {
  const found = /^(\d{1,13})(?:\.(\d{1,3}))?$/.exec(text.replace(/[,\s£$€]/g, ""));
  return found ? [BigInt(found[1] + (found[2] ?? "")), (found[2] ?? "").length] : null;
}

// Whether a row's amount is at least what was typed, in the row's own currency.
export function atLeast(row, [digits, places]) {
  return row.minor * 10n ** BigInt(places) >= digits * 10n ** BigInt(row.places);
}

export function atMost(row, [digits, places]) {
  return row.minor * 10n ** BigInt(places) <= digits * 10n ** BigInt(row.places);
}

// How many rows, and what they come to in each currency: [currency, count, owed, fee, net, without a fee].
export function sumsOf(rows) {
  const sums = new Map();
  for (const row of rows) {
    if (row.minor === null) continue;
    let sum = sums.get(row.currency);
    if (!sum) sums.set(row.currency, (sum = [row.currency, 0, 0n, 0n, 0n, 0]));
    sum[1] += 1;
    sum[2] += row.minor;
    if (row.feeMinor === null) sum[5] += 1;
    else {
      sum[3] += row.feeMinor;
      sum[4] += row.netMinor;
    }
  }
  return [...sums.values()].sort((a, b) => byCurrency(a[0], b[0]));
}

export const amountLines = (sums) =>
  sums.map(([currency, , owed]) => made("span", { class: "num", text: money(owed, currency) }));

export const amountsText = (sums) => list(sums.map(([currency, , owed]) => money(owed, currency)));

// "a", "a and b", "a, b and c".
const list = (words) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" and ");
