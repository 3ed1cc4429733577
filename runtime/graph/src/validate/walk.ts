import type { Value } from '@millrace/sdk';
import type { JsonSchema } from '../ajv.js';
import { copyJson } from '../limits.js';
import { step } from './draft.js';

/** Calls `visit` for every value of a config together with each schema that speaks about it. */
export type Visit = (schema: JsonSchema, value: Value, pointer: string) => void;

const MAX_REFS = 32;

/** Walks a config along its schema: properties, maps, lists, tuples, unions (branches that fit), local `$ref`. */
export function walkConfig(root: JsonSchema, value: Value, visit: Visit, firstBranchOnly = false): void {
  walk(root, value, '');

  function walk(schema: JsonSchema | boolean | undefined, at: Value, pointer: string, refs = 0): void {
    if (typeof schema !== 'object' || schema === null || at === undefined) return;
    visit(schema, at, pointer);
    if (typeof schema.$ref === 'string' && refs < MAX_REFS) walk(resolve(root, schema.$ref), at, pointer, refs + 1);
    for (const part of schema.allOf ?? []) walk(part, at, pointer, refs);
    for (const branch of branchesOf(schema)) {
      if (!fits(branch, at)) continue;
      walk(branch, at, pointer, refs);
      if (firstBranchOnly) break;
    }
    if (Array.isArray(at)) {
      const prefix: JsonSchema[] = schema.prefixItems ?? [];
      for (let i = 0; i < at.length; i++) walk(prefix[i] ?? schema.items, at[i], step(pointer, i));
    } else if (typeof at === 'object' && at !== null) {
      for (const key of Object.keys(at)) {
        for (const sub of schemasOf(schema, key)) walk(sub, at[key], step(pointer, key));
      }
    }
  }
}

/** What a schema says about one property: its own entry, else patterns, else `additionalProperties`. */
function schemasOf(schema: JsonSchema, key: string): JsonSchema[] {
  const own = schema.properties;
  if (own && Object.hasOwn(own, key)) return [own[key]];
  // Maps of TypeBox have one pattern for all names; which of several fits does not matter for what we look for.
  const patterns: JsonSchema[] = Object.values(schema.patternProperties ?? {});
  if (patterns.length > 0) return patterns;
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

function branchesOf(schema: JsonSchema): JsonSchema[] {
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

/** A branch that can be meant: type, constants and the names of its properties agree. */
function fits(branch: JsonSchema, value: Value): boolean {
  if (branch.const !== undefined && branch.const !== value) return false;
  if (Array.isArray(branch.enum) && !branch.enum.includes(value)) return false;
  const types: string[] = branch.type === undefined ? [] : [branch.type].flat();
  if (types.length > 0 && !types.includes(jsonType(value)) && !(types.includes('integer') && Number.isInteger(value)))
    return false;
  if (typeof value !== 'object' || value === null || !branch.properties) return true;
  const { properties } = branch;
  if (branch.additionalProperties === false && Object.keys(value).some((key) => !Object.hasOwn(properties, key)))
    return false;
  return Object.keys(properties).every((key) => {
    const { const: wanted, default: fallback } = properties[key] ?? {};
    if (!Object.hasOwn(value, key)) return fallback !== undefined || !branch.required?.includes(key);
    return wanted === undefined || value[key] === wanted;
  });
}

function jsonType(value: Value): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function resolve(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (!ref.startsWith('#')) return undefined;
  let at: Value = root;
  for (const raw of ref.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(raw).replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/**
 * Fills in the defaults of a config, in place. Unlike Ajv's `useDefaults` it also reaches into the branch of a union that is meant.
 */
export function fillDefaults(root: JsonSchema, value: Value): void {
  walkConfig(
    root,
    value,
    (schema, at) => {
      if (typeof at !== 'object' || at === null || Array.isArray(at) || !schema.properties) return;
      for (const key of Object.keys(schema.properties)) {
        const fallback = schema.properties[key]?.default;
        if (fallback !== undefined && !Object.hasOwn(at, key)) at[key] = copyJson(fallback);
      }
    },
    true,
  );
}
