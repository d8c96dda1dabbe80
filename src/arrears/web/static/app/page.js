// Small conveniences for every page. Without them everything still works.

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.sent || form.method === "get") {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
});

// Coming back with the browser's Back button finds the form as it was: let it be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// A page kept for the Back button is shown only to somebody who may still see it: they may have signed out.
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted) return;
  document.body.style.visibility = "hidden";
  const question = { method: "HEAD", redirect: "manual", cache: "no-store" };
  const answer = await fetch(location.href, question).catch(() => null);
  if (answer?.ok) document.body.style.visibility = "";
  else location.reload();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[data-copied]").textContent = "Copied";
  }
  const filler = event.target.closest("[data-fill]");
  if (filler) {
    for (const [name, value] of Object.entries(JSON.parse(filler.dataset.fill))) {
      const field = document.querySelector(`[name="${name}"]`);
      if (field) field.value = value;
    }
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A secret can be looked at while it is typed.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  });
  // Sent as what it is, so that a browser never remembers it as ordinary text.
  field.form.addEventListener("submit", () => (field.type = "password"));
}
