import { losesDigits } from './json.js';
import type { Value } from './record.js';
import { isoTime, parseTime } from './time.js';

export type ColumnType = 'text' | 'number' | 'boolean' | 'time';

/** Why a cell does not fit its column. */
export class BadCell extends Error {}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

/** Turns the text of a cell into a value of the type; null when it is empty. Throws BadCell. */
export function readCell(text: string, column: string, type: ColumnType, zone: string): Value {
  if (type === 'text') return text;
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (type === 'number') {
    if (!DECIMAL.test(trimmed)) throw new BadCell(`"${shown(text)}" in column "${column}" is not a number`);
    const value = Number(trimmed);
    return losesDigits(trimmed) || !Number.isFinite(value) ? trimmed : value;
  }
  if (type === 'boolean') {
    const word = trimmed.toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    throw new BadCell(`"${shown(text)}" in column "${column}" is neither true nor false`);
  }
  const ms = parseTime(trimmed, 'ms', zone);
  if (Number.isNaN(ms)) throw new BadCell(`"${shown(text)}" in column "${column}" is not a time`);
  return isoTime(ms);
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
