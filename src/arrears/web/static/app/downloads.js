// A form that gives a file leaves its page as it is, so it may be sent again: no other listener counts it.
for (const form of document.querySelectorAll("form[data-download]")) {
  form.addEventListener("submit", (event) => event.stopPropagation());
}
