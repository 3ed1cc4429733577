// Changes of a table. Ours are upserts and deletes by key; other engines write +I, -U, +U, -D rows. One can be made of the other as long as
// the table is known.

/** A table that is built from our records and tells what each of them means as a change. */
export class Table {
  /** @type {Map<string, any[]>} */
  rows = new Map();

  /** @param {boolean} [updateBefore] Also tell the row that is replaced. */
  constructor(updateBefore = true) {
    this.updateBefore = updateBefore;
  }

  /**
   * @param {any} key
   * @param {any[]} row
   * @param {'insert' | 'upsert' | 'delete'} op
   * @returns {any[][]}
   */
  apply(key, row, op) {
    const id = JSON.stringify(key);
    const before = this.rows.get(id);
    if (op === 'delete') {
      this.rows.delete(id);
      return before === undefined ? [] : [['-D', ...before]];
    }
    this.rows.set(id, row);
    if (before === undefined) return [['+I', ...row]];
    return this.updateBefore
      ? [
          ['-U', ...before],
          ['+U', ...row],
        ]
      : [['+U', ...row]];
  }
}

/**
 * The tables that a list of changes goes through, each as its rows in order; the state between a row that is taken back and the one that
 * replaces it counts as one too.
 * @param {any[][]} changes
 */
export function tablesOf(changes) {
  /** @type {string[]} */
  const rows = [];
  return changes.map(([kind, ...row]) => {
    const text = JSON.stringify(row);
    if (kind === '+I' || kind === '+U') rows.push(text);
    else {
      const at = rows.indexOf(text);
      if (at < 0) throw new Error(`${kind} of a row that is not there: ${text}`);
      rows.splice(at, 1);
    }
    return JSON.stringify([...rows].sort());
  });
}

/**
 * Compares tables instead of changes: ours goes through states of the expected one, in that order, and ends with the same.
 * @param {any[][]} actual
 * @param {any[][]} expected
 */
export function sameTables(actual, expected) {
  const states = tablesOf(expected);
  let at = -1;
  for (const state of tablesOf(actual)) {
    at = states.indexOf(state, Math.max(at, 0));
    if (at < 0) return false;
  }
  return (tablesOf(actual).at(-1) ?? '[]') === (states.at(-1) ?? '[]');
}
