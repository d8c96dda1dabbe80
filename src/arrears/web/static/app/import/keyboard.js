// Keys for the table. Single keys can be switched off; nothing happens while somebody types or is in a menu.

import { $, liking } from "./page.js";

const typing = "input:not([type=checkbox]), select, textarea, [contenteditable]";
const pressable = "a, button, input, select, textarea, summary, label";

const singleKeys = () => liking.get("keys") !== "off";

export function onKeys({ step, tick, range, open, close, isOpen }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(typing) || event.target.closest(".sheet, .menu[open]")) return;
    const done = event.key === "Escape" ? isOpen() && close() : inRow(event) || single(event);
    if (done) event.preventDefault();
  });

  // A row has the focus itself, or the details of one are open and nothing in them that can be pressed has it.
  function inRow(event) {
    const held = event.target.closest("#rows > tr, #drawer");
    if (!held || event.target.closest(pressable)) return false;
    const onRow = held.id !== "drawer";
    if (event.key === "ArrowDown" && onRow) return step(1);
    if (event.key === "ArrowUp" && onRow) return step(-1);
    if (event.key === " ") return event.shiftKey ? range() : tick();
    if (event.key === "Enter" && onRow) return open();
    return false;
  }

  function single(event) {
    if (!singleKeys()) return false;
    if (event.key === "j") return step(1);
    if (event.key === "k") return step(-1);
    if (event.key === "?") return showHelp();
    if (event.key === "/" && $("search").offsetParent) {
      $("search").focus();
      $("search").select();
      return true;
    }
    return false;
  }

  $("help-open").addEventListener("click", showHelp);
  $("help-close").addEventListener("click", () => $("help").close());
  $("keys-on").checked = singleKeys();
  $("keys-on").addEventListener("change", (event) => liking.set("keys", event.target.checked ? "on" : "off"));
}

function showHelp() {
  $("help").showModal();
  return true;
}
