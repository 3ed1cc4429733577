// Reads a file of golden cases. Integers beyond 2^53, such as the largest 64-bit watermark, stay exact: they become bigints.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} feature
 * @property {string} [description]
 * @property {any} config
 * @property {any[]} input
 * @property {any} expected
 */

const MARK = '\u0001int:';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** @param {string} text */
export function parseExact(text) {
  const marked = text.replace(TOKEN, (token) =>
    token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_name, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/**
 * @param {string} file
 * @returns {Case[]}
 */
export function readCases(file) {
  const cases = parseExact(readFileSync(file, 'utf8'));
  if (!Array.isArray(cases)) throw new TypeError(`${file} must hold a list of cases.`);
  for (const [i, one] of cases.entries()) {
    if (typeof one?.id !== 'string' || typeof one.feature !== 'string' || one.expected === undefined) {
      throw new TypeError(`${file}: entry ${i} has no id, feature or expected result.`);
    }
    one.config ??= {};
    one.input ??= [];
  }
  return cases;
}
