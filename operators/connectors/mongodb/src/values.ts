import type { Value } from '@millrace/sdk';
import { exactNumber } from '@millrace/sdk/tables';

/** A value of the driver as JSON, without loss: ids as hex text, times as ISO 8601, long numbers as text, bytes as base64. */
export function jsonOf(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return exactNumber(String(value));
    case 'undefined':
      return null;
  }
  if (value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const type = (value as { _bsontype?: string })._bsontype;
  if (type === undefined) {
    const plain: { [name: string]: Value } = {};
    for (const [name, part] of Object.entries(value)) plain[name] = jsonOf(part);
    return plain;
  }
  return ofDriver(type, value as never);
}

interface DriverValue {
  toHexString(): string;
  toString(encoding?: string): string;
  valueOf(): unknown;
  sub_type: number;
  pattern: string;
  options: string;
  code: string;
}

function ofDriver(type: string, value: DriverValue): Value {
  switch (type) {
    case 'ObjectId':
      return value.toHexString();
    case 'Long':
    case 'Timestamp':
    case 'Decimal128':
      return exactNumber(value.toString());
    case 'Binary':
      return value.sub_type === 4
        ? (value as unknown as { toUUID(): { toString(): string } }).toUUID().toString()
        : value.toString('base64');
    case 'Int32':
    case 'Double':
      return jsonOf(value.valueOf());
    case 'BSONRegExp':
      return `/${value.pattern}/${value.options}`;
    case 'BSONSymbol':
      return value.toString();
    case 'Code':
      return value.code;
    default:
      // MinKey, MaxKey, DBRef: rare, and as text at least not lost.
      return JSON.stringify(value);
  }
}
