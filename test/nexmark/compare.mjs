// Rows of the engine against rows of the SQL engine.
import { readFileSync } from 'node:fs';

/** One value as text: whole numbers of any size the same way, null apart from the text "null". @param {any} value */
const cell = (value) =>
  value === null || value === undefined ? '\u0000' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/**
 * The rows of a result file. Of a table (a stream with a key) the last row of every key, without deleted ones.
 * @param {string} file
 * @param {readonly string[] | undefined} key
 * @returns {any[]}
 */
export function readResult(file, key) {
  /** @type {any[]} */
  const list = [];
  /** @type {Map<string, any>} */
  const table = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const { op, value: row } = JSON.parse(line);
    if (key === undefined) {
      list.push(row);
      continue;
    }
    const id = JSON.stringify(key.map((field) => row[field] ?? null));
    if (op === 'delete') table.delete(id);
    else table.set(id, row);
  }
  return key === undefined ? list : [...table.values()];
}

/**
 * Compares as multisets; undefined when equal, otherwise what differs.
 * @param {readonly any[]} rows Of ours.
 * @param {readonly any[][]} answer Of the SQL engine, columns in order.
 * @param {readonly string[]} columns
 */
export function difference(rows, answer, columns) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const add = (/** @type {string} */ row, /** @type {number} */ n) => counts.set(row, (counts.get(row) ?? 0) + n);
  for (const row of answer) add(row.map(cell).join('\u0001'), 1);
  for (const row of rows) add(columns.map((name) => cell(row[name])).join('\u0001'), -1);
  let missing = 0;
  let extra = 0;
  let first = '';
  for (const [row, n] of counts) {
    if (n === 0) continue;
    if (first === '') first = `${n > 0 ? 'missing' : 'too many'}: ${row.split('\u0001').join(' | ').slice(0, 300)}`;
    if (n > 0) missing += n;
    else extra -= n;
  }
  if (missing === 0 && extra === 0) return undefined;
  return `${missing} rows missing, ${extra} too many, of ${answer.length}; ${first}`;
}
