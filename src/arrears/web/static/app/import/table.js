// The table: one page of at most a hundred rows in the document, however many match.

import { $, counted, liking, page } from "./page.js";

export const PAGE = 100;
const COLUMNS = ["customer", "issued", "due", "owed", "verdict", "fee", "net"];

let drawn = [];

// Shows the rows of one page. Rows that stand already are not drawn again.
export function showRows(rows, { selection, current }) {
  const same = rows.length === drawn.length && rows.every((row, at) => row === drawn[at]);
  if (!same) draw(rows);
  drawn = rows;
  const stop = rows.some((row) => row.id === current) ? current : rows[0]?.id;
  [...$("rows").rows].forEach((line, at) => {
    const ticked = selection.has(rows[at]);
    const box = line.querySelector("input[type=checkbox]");
    if (box) box.checked = ticked;
    line.classList.toggle("selected", ticked);
    line.classList.toggle("current", rows[at].id === current);
    line.tabIndex = rows[at].id === stop ? 0 : -1;
  });
}

function draw(rows) {
  const held = document.activeElement?.closest?.("#rows > tr");
  const part = held && partOf(held);
  const parsed = document.createElement("template");
  parsed.innerHTML = `<table><tbody>${rows.map((row) => row.line).join("")}</tbody></table>`;
  const lines = [...parsed.content.firstChild.tBodies[0].rows];
  lines.forEach((line, at) => {
    line.dataset.id = rows[at].id;
    line.dataset.kind = rows[at].kind;
  });
  $("rows").replaceChildren(...lines);
  // Whoever was in a row that has been drawn anew stays in it.
  const again = held && lineOf(held.dataset.id);
  if (again) (part ? (again.querySelector(part) ?? again) : again).focus({ preventScroll: true });
}

const partOf = (line) =>
  ["input", "a", "button"].find((tag) => document.activeElement.matches(tag) && line.contains(document.activeElement));

export function lineOf(id) {
  return [...$("rows").rows].find((line) => line.dataset.id === id);
}

export function showPager(total, at) {
  const first = at * PAGE;
  $("pager").hidden = total <= PAGE;
  $("page-text").textContent =
    `${(first + 1).toLocaleString("en-GB")}–${Math.min(first + PAGE, total).toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`;
  $("page-before").disabled = at === 0;
  $("page-after").disabled = first + PAGE >= total;
}

export function showSort(sort) {
  const by = sort.replace(/^-/, "");
  for (const button of page.querySelectorAll(".sorter")) {
    const on = button.dataset.sort === by;
    const head = button.closest("th");
    if (on) head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
    const name = !on ? "arrows-sort" : sort.startsWith("-") ? "arrow-down" : "arrow-up";
    button.querySelector("use").setAttribute("href", `${page.dataset.icons}#${name}`);
  }
  $("sort").value = sort;
}

// Amounts, fees and lateness are first asked for with the most on top; a second press turns the order round.
export function nextSort(sort, by) {
  const first = ["amount", "fee"].includes(by) ? `-${by}` : by;
  const second = first === by ? `-${by}` : by;
  return sort === first ? second : sort === second ? "" : first;
}

// Which columns are shown: as the address says, else as they were left.
export function showColumns(view) {
  const asked = view.columns || liking.get("columns") || "";
  const shown = asked ? asked.split(",") : COLUMNS;
  $("table").dataset.hidden = COLUMNS.filter((name) => !shown.includes(name)).join(" ");
  for (const box of page.querySelectorAll("[data-show]")) box.checked = shown.includes(box.dataset.show);
}

export function chosenColumns() {
  const boxes = [...page.querySelectorAll("[data-show]")];
  const shown = boxes.filter((box) => box.checked).map((box) => box.dataset.show);
  const text = shown.length === boxes.length ? "" : shown.join(",") || "none";
  liking.set("columns", text);
  return text;
}

// Says what a tick in the head took in, and offers the rest.
export function showBanner(onPage, matching, selection) {
  const able = onPage.filter((row) => row.kind === "eligible");
  const here = able.reduce((n, row) => n + selection.has(row), 0);
  const all = matching.filter((row) => row.kind === "eligible");
  const chosen = all.reduce((n, row) => n + selection.has(row), 0);
  for (const box of page.querySelectorAll("[data-tick-page]")) {
    box.disabled = able.length === 0;
    box.checked = able.length > 0 && here === able.length;
    box.indeterminate = here > 0 && here < able.length;
  }
  const wholePage = able.length > 0 && here === able.length;
  $("banner").hidden = !wholePage || (all.length === able.length && all.length < 2);
  if ($("banner").hidden) return;
  const allChosen = chosen === all.length;
  const one = all.length === 1;
  $("banner-text").textContent = allChosen
    ? `All ${all.length.toLocaleString("en-GB")} matching are selected.`
    : `${counted(able.length, "invoice")} on this page ${able.length === 1 ? "is" : "are"} selected.`;
  $("banner-all").hidden = allChosen || one;
  $("banner-all").textContent = `Select all ${all.length.toLocaleString("en-GB")} that match`;
}
