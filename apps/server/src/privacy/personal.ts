import { type GraphDocument, validateGraph } from '@millrace/graph';
import type { Catalogue, FieldType, Value } from '@millrace/sdk';

/** What stands in place of a personal text. Other values become null. */
export const MASK = '•••';

/** Deeper than this is hidden as a whole. */
const MAX_DEPTH = 32;
/** Texts shorter than this are found in any sentence by chance. */
const MIN_QUOTED = 3;

/**
 * Names of the fields that a graph declares as personal: by a person in a source's fields, or by an operator, and under the names that they
 * get on the way as far as types tell. A name counts everywhere in the workflow and at any depth: rather too much is hidden than too little.
 */
export function personalFields(graph: GraphDocument, catalogue: Catalogue): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (fields: { readonly [name: string]: unknown } | undefined) => {
    for (const [name, type] of Object.entries(fields ?? {}))
      if (type === ('personal' satisfies FieldType)) names.add(name.slice(name.lastIndexOf('.') + 1));
  };
  for (const { config } of graph.nodes) add(config?.schema?.fields ?? config?.schema);
  for (const ports of validateGraph(graph, catalogue).graph?.outputs.values() ?? [])
    for (const { type } of ports.values()) add(type?.fields);
  return names;
}

/** The value with its personal fields hidden; the value itself when there are none. */
export function masked(value: Value, names: ReadonlySet<string>, depth = 0): Value {
  if (names.size === 0 || value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((one) => masked(one, names, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      names.has(name) ? (typeof one === 'string' ? MASK : null) : masked(one, names, depth + 1),
    ]),
  );
}

/** A sentence about a value, such as the reason of a dead letter, without the personal texts and numbers of that value. */
export function maskedText(text: string, value: Value, names: ReadonlySet<string>): string {
  let shown = text;
  for (const secret of personalTexts(value, names)) shown = shown.replaceAll(secret, MASK);
  return shown;
}

function* personalTexts(value: Value, names: ReadonlySet<string>, personal = false, depth = 0): Generator<string> {
  if (depth > MAX_DEPTH || value === null || value === undefined) return;
  if (typeof value === 'object') {
    for (const [name, one] of Object.entries(value))
      yield* personalTexts(one, names, personal || (!Array.isArray(value) && names.has(name)), depth + 1);
  } else if (personal && String(value).length >= MIN_QUOTED) yield String(value);
}
