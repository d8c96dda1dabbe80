// The details of one invoice: beside the table where there is room, else over the whole screen.

import { $ } from "./page.js";

const wide = matchMedia("(min-width: 1000px)");
const drawer = $("drawer");
let shownId = null;
let cameFrom = null;

export const drawerId = () => (drawer?.open ? shownId : null);

export function openDrawer(row, selection) {
  if (!drawer.open) cameFrom = document.activeElement;
  fill(row, selection);
  if (!drawer.open) raise();
  $("drawer-title").focus({ preventScroll: true });
}

function raise() {
  if (wide.matches) drawer.show();
  else drawer.showModal();
  document.body.classList.toggle("has-drawer", wide.matches);
}

function fill(row, selection) {
  if (shownId !== row.id) $("drawer-said").textContent = "";
  shownId = row.id;
  drawer.shown = row;
  $("drawer-title").textContent = `Invoice ${row.number}`;
  $("drawer-body").innerHTML = row.drawer;
  $("drawer-body").scrollTop = 0;
  tick(row, selection);
}

function tick(row, selection) {
  const box = $("drawer-tick");
  if (!box) return;
  $("drawer-tick-box").hidden = row.kind !== "eligible";
  box.checked = selection.has(row);
}

// After rows have changed: what is shown stays up to date.
export function renewDrawer(rows, selection) {
  if (!drawer.open) return;
  const row = rows.get(shownId);
  if (!row) $("drawer-said").textContent = "This invoice is no longer unpaid.";
  else if (row !== drawer.shown) fill(row, selection);
  else tick(row, selection);
}

export function sayInDrawer(text) {
  $("drawer-said").textContent = text;
}

export function closeDrawer() {
  if (drawer.open) drawer.close();
}

export function onDrawer({ step, check, ticked, back }) {
  drawer.addEventListener("close", () => {
    document.body.classList.remove("has-drawer");
    // On closing, the focus goes to the row that was shown last, unless somebody had left the details already.
    const at = document.activeElement;
    if (at === document.body || at === cameFrom || drawer.contains(at)) back(shownId, cameFrom);
  });
  drawer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-check]");
    if (button) check(shownId, button);
  });
  $("drawer-close").addEventListener("click", closeDrawer);
  $("drawer-before").addEventListener("click", () => step(-1));
  $("drawer-after").addEventListener("click", () => step(1));
  $("drawer-tick")?.addEventListener("change", (event) => ticked(shownId, event.target.checked));
  wide.addEventListener("change", () => {
    if (!drawer.open) return;
    const id = shownId;
    drawer.close();
    shownId = id;
    raise();
  });
}

