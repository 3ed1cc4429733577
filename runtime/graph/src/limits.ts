import type { Value } from '@millrace/sdk';
import type { Finding } from './document.js';

/** Bounds on a graph from outside, checked before anything walks it recursively. */
export const LIMITS = {
  /** Bytes of a document's text. */
  bytes: 1_048_576,
  /** Nesting of objects and lists. */
  depth: 64,
  /** Fields in one node, one edge, or any other single part of a document. */
  keys: 10_000,
  /** Fields in all. */
  allKeys: 100_000,
  /** Characters of a field name. */
  keyLength: 256,
  /** List items in one part, and in all lists together. */
  items: 10_000,
  allItems: 50_000,
  nodes: 1000,
  edges: 3000,
  /** Distinct paths from the sources to one node: how many copies of a record can meet there. */
  paths: 1000,
} as const;

/** Field names that are refused wherever they stand: they are how prototypes get polluted. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Escapes one step of a JSON pointer. */
export function pointerStep(step: string | number): string {
  return typeof step === 'number' ? String(step) : step.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface Todo {
  value: object;
  path: string;
  depth: number;
}

/**
 * Checks a parsed value against LIMITS without recursion: sizes, depth, field names, and that it is JSON (no NaN, no Infinity, no
 * functions). Stops at the first problem; a value that passes can be walked recursively.
 */
export function checkLimits(value: unknown): Finding[] {
  const fail = (code: string, path: string, params: Finding['params'] = {}): Finding[] => [
    { code, severity: 'error', params, path },
  ];
  const counted = countLists(value);
  if (counted) return [counted];
  const bad = scalarProblem(value);
  if (bad) return fail(bad, '');
  if (typeof value !== 'object' || value === null) return [];
  const todo: Todo[] = [{ value, path: '', depth: 1 }];
  let allKeys = 0;
  let partKeys = 0;
  let partItems = 0;
  let allItems = 0;
  for (let at = todo.pop(); at; at = todo.pop()) {
    // A part is an element of a top-level list (a node, an edge); parts are visited one after the other.
    if (at.depth <= 3) {
      partKeys = 0;
      partItems = 0;
    }
    if (at.depth > LIMITS.depth) return fail('TOO_DEEP', cut(at.path), { limit: LIMITS.depth });
    const list = Array.isArray(at.value);
    const keys = list ? null : Object.keys(at.value);
    const length = keys ? keys.length : (at.value as unknown[]).length;
    if (keys) {
      allKeys += length;
      partKeys += length;
      if (partKeys > LIMITS.keys) return fail('TOO_MANY_KEYS', cut(at.path), { limit: LIMITS.keys });
      if (allKeys > LIMITS.allKeys) return fail('TOO_MANY_KEYS', cut(at.path), { limit: LIMITS.allKeys });
    } else {
      partItems += length;
      allItems += length;
      if (partItems > LIMITS.items) return fail('TOO_MANY_ITEMS', cut(at.path), { limit: LIMITS.items });
      if (allItems > LIMITS.allItems) return fail('TOO_MANY_ITEMS', cut(at.path), { limit: LIMITS.allItems });
    }
    for (let i = length - 1; i >= 0; i--) {
      const key = keys ? keys[i]! : i;
      const path = `${at.path}/${pointerStep(key)}`;
      if (keys && keys[i]!.length > LIMITS.keyLength)
        return fail('KEY_TOO_LONG', cut(path), { limit: LIMITS.keyLength });
      if (keys && FORBIDDEN_KEYS.has(keys[i]!)) return fail('KEY_FORBIDDEN', cut(path), { key: keys[i]! });
      const item = (at.value as { [key: string | number]: Value })[key];
      const problem = scalarProblem(item);
      if (problem) return fail(problem, cut(path));
      if (typeof item === 'object' && item !== null) todo.push({ value: item, path, depth: at.depth + 1 });
    }
  }
  return [];
}

/** Paths in findings stay readable however deep the bomb is. */
function cut(path: string): string {
  return path.length > 300 ? `${path.slice(0, 300)}…` : path;
}

function countLists(value: unknown): Finding | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, code] of [
    ['nodes', 'TOO_MANY_NODES'],
    ['edges', 'TOO_MANY_EDGES'],
  ] as const) {
    const list: unknown = Object.hasOwn(value, name) ? (value as { [name: string]: unknown })[name] : undefined;
    if (Array.isArray(list) && list.length > LIMITS[name]) {
      return { code, severity: 'error', params: { count: list.length, limit: LIMITS[name] }, path: `/${name}` };
    }
  }
  return undefined;
}

function scalarProblem(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : 'NUMBER_NOT_FINITE';
    case 'function':
    case 'symbol':
    case 'bigint':
      return 'NOT_JSON';
    default:
      return undefined;
  }
}

/** A deep copy of a JSON value that has passed `checkLimits`; undefined fields are left out. */
export function copyJson(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : copyJson(item)));
  const copy: { [name: string]: Value } = {};
  for (const key of Object.keys(value)) if (value[key] !== undefined) copy[key] = copyJson(value[key]);
  return copy;
}
