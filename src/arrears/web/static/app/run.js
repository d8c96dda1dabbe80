// Tells a screen reader how a run stands, and only when that has changed: the page itself changes every second.
const told = document.getElementById("run-told");

function tell() {
  const now = document.getElementById("run")?.dataset.told ?? "";
  if (told && told.textContent !== now) told.textContent = now;
}

document.body.addEventListener("htmx:afterSwap", tell);
