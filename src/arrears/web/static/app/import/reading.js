// Reads the list, says how far it has come, and what is missing when it was cut off.

import { $, announce, counted, made, page } from "./page.js";
import { read } from "./stream.js";
import { firstForm, requestForm } from "./word.js";

const MOST_AT_ONCE = 25;
const MOST_NAMED = 5;
const asks = page?.dataset.asks === "yes";

export class Reading {
  running = null;
  ended = false;
  #seen = 0;
  #total = null;

  // `changed` is called after rows have come or gone.
  constructor(rows, changed) {
    this.rows = rows;
    this.changed = changed;
    $("stop").addEventListener("click", () => this.running?.abort());
    $("again").addEventListener("click", async () => {
      const body = await requestForm();
      if (body) this.start(body);
    });
    $("read").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.running) this.start(firstForm());
    });
    if (!asks) this.start(firstForm());
  }

  async start(body) {
    this.running = new AbortController();
    this.ended = false;
    this.#seen = 0;
    this.#total = null;
    this.rows.begin();
    for (const id of ["problem", "gone", "notes"]) $(id).replaceChildren();
    $("progress-bar").removeAttribute("value");
    this.#show();
    say("Asking KashFlow…");
    announce("Reading invoices from KashFlow");
    const outcome = await read($("read").action, body, (part) => this.#take(part), this.running.signal);
    this.running = null;
    this.ended = true;
    this.#finish(outcome);
    this.#show();
    this.changed();
  }

  // Reads some invoices once more. Gives the numbers whose answer came, or null when it was not asked for.
  async check(numbers, told = () => {}) {
    const body = await requestForm();
    if (!body) return null;
    $("problem").replaceChildren();
    for (let at = 0; at < numbers.length; at += MOST_AT_ONCE) {
      const some = numbers.slice(at, at + MOST_AT_ONCE);
      body.set("numbers", JSON.stringify(some));
      const outcome = await read(new URL("../check/", $("read").action), body, (part) => this.#takeChecked(part));
      this.changed();
      if (outcome !== "") {
        if (outcome !== "told") problem(outcome);
        return numbers.slice(0, at);
      }
      told(Math.min(at + MOST_AT_ONCE, numbers.length), numbers.length);
    }
    return numbers;
  }

  #take(part) {
    for (const raw of part.rows ?? []) this.rows.take(raw);
    if (part.notes) $("notes").innerHTML = part.notes;
    if (part.problem) $("problem").innerHTML = part.problem;
    if (part.seen !== undefined) {
      this.#seen = part.seen;
      this.#total = part.total ?? null;
      if (part.total) {
        $("progress-bar").max = part.total;
        $("progress-bar").value = part.seen;
      }
      const total = part.total ? ` of ${part.total.toLocaleString("en-GB")}` : "";
      say(`${part.seen.toLocaleString("en-GB")}${total} read`);
    }
    if (part.rows?.length) this.changed();
  }

  #takeChecked(part) {
    for (const raw of part.rows ?? []) this.rows.take(raw);
    if (part.gone?.length) this.rows.forget(part.gone);
    if (part.problem) $("problem").innerHTML = part.problem;
  }

  #finish(outcome) {
    const listed = counted(this.rows.all.length, "unpaid invoice");
    if (outcome === "") {
      gone(this.rows.settle());
      say(`All read: ${counted(this.rows.all.length, "unpaid invoice")}`);
    } else {
      const left = this.#total && this.#total > this.#seen ? this.#total - this.#seen : 0;
      const missing = left ? `${counted(left, "invoice")} not read` : "the rest was not read";
      say(this.rows.all.length ? `Incomplete: ${listed} so far, ${missing}` : "Nothing was read");
      if (outcome !== "told") problem(outcome, this.rows.all.length > 0);
    }
    announce($("progress-text").textContent);
    $("progress").dataset.end = outcome === "" ? "complete" : "incomplete";
    $("again-label").textContent =
      outcome === "" ? "Read again" : this.rows.all.length ? "Continue reading" : "Try again";
  }

  #show() {
    const now = Boolean(this.running);
    const held = [$("stop"), $("again")].includes(document.activeElement);
    $("progress").hidden = false;
    if (now) delete $("progress").dataset.end;
    $("stop").hidden = !now;
    $("again").hidden = now;
    if (held) (now ? $("stop") : $("again")).focus();
    $("table").setAttribute("aria-busy", String(now));
    if (now) $("read").hidden = true;
    $("waiting").hidden = !now || this.rows.all.length > 0;
  }
}

const say = (text) => ($("progress-text").textContent = text);

function problem(sentence, kept = false) {
  const text = kept ? `${sentence} What arrived before is below and stays valid.` : sentence;
  $("problem").replaceChildren(made("div", { class: "alert alert-warning", text }));
}

// Names what was in the list and has not come again.
function gone(rows) {
  if (!rows.length) return;
  const named = rows.slice(0, MOST_NAMED).map((row) => row.number);
  const more = rows.length > MOST_NAMED ? ` and ${(rows.length - MOST_NAMED).toLocaleString("en-GB")} more` : "";
  const are = rows.length === 1 ? "is" : "are";
  const text = `${counted(rows.length, "invoice")} ${are} no longer unpaid: ${named.join(", ")}${more}.`;
  $("gone").replaceChildren(made("div", { class: "alert alert-info", role: "status", text }));
}
