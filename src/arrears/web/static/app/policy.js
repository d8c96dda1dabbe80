// The form of a policy: its sentence as it is filled in, and a preview read line by line from the server.

const form = document.getElementById("policy-form");
if (form) start();

function start() {
  const $ = (id) => document.getElementById(id);
  const summary = $("policy-summary"),
    button = $("policy-try"),
    section = $("policy-preview"),
    progress = $("policy-progress"),
    outcome = $("policy-outcome");
  let waiting = 0,
    asked = 0;

  // --- The sentence ----------------------------------------------------------------------------------------

  async function summarise() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.summary, { method: "POST", body: new FormData(form) });
      const text = answer.ok ? await answer.text() : "";
      // An answer that another has overtaken, or that changes nothing, is not said again.
      if (text && mine === asked && summary.textContent !== text) summary.textContent = text;
    } catch {
      // Without a connection the sentence stays as it was; saving says what is wrong.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(summarise, 400);
  });
  summarise();

  // --- The preview -----------------------------------------------------------------------------------------

  const CUT_OFF = "The reading was cut off before its end. Try again in a minute.";

  async function* lines(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      yield* parts.filter(Boolean);
    }
    if (rest) yield rest;
  }

  async function preview() {
    button.disabled = true;
    section.hidden = false;
    outcome.replaceChildren();
    progress.textContent = "Asking KashFlow…";
    $("policy-result-title").focus();
    let isDone = false;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      if (answer.headers.get("Content-Type")?.includes("ndjson")) isDone = await show(answer.body);
    } catch {
      isDone = false;
    }
    if (!isDone) progress.textContent = CUT_OFF;
    button.disabled = false;
  }

  async function show(body) {
    for await (const text of lines(body)) {
      const line = JSON.parse(text);
      if (line.progress) progress.textContent = line.progress;
      const html = line.result ?? line.problem;
      if (html === undefined) continue;
      progress.textContent = line.result === undefined ? "" : "The preview is ready.";
      outcome.innerHTML = html;
      return true;
    }
    return false;
  }

  button.hidden = false;
  button.addEventListener("click", preview);
}
