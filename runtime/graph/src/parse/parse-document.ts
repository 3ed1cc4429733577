import type { Finding } from '../document.js';
import { checkLimits, LIMITS } from '../limits.js';
import { scanJson } from './json-scan.js';

/**
 * Reads a document from text that nobody has checked: at most 1 MiB, strict JSON, every limit checked before anything recursive touches
 * it. `value` is there when nothing was found; it is a candidate for `validateGraph`, not a valid graph yet.
 */
export function parseDocument(text: string): { value?: unknown; findings: Finding[] } {
  const bytes = byteLength(text);
  if (bytes > LIMITS.bytes) {
    return {
      findings: [{ code: 'DOCUMENT_TOO_LARGE', severity: 'error', params: { bytes, limit: LIMITS.bytes }, path: '' }],
    };
  }
  // Editors on Windows put a byte order mark in front.
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const problem = scanJson(json);
  if (problem) return { findings: [problem] };
  const value: unknown = JSON.parse(json);
  const findings = checkLimits(value);
  return findings.length > 0 ? { findings } : { value, findings: [] };
}

/** UTF-8 bytes; a text that cannot fit is not encoded to find out. */
function byteLength(text: string): number {
  return text.length > LIMITS.bytes ? text.length : new TextEncoder().encode(text).length;
}
