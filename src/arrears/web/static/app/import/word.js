// Asks for the memorable word of somebody who chose to be asked each time. It is held only while it is sent.

import { $, page } from "./page.js";

const asks = page?.dataset.asks === "yes";

// The form for a request to the server, or null when somebody thought better of it.
export async function requestForm() {
  const body = new FormData($("read"));
  if (!asks) return body;
  const word = await ask();
  if (word === null) return null;
  body.set("memorable_word", word);
  return body;
}

// As the form on the page was filled in, which is emptied.
export function firstForm() {
  const body = new FormData($("read"));
  for (const field of $("read").querySelectorAll("input[type=password]")) field.value = "";
  return body;
}

function ask() {
  const dialog = $("word"),
    field = $("word-field");
  const form = dialog.querySelector("form");
  return new Promise((resolve) => {
    let word = null;
    form.onsubmit = (event) => {
      event.preventDefault();
      word = field.value;
      dialog.close();
    };
    $("word-cancel").onclick = () => dialog.close();
    dialog.onclose = () => {
      field.value = "";
      resolve(word);
    };
    dialog.showModal();
  });
}
