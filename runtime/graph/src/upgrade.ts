import type { Value } from '@millrace/sdk';
import type { Finding } from './document.js';

/** Version of the document format that this build writes. */
export const SCHEMA_VERSION = 1;

/** One function per step: a document of version n becomes one of n + 1. It gets a copy that it may change. */
const STEPS: ReadonlyMap<number, (document: Value) => Value> = new Map();

/**
 * Brings a document to the current format, in place of `document` (hand over a copy). A document of a newer Millrace is refused with
 * `SCHEMA_NEWER`: an older build would lose what it does not know.
 */
export function upgradeDocument(document: Value): { value?: Value; findings: Finding[] } {
  const fail = (code: string, params: Finding['params'], fix?: Finding['fix']) => ({
    findings: [{ code, severity: 'error' as const, params, path: '/schema', ...(fix ? { fix } : {}) }],
  });
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { findings: [{ code: 'DOCUMENT_NOT_OBJECT', severity: 'error', params: {}, path: '' }] };
  }
  const { schema } = document;
  if (schema === undefined) {
    return fail('SCHEMA_MISSING', { current: SCHEMA_VERSION }, { code: 'SET', path: '/schema', value: SCHEMA_VERSION });
  }
  if (!Number.isInteger(schema) || schema < 1) return fail('SCHEMA_INVALID', { current: SCHEMA_VERSION });
  if (schema > SCHEMA_VERSION) return fail('SCHEMA_NEWER', { schema, current: SCHEMA_VERSION });
  let value = document;
  for (let version: number = schema; version < SCHEMA_VERSION; version++) value = STEPS.get(version)!(value);
  return { value, findings: [] };
}
