import { isAbsolute, resolve } from 'node:path';
import { type GraphDocument, type GraphNode, suggest } from '@millrace/graph';
import { type Catalogue, MillraceError, type Value } from '@millrace/sdk';

type Schema = Record<string, unknown>;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Puts `NODE.PATH=VALUE` settings into the configs of a parsed document (in place). VALUE is JSON when it is JSON, else text;
 * where the operator's schema wants text, it stays text as typed. A path field is made absolute against `cwd`.
 * Throws MillraceError SET_SYNTAX, SET_UNKNOWN_NODE or SET_PATH.
 */
export function setValues(
  document: GraphDocument,
  settings: readonly string[],
  catalogue: Catalogue,
  cwd: string,
): void {
  for (const setting of settings) {
    const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(setting);
    if (!match) {
      throw new MillraceError(`"${setting}" is not a setting.`, {
        code: 'SET_SYNTAX',
        params: { setting },
        hint: 'Its form is --set NODE.PATH=VALUE, for example --set orders.path=today.ndjson.',
      });
    }
    const [, nodeId, path, text] = match as unknown as [string, string, string, string];
    const node = findNode(document, nodeId, setting);
    const steps = path.split('.');
    const schema = schemaAt(catalogue.get(node.operator)?.config, steps);
    assign(node, steps, readValue(text, schema, cwd), setting);
  }
}

function findNode(document: GraphDocument, id: string, setting: string): GraphNode {
  const node = document.nodes.find((candidate) => candidate.id === id);
  if (node) return node;
  const ids = document.nodes.map((candidate) => candidate.id);
  const nearest = suggest(id, ids);
  throw new MillraceError(
    `--set ${setting}: the graph has no node "${id}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`,
    {
      code: 'SET_UNKNOWN_NODE',
      params: { setting, node: id },
      hint: `Its nodes are ${ids.slice(0, 20).join(', ')}${ids.length > 20 ? ', …' : ''}.`,
    },
  );
}

function readValue(text: string, schema: Schema | undefined, cwd: string): Value {
  let value: Value = text;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: text, as it stands.
  }
  if (schema?.type === 'string' && typeof value !== 'string') value = text;
  return isPath(schema) ? absolute(value, cwd) : value;
}

function isPath(schema: Schema | undefined): boolean {
  return (schema?.['x-ui'] as { widget?: unknown } | undefined)?.widget === 'path';
}

function absolute(value: Value, cwd: string): Value {
  if (Array.isArray(value)) return value.map((item) => absolute(item, cwd));
  return typeof value === 'string' && value !== '' && !isAbsolute(value) ? resolve(cwd, value) : value;
}

/** The schema of a config property, through objects, lists and alternatives; undefined where it cannot be told. */
function schemaAt(config: unknown, steps: readonly string[]): Schema | undefined {
  let at = config as Schema | undefined;
  for (const step of steps) {
    at = member(at, step);
    if (at === undefined) return undefined;
  }
  return at;
}

function member(schema: Schema | undefined, step: string): Schema | undefined {
  if (schema === undefined) return undefined;
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (properties && Object.hasOwn(properties, step)) return properties[step];
  if (/^\d+$/.test(step) && schema.items !== undefined) return schema.items as Schema;
  for (const alternative of (schema.anyOf ?? schema.oneOf ?? []) as Schema[]) {
    const found = member(alternative, step);
    if (found) return found;
  }
  return typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as Schema) : undefined;
}

/** Walks own properties only and makes missing objects; never reaches a prototype. */
function assign(node: GraphNode, steps: readonly string[], value: Value, setting: string): void {
  const refuse = (reason: string): never => {
    throw new MillraceError(`--set ${setting}: ${reason}.`, {
      code: 'SET_PATH',
      params: { setting },
      hint: `Steps of the path are property names or list positions, for example ${node.id}.time.disorder or ${node.id}.rules.0.name.`,
    });
  };
  node.config ??= {};
  let at = node.config;
  for (const [index, step] of steps.entries()) {
    if (step === '') refuse('an empty step in the path');
    if (FORBIDDEN.has(step)) refuse(`"${step}" cannot be set`);
    if (at === null || typeof at !== 'object') refuse(`"${steps.slice(0, index).join('.')}" has no properties`);
    if (Array.isArray(at) && !(/^\d+$/.test(step) && Number(step) <= at.length)) {
      refuse(`"${step}" is not a position of a list of ${at.length}`);
    }
    if (index === steps.length - 1) at[step] = value;
    else {
      if (!Object.hasOwn(at, step)) at[step] = {};
      at = at[step];
    }
  }
}
