import type { Value } from '@millrace/sdk';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { RE2JS } from 're2js';

/** A JSON Schema as data. */
// biome-ignore lint/suspicious/noExplicitAny: JSON Schema is open by nature
export type JsonSchema = { [keyword: string]: any };

export type SchemaError = ErrorObject;

export interface CompiledSchema {
  /** The schema that was compiled: a plain copy in the 2020-12 dialect. */
  readonly schema: JsonSchema;
  /** All problems of a value, in the order of the schema. The value is not changed. */
  check(value: unknown): readonly SchemaError[];
}

// The one place that calls Ajv, so that an editor under a strict CSP can put precompiled validators here.

/** `pattern` in the schemas of strangers must not be able to hang us: RE2 is linear, where the built-in engine is exponential. */
const linearRegExp = Object.assign((pattern: string) => RE2JS.compile(pattern), { code: 're2js' });

// CommonJS without `exports`: the plugin is the module itself or its default, depending on who bundles.
const addFormats = ((addFormatsModule as { default?: unknown }).default ?? addFormatsModule) as (
  ajv: Ajv2020,
  options: { mode: 'fast' },
) => void;

let shared: Ajv2020 | undefined;

function ajv(): Ajv2020 {
  if (!shared) {
    shared = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      allowUnionTypes: true,
      addUsedSchema: false,
      logger: false,
      // Compiling the meta-schema costs more CPU at start than all our schemas; what is no schema still fails to compile.
      meta: false,
      validateSchema: false,
      code: { regExp: linearRegExp },
    });
    addFormats(shared, { mode: 'fast' });
  }
  return shared;
}

const compiled = new WeakMap<object, CompiledSchema>();

/** Compiles a schema once. Throws when it is no valid schema, refers to another document, or has a pattern that RE2 cannot run. */
export function compileSchema(schema: object): CompiledSchema {
  const known = compiled.get(schema);
  if (known) return known;
  const copy = modern(JSON.parse(JSON.stringify(schema)));
  if (copy.$async) throw new Error('asynchronous schemas are not supported');
  const validate = ajv().compile(copy);
  const made: CompiledSchema = {
    schema: copy,
    check: (value) => (validate(value) ? [] : (validate.errors ?? [])),
  };
  compiled.set(schema, made);
  return made;
}

/** Tuples of older dialects (`items: [...]`) in the words of 2020-12. */
function modern(schema: Value): Value {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(modern);
  const copy: JsonSchema = {};
  for (const key of Object.keys(schema)) {
    if (key === 'default' || key === 'const' || key === 'enum' || key === 'examples') copy[key] = schema[key];
    else if (key === 'items' && Array.isArray(schema.items)) copy.prefixItems = schema.items.map(modern);
    else if (key === 'additionalItems' && Array.isArray(schema.items)) copy.items = modern(schema.additionalItems);
    else copy[key] = modern(schema[key]);
  }
  return copy;
}
