import { isTimeZone } from '@millrace/sdk';
import { compileSchema } from '../ajv.js';
import { DOCUMENT_SCHEMA } from '../schema.js';
import type { Report } from './report.js';
import { explainErrors } from './schema-errors.js';

/** The document against its JSON Schema. */
export function checkShape(document: unknown, report: Report): void {
  for (const found of explainErrors(compileSchema(DOCUMENT_SCHEMA).check(document), 'DOCUMENT', report.suggest)) {
    const nodeId = ownerOf(document, found.path);
    report.add(found.code, { ...found, ...(nodeId === undefined ? {} : { nodeId }) });
  }
}

/** Id of the node a pointer leads into, so that the editor can mark it. */
function ownerOf(document: unknown, path: string): string | undefined {
  const index = /^\/nodes\/(\d+)/.exec(path)?.[1];
  if (index === undefined) return undefined;
  const id = (document as { nodes?: { id?: unknown }[] }).nodes?.[Number(index)]?.id;
  return typeof id === 'string' ? id.slice(0, 64) : undefined;
}

/** `settings.timeZone` must be a zone this machine knows. */
export function checkSettings(document: { settings?: unknown }, report: Report): void {
  const zone = (document.settings as { timeZone?: unknown } | undefined)?.timeZone;
  if (typeof zone === 'string' && zone !== '' && !isTimeZone(zone)) {
    report.add('TIMEZONE_UNKNOWN', { params: { zone: zone.slice(0, 64) }, path: '/settings/timeZone' });
  }
}
