// Which invoices are ticked. Ticks outlive filters, pages and a new reading.

export class Selection {
  #ids = new Set();
  #last = null;

  constructor(rows) {
    this.rows = rows;
  }

  has(row) {
    return this.#ids.has(row.id);
  }

  get size() {
    return this.#ids.size;
  }

  // In the order of the list.
  get chosen() {
    return this.rows.all.filter((row) => this.#ids.has(row.id));
  }

  set(row, on) {
    if (row.kind !== "eligible") return;
    this.#last = row.id;
    this.#put(row, on);
  }

  setAll(rows, on) {
    for (const row of rows) this.#put(row, on);
  }

  // Everything between the row that was ticked last and this one, as the list stands.
  setRange(row, shown, on) {
    const from = shown.findIndex((one) => one.id === this.#last);
    const to = shown.indexOf(row);
    if (from < 0 || to < 0) return this.set(row, on);
    this.setAll(shown.slice(Math.min(from, to), Math.max(from, to) + 1), on);
    this.#last = row.id;
  }

  clear() {
    this.#ids.clear();
    this.#last = null;
  }

  // Takes out and counts what can no longer be submitted.
  prune() {
    let gone = 0;
    for (const id of this.#ids) {
      if (this.rows.get(id)?.kind === "eligible") continue;
      this.#ids.delete(id);
      gone += 1;
    }
    return gone;
  }

  #put(row, on) {
    if (row.kind !== "eligible") return;
    if (on) this.#ids.add(row.id);
    else this.#ids.delete(row.id);
  }
}
