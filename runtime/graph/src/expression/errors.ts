import { MillraceError } from '@millrace/sdk';
import type { Finding } from '../document.js';
import type { Span } from './tree.js';

/** Kinds of values as people know them. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'list' | 'object' | 'null';

/**
 * An error of an expression. `params` always hold `expression` (its text), `from` and `to` (offsets) and `at` (1-based column), so
 * that an editor can underline the place and a dead letter can name it. Values of records never get into it: they may be private.
 */
export function expressionError(
  code: string,
  message: string,
  source: string,
  span: Span,
  params: Record<string, unknown> = {},
  hint?: string,
): MillraceError {
  return new MillraceError(`${message} (at character ${span.from + 1} of "${shorten(source)}")`, {
    code,
    params: { ...params, expression: source, from: span.from, to: span.to, at: span.from + 1 },
    domain: 'user',
    ...(hint === undefined ? {} : { hint }),
  });
}

export function shorten(text: string, length = 120): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The finding of an error: its place as `range`, and a repaired expression when the error knows what was meant. `path` is the caller's. */
export function findingOf(error: MillraceError, severity: Finding['severity'] = 'error'): Finding {
  const { from, to, repaired, ...params } = error.params as { from?: number; to?: number; [name: string]: unknown };
  const { expression: source, suggestion } = params;
  const finding: Finding = { code: error.code, severity, params, path: '' };
  if (typeof from !== 'number' || typeof to !== 'number') return finding;
  finding.range = { from, to };
  if (typeof repaired === 'string') finding.fix = { code: 'SET', path: '', value: repaired };
  else if (typeof suggestion === 'string' && typeof source === 'string') {
    finding.fix = { code: 'SET', path: '', value: source.slice(0, from) + suggestion + source.slice(to) };
  }
  return finding;
}
