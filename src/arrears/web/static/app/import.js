// Bulk import: appends rows as they arrive, adds them up exactly, filters, sorts and selects.
// Amounts are whole numbers of a currency's smallest unit, kept as BigInt: no sum is ever rounded.

const page = document.getElementById("import");
if (page) start();

function start() {
  const $ = (id) => document.getElementById(id);
  const symbols = JSON.parse(page.dataset.symbols);
  const table = page.querySelector("table.invoices");
  const readForm = $("read"),
    openForm = $("open"),
    listing = $("listing"),
    bar = $("progress-bar");
  const kinds = [...page.querySelectorAll(".kind")];
  const state = { kind: "all", sought: "", reading: null, order: [], sums: new Map() };
  const decimals = new Map();

  // --- Amounts ---------------------------------------------------------------------------------------------

  function plain(minor, currency) {
    const digits = decimals.get(currency) ?? 2;
    const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits);
    return (minor < 0n ? "-" : "") + whole + (digits ? "." + text.slice(-digits) : "");
  }

  function money(minor, currency) {
    const [whole, part] = plain(minor < 0n ? -minor : minor, currency).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return (minor < 0n ? "\u2212" : "") + (symbols[currency] ?? currency + " ") + grouped + (part ? "." + part : "");
  }

  // The company's own currency first, then by code.
  function byCurrency(a, b) {
    const home = page.dataset.home;
    return (b === home) - (a === home) || a.localeCompare(b);
  }

  const counted = (n, one) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : one + "s"}`;

  // --- Reading ---------------------------------------------------------------------------------------------

  function reset() {
    for (const row of [...table.tBodies]) row.remove();
    state.order = [];
    state.progress = { seen: 0, total: null };
    state.sums = new Map(kinds.map((button) => [button.dataset.kind, { count: 0, money: new Map() }]));
    $("problem").replaceChildren();
    $("notes").replaceChildren();
    listing.hidden = false;
    showSums();
    showSelection();
  }

  async function read(body) {
    reset();
    state.reading = new AbortController();
    reading(true);
    say("Asking KashFlow…");
    bar.removeAttribute("value");
    let outcome;
    try {
      const answer = await fetch(readForm.action, { method: "POST", body, signal: state.reading.signal });
      const isStream = (answer.headers.get("content-type") ?? "").startsWith("application/x-ndjson");
      if (answer.ok && isStream) outcome = await consume(answer.body);
      else
        outcome = answer.redirected
          ? "You have been signed out. Reload the page and sign in again."
          : "The server could not answer. Reload the page and try again.";
    } catch (error) {
      outcome = error.name === "AbortError" ? "Stopped by you." : "The connection was cut off.";
    }
    reading(false);
    finish(outcome);
  }

  // Returns "" when the list is complete, "told" when the stream said what went wrong, else a sentence.
  async function consume(stream) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "",
      complete = false,
      told = false;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const part = JSON.parse(line);
        if (part.rows !== undefined) take(part);
        if (part.notes) $("notes").innerHTML = part.notes;
        if (part.problem) {
          $("problem").innerHTML = part.problem;
          told = true;
        }
        if (part.done) complete = true;
      }
    }
    if (complete) return "";
    return told ? "told" : "The connection was cut off.";
  }

  function take(part) {
    const parsed = document.createElement("template");
    parsed.innerHTML = `<table>${part.rows}</table>`;
    const rows = [...parsed.content.firstChild.tBodies];
    for (const row of rows) {
      add(row);
      row.hidden = !isShown(row);
    }
    table.append(...rows);
    state.order.push(...rows);
    state.progress = part;
    if (part.total) {
      bar.max = part.total;
      bar.value = part.seen;
    }
    const total = part.total ? ` of ${part.total.toLocaleString("en-GB")}` : "";
    say(`${part.seen.toLocaleString("en-GB")}${total} read`);
    showSums();
  }

  function finish(outcome) {
    const { seen, total } = state.progress;
    const listed = counted(state.order.length, "unpaid invoice");
    if (outcome === "") {
      say(`All read: ${listed}`);
      bar.max = bar.value = 1;
      $("progress").dataset.end = "complete";
    } else {
      const missing = total && total > seen ? `${counted(total - seen, "invoice")} not read` : "the rest was not read";
      say(seen ? `Incomplete: ${listed} so far, ${missing}` : "Nothing was read");
      listing.hidden = !seen;
      $("progress").dataset.end = "incomplete";
      if (outcome !== "told") problem(outcome);
    }
    $("nothing").hidden = state.order.some((row) => !row.hidden);
    if ($("sort").value) sort($("sort").value);
    if (page.dataset.asks === "yes") readForm.hidden = false;
  }

  function problem(sentence) {
    const box = document.createElement("div");
    box.className = "alert alert-warning";
    box.textContent = state.order.length ? `${sentence} What arrived before is below and stays valid.` : sentence;
    $("problem").replaceChildren(box);
  }

  function reading(now) {
    $("progress").hidden = false;
    if (now) delete $("progress").dataset.end;
    $("stop").hidden = !now;
    $("again").hidden = now || page.dataset.asks === "yes";
    table.setAttribute("aria-busy", String(now));
    if (now) readForm.hidden = true;
  }

  function say(text) {
    $("progress-text").textContent = text;
  }

  // --- Sums, filters, order --------------------------------------------------------------------------------

  function add(row) {
    for (const kind of ["all", row.dataset.kind]) {
      const sum = state.sums.get(kind);
      sum.count += 1;
      if (row.dataset.minor) {
        decimals.set(row.dataset.currency, Number(row.dataset.places));
        const soFar = sum.money.get(row.dataset.currency) ?? 0n;
        sum.money.set(row.dataset.currency, soFar + BigInt(row.dataset.minor));
      }
    }
  }

  function showSums() {
    for (const button of kinds) {
      const sum = state.sums.get(button.dataset.kind);
      button.querySelector("[data-count]").textContent = sum.count.toLocaleString("en-GB");
      const lines = [...sum.money]
        .sort((a, b) => byCurrency(a[0], b[0]))
        .map(([currency, minor]) => {
          const line = document.createElement("span");
          line.textContent = money(minor, currency);
          return line;
        });
      button.querySelector("[data-sums]").replaceChildren(...lines);
    }
    $("select-all").disabled = state.sums.get("eligible").count === 0;
  }

  function isShown(row) {
    if (state.kind !== "all" && row.dataset.kind !== state.kind) return false;
    return state.sought.split(" ").every((word) => row.dataset.sought.includes(word));
  }

  function filter() {
    let any = false;
    for (const row of state.order) {
      row.hidden = !isShown(row);
      any ||= !row.hidden;
    }
    $("nothing").hidden = any || state.order.length === 0;
    $("select-all-label").textContent = state.sought
      ? "Select those found that can be submitted"
      : "Select all that can be submitted";
    for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === state.kind));
  }

  const orders = {
    days: (a, b) => Number(b.dataset.days) - Number(a.dataset.days),
    name: (a, b) => a.dataset.name.localeCompare(b.dataset.name, "en-GB"),
    // Amounts in different currencies are not compared: one currency after the other.
    minor: (a, b) => byCurrency(a.dataset.currency, b.dataset.currency) || compare(b.dataset.minor, a.dataset.minor),
  };

  function compare(a, b) {
    const difference = BigInt(a || 0) - BigInt(b || 0);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }

  function sort(by) {
    table.append(...(orders[by] ? [...state.order].sort(orders[by]) : state.order));
  }

  // --- Selection -------------------------------------------------------------------------------------------

  const box = (row) => row.querySelector("input[type=checkbox]");
  const selected = () => state.order.filter((row) => box(row)?.checked);

  function showSelection() {
    const rows = selected();
    const sums = sumsOf(rows);
    openForm.hidden = rows.length === 0;
    document.body.classList.toggle("has-selection", rows.length > 0);
    $("selection-count").textContent = `${counted(rows.length, "invoice")} selected`;
    const tooMany = rows.length > Number(page.dataset.most);
    $("selection-limit").hidden = !tooMany;
    $("open-button").disabled = tooMany;
    $("selection-sums").replaceChildren(
      ...sums.map(([currency, , owed, fee, net]) => {
        const line = document.createElement("div"),
          rest = document.createElement("span");
        line.append(Object.assign(document.createElement("b"), { textContent: money(owed, currency) }), rest);
        rest.textContent = ` fee ${money(fee, currency)}, you keep ${money(net, currency)}`;
        return line;
      }),
    );
    const amount = sums.length === 1 ? `, ${money(sums[0][2], sums[0][0])}` : "";
    $("open-label").textContent = `Open ${counted(rows.length, "case")}${amount}`;
    openForm.elements.sums.value = JSON.stringify(
      sums.map(([currency, count, owed, fee, net, without]) => [
        currency,
        String(count),
        plain(owed, currency),
        plain(fee, currency),
        plain(net, currency),
        String(without),
      ]),
    );
    openForm.elements.picked.value = JSON.stringify(
      rows.map((row) => [row.dataset.id, row.dataset.number, row.dataset.group, row.dataset.seen]),
    );
    const required = new Set(rows.map((row) => row.dataset.required).filter(Boolean));
    openForm.elements.required.value = JSON.stringify([...required].slice(0, Number(page.dataset.mostRequired)));
  }

  function sumsOf(rows) {
    const sums = new Map();
    for (const { dataset } of rows) {
      const sum = sums.get(dataset.currency) ?? [dataset.currency, 0, 0n, 0n, 0n, 0];
      sum[1] += 1;
      sum[2] += BigInt(dataset.minor);
      if (dataset.fee) {
        sum[3] += BigInt(dataset.fee);
        sum[4] += BigInt(dataset.net);
      } else sum[5] += 1;
      sums.set(dataset.currency, sum);
    }
    return [...sums.values()].sort((a, b) => byCurrency(a[0], b[0]));
  }

  // --- Events: one listener for the table, however many rows ------------------------------------------------

  table.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=checkbox]")) return;
    event.target.closest("tbody").classList.toggle("selected", event.target.checked);
    showSelection();
  });

  table.addEventListener("click", (event) => {
    const button = event.target.closest("button.more");
    if (!button) return;
    const details = button.closest("tbody").querySelector(".details");
    details.hidden = !details.hidden;
    button.setAttribute("aria-expanded", String(!details.hidden));
  });

  for (const button of kinds)
    button.addEventListener("click", () => {
      state.kind = button.dataset.kind;
      filter();
    });
  $("search").addEventListener("input", (event) => {
    state.sought = event.target.value.trim().toLowerCase();
    filter();
  });
  $("sort").addEventListener("change", (event) => sort(event.target.value));
  $("select-all").addEventListener("click", () =>
    tick(
      state.order.filter((row) => row.dataset.kind === "eligible" && !row.hidden),
      true,
    ),
  );
  $("clear").addEventListener("click", () => tick(selected(), false));
  $("stop").addEventListener("click", () => state.reading.abort());
  $("again").addEventListener("click", () => read(new FormData(readForm)));
  readForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData(readForm);
    for (const field of readForm.querySelectorAll("input[type=password]")) field.value = "";
    read(body);
  });

  function tick(rows, on) {
    for (const row of rows) {
      const tickbox = box(row);
      if (tickbox) tickbox.checked = on;
      row.classList.toggle("selected", on);
    }
    showSelection();
  }

  if (page.dataset.asks !== "yes") read(new FormData(readForm));
}
