import type { Value } from '@millrace/sdk';
import { exactNumber, parseStoredJson } from '@millrace/sdk/tables';

const asIs = (text: string): Value => text;
const whole = (text: string): Value => Number(text);
const double = (text: string): Value => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
};
/** `2024-01-05 10:00:00.123456+00` → `2024-01-05T10:00:00.123456Z`; `infinity` and years before Christ stay as they are. */
const instant = (text: string): Value => (text.endsWith('+00') ? `${text.slice(0, -3).replace(' ', 'T')}Z` : text);
const local = (text: string): Value => text.replace(/^(\d+-\d\d-\d\d) (\S+)$/, '$1T$2');

/** By type number of PostgreSQL (pg_type.oid), which is the same on every server. */
const PARSERS: { [oid: number]: (text: string) => Value } = {
  16: (text) => text === 't',
  17: (text) => Buffer.from(text.slice(2), 'hex').toString('base64'),
  20: exactNumber,
  21: whole,
  23: whole,
  26: whole,
  700: double,
  701: double,
  1700: exactNumber,
  114: parseStoredJson,
  3802: parseStoredJson,
  1114: local,
  1184: instant,
};

/** For `types` of a query: values as JSON, without loss. What no double holds stays text. */
export const types = {
  getTypeParser: (oid: number) => PARSERS[oid] ?? asIs,
} as unknown as import('pg').CustomTypesConfig;
