// Bulk import: rows are shown as they arrive; filters are in the address; ticks become a form for the next step.

import { onAgeing, showAgeing } from "./ageing.js";
import { onCards, showCards } from "./cards.js";
import { none, onFilters, showChips } from "./chips.js";
import { closeDrawer, drawerId, onDrawer, openDrawer, renewDrawer, sayInDrawer } from "./drawer.js";
import { inOrder, matcher, ownQuery, queryOf, viewOf } from "./filters.js";
import { onKeys } from "./keyboard.js";
import { $, announce, counted, page } from "./page.js";
import { onSelectionBar, showPicked } from "./pick_bar.js";
import { Reading } from "./reading.js";
import { Rows } from "./rows.js";
import { Selection } from "./selection.js";
import * as table from "./table.js";
import { onToFix, showProgress, showToFix } from "./to_fix.js";
import { onViews } from "./views.js";

const PAUSE = 150; // milliseconds between two drawings while rows stream in

const rows = new Rows(),
  selection = new Selection(rows);
const state = { view: viewOf(new URLSearchParams(location.search)), shown: [], at: 0, current: null };
let reading = null,
  timer = null;

// --- Drawing -----------------------------------------------------------------------------------------------

function refresh() {
  clearTimeout(timer);
  timer = null;
  const { view } = state;
  const toFix = view.view === "to-fix";
  const lost = selection.prune();
  if (lost) announce(`${counted(lost, "selected invoice")} can no longer be submitted and was taken out.`);
  const any = rows.all.length > 0;
  $("waiting").hidden = any || !reading?.running;
  $("empty").hidden = any || $("progress").dataset.end !== "complete";
  $("listing").hidden = !any;
  $("list-view").hidden = toFix;
  $("fix-view").hidden = !toFix;
  showCards(rows, view);
  if (toFix) showToFix(rows, { complete: Boolean(reading?.ended) });
  else list(view);
  renewDrawer(rows, selection);
  showPicked(selection, { away: toFix });
}

function list(view) {
  state.shown = inOrder(rows.all.filter(matcher(view)), view.sort);
  state.at = Math.min(state.at, Math.max(0, Math.ceil(state.shown.length / table.PAGE) - 1));
  showAgeing(rows.all.filter(matcher(view, "band")), view);
  showChips(rows, view);
  table.showSort(view.sort);
  drawPage();
}

const onPage = () => state.shown.slice(state.at * table.PAGE, (state.at + 1) * table.PAGE);

function drawPage() {
  const here = onPage();
  table.showRows(here, { selection, current: state.current });
  table.showPager(state.shown.length, state.at);
  table.showBanner(here, state.shown, selection);
  $("nothing").hidden = state.shown.length > 0;
  $("table").hidden = state.shown.length === 0;
}

// While rows stream in: the first at once, then at a pace that leaves the page free for whoever uses it.
function refreshSoon() {
  if ($("listing").hidden && rows.all.length) refresh();
  else timer ??= setTimeout(refresh, PAUSE);
}

function selected() {
  drawPage();
  renewDrawer(rows, selection);
  showPicked(selection, { away: state.view.view === "to-fix" });
}

// --- Changing the view -------------------------------------------------------------------------------------

function change(changes) {
  state.view = { ...state.view, ...changes };
  state.at = 0;
  const query = queryOf(state.view, new URLSearchParams(location.search));
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  if ("q" in changes && $("search").value.trim() !== state.view.q) $("search").value = state.view.q;
  if ("columns" in changes) table.showColumns(state.view);
  refresh();
  if (!state.view.view) announce(`${counted(state.shown.length, "invoice")} shown`);
}

function go(view) {
  const toFix = view === "to-fix";
  change({ view });
  if (toFix) closeDrawer();
  $("fix-copy").dataset.copy = location.href;
  (toFix ? $("fix-title") : $("to-fix-link")).focus();
}

// --- Rows: moving, ticking, details ------------------------------------------------------------------------

const currentRow = () => rows.get(drawerId() ?? state.current);

function stepTo(row) {
  const place = state.shown.indexOf(row);
  state.current = row.id;
  state.at = Math.max(0, Math.floor(place / table.PAGE));
  drawPage();
  table.lineOf(row.id)?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  if (state.view.view || !state.shown.length) return false;
  const from = state.shown.findIndex((row) => row.id === (drawerId() ?? state.current));
  const row = from < 0 ? onPage()[0] : state.shown[from + by];
  if (!row) return true;
  stepTo(row);
  if (drawerId()) openDrawer(row, selection);
  else table.lineOf(row.id)?.focus();
  return true;
}

function open(row) {
  if (!row) return false;
  if (!state.view.view) stepTo(row);
  openDrawer(row, selection);
  return true;
}

function tick(row, on, range) {
  if (!row || row.kind !== "eligible" || !$("open")) return true;
  if (range) selection.setRange(row, state.shown, on);
  else selection.set(row, on);
  state.current = row.id;
  selected();
  return true;
}

async function checkOne(id) {
  const number = rows.get(id)?.number;
  if (!number) return;
  sayInDrawer("Checking…");
  const checked = await reading.check([number]);
  const row = rows.get(id);
  const now = { eligible: "can be submitted", flagged: "is still flagged", "not-due": "is not due yet" };
  const text =
    checked === null
      ? ""
      : !checked.length
        ? `Invoice ${number} could not be checked.`
        : row
          ? `Invoice ${number} ${now[row.kind] ?? "is already submitted"}.`
          : `Invoice ${number} is no longer unpaid.`;
  sayInDrawer(text);
}

async function checkMany(numbers) {
  showProgress(0, numbers.length);
  const before = rows.all.filter((row) => row.kind === "flagged").length;
  const checked = await reading.check(numbers, showProgress);
  $("fix-progress").hidden = true;
  if (checked === null) return;
  const right = before - rows.all.filter((row) => row.kind === "flagged").length;
  announce(`${counted(checked.length, "invoice")} checked, ${right.toLocaleString("en-GB")} put right.`);
}

// --- Events: one listener for the table, however many rows --------------------------------------------------

function listen() {
  const rowAt = (event) => rows.get(event.target.closest("#rows > tr")?.dataset.id);
  $("rows").addEventListener("click", (event) => {
    const row = rowAt(event);
    if (event.target.matches("input[type=checkbox]")) tick(row, event.target.checked, event.shiftKey);
    else if (event.target.closest(".more, [data-open]")) open(row);
    else if (!event.target.closest("a, button, label") && getSelection().isCollapsed) open(row);
  });
  // Without this a shift-click marks the text between the two rows.
  $("rows").addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  $("rows").addEventListener("focusin", (event) => {
    state.current = rowAt(event)?.id ?? state.current;
  });
  for (const box of page.querySelectorAll("[data-tick-page]"))
    box.addEventListener("change", () => {
      selection.setAll(onPage(), box.checked);
      selected();
    });
  $("banner-all").addEventListener("click", () => {
    selection.setAll(state.shown, true);
    selected();
    $("banner-clear").focus();
  });
  $("banner-clear").addEventListener("click", clear);
  $("nothing-clear").addEventListener("click", () => change(none()));
  $("search").addEventListener("input", (event) => change({ q: event.target.value.trim() }));
  $("sort").addEventListener("change", (event) => change({ sort: event.target.value }));
  for (const button of page.querySelectorAll(".sorter"))
    button.addEventListener("click", () => change({ sort: table.nextSort(state.view.sort, button.dataset.sort) }));
  $("column-menu").addEventListener("change", () => change({ columns: table.chosenColumns() }));
  $("page-before").addEventListener("click", () => turn(-1));
  $("page-after").addEventListener("click", () => turn(1));
  for (const [id, view] of [
    ["to-fix-link", "to-fix"],
    ["fix-back", ""],
  ])
    $(id).addEventListener("click", (event) => {
      event.preventDefault();
      go(view);
    });
  $("fix-all").addEventListener("click", () =>
    checkMany(rows.all.filter((row) => row.kind === "flagged").map((row) => row.number)),
  );
}

function turn(by) {
  state.at += by;
  state.current = null;
  drawPage();
  $("table").scrollIntoView({ block: "start" });
  table.lineOf(onPage()[0]?.id)?.focus({ preventScroll: true });
}

function clear() {
  selection.clear();
  selected();
  (table.lineOf(state.current) ?? $("rows").rows[0])?.focus({ preventScroll: true });
}

if (page) {
  $("search").value = state.view.q;
  $("fix-copy").dataset.copy = location.href;
  table.showColumns(state.view);
  listen();
  onAgeing((band) => change({ band: state.view.band === band ? "" : band }));
  onCards((kind) => change({ kind, view: "" }));
  onFilters({ change, now: () => ({ rows, view: state.view }) });
  onViews({ query: () => ownQuery(state.view), go: (view) => change({ ...none(), ...view }) });
  onSelectionBar({ clear, selection });
  onToFix({ open: (id) => open(rows.get(id)), check: checkMany, renew: refresh });
  onDrawer({
    step,
    check: checkOne,
    ticked: (id, on) => tick(rows.get(id), on, false),
    back: (id, before) => {
      const line = table.lineOf(id);
      const same = before?.isConnected && (!line || line.contains(before));
      (same ? before : line)?.focus({ preventScroll: true });
    },
  });
  onKeys({
    step,
    open: () => open(currentRow()),
    tick: () => tick(currentRow(), !(currentRow() && selection.has(currentRow())), false),
    range: () => tick(currentRow(), true, true),
    isOpen: () => Boolean(drawerId()),
    close: () => {
      closeDrawer();
      return true;
    },
  });
  reading = new Reading(rows, refreshSoon);
}
