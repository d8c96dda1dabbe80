// Light or dark, settled before anything is drawn: as chosen in the menu, or else as the system says.
// Whoever draws with colours of their own listens for "themechange" on the document.
(() => {
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      const kept = localStorage.getItem("theme");
      return kept === "light" || kept === "dark" ? kept : "system";
    } catch {
      return "system"; // storage is forbidden here
    }
  }

  function keep(choice) {
    try {
      if (choice === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", choice);
    } catch {
      // It then lasts as long as the page.
    }
  }

  function show(choice = chosen()) {
    const theme = choice === "system" ? (system.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.bsTheme = theme;
    for (const button of document.querySelectorAll("input[name=theme]")) button.checked = button.value === choice;
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  }

  show();
  system.addEventListener("change", () => show());
  window.addEventListener("storage", (event) => event.key === "theme" && show());
  document.addEventListener("DOMContentLoaded", () => {
    for (const control of document.querySelectorAll(".theme-choice")) control.hidden = false;
    show();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name !== "theme" || !event.target.closest(".theme-choice")) return;
    keep(event.target.value);
    show(event.target.value);
  });
})();
