// The invoices that have arrived, in the order in which KashFlow gave them. Kept in memory only.

import { learn } from "./money.js";

// A text that sorts as people expect with plain comparison: accents and case aside, figures by their value.
function sortable(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\d+/g, (figures) => figures.padStart(15, "0"));
}

function rowOf(raw) {
  learn(raw.currency, raw.places);
  const whole = (text) => (text ? BigInt(text) : null);
  return {
    ...raw,
    minor: whole(raw.owed),
    feeMinor: raw.net ? whole(raw.fee) : null,
    netMinor: raw.fee ? whole(raw.net) : null,
    who: raw.customer.code || raw.customer.name,
    byName: sortable(raw.customer.name),
    byNumber: sortable(raw.number),
  };
}

export class Rows {
  #byId = new Map();
  #pass = 0;
  all = [];
  version = 0; // changes whenever a row comes or goes

  get(id) {
    return this.#byId.get(id);
  }

  // From here on every row that comes belongs to a new reading.
  begin() {
    this.#pass += 1;
  }

  // A row that is known already is replaced in its place.
  take(raw) {
    const row = rowOf(raw);
    row.pass = this.#pass;
    const known = this.#byId.get(row.id);
    row.at = known ? known.at : this.all.length;
    this.all[row.at] = row;
    this.#byId.set(row.id, row);
    this.version += 1;
    return row;
  }

  // After a complete reading: removes and returns what has not come again.
  settle() {
    return this.#keep((row) => row.pass === this.#pass);
  }

  // Removes and returns rows by id or number.
  forget(names) {
    const gone = new Set(names.map(String));
    return this.#keep((row) => !gone.has(row.id) && !gone.has(row.number));
  }

  #keep(wanted) {
    const gone = this.all.filter((row) => !wanted(row));
    if (!gone.length) return gone;
    this.all = this.all.filter(wanted);
    this.all.forEach((row, at) => (row.at = at));
    for (const row of gone) this.#byId.delete(row.id);
    this.version += 1;
    return gone;
  }
}
