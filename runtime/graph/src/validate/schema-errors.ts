import type { Value } from '@millrace/sdk';
import type { JsonSchema, SchemaError } from '../ajv.js';
import type { Finding } from '../document.js';
import { pointerStep } from '../limits.js';
import type { Suggest } from '../suggest.js';

/** DOCUMENT for the graph itself, CONFIG for the config of a node. */
export type Prefix = 'DOCUMENT' | 'CONFIG';

type Found = Pick<Finding, 'code' | 'params' | 'path' | 'fix'>;

/** Errors looked at; a list of ten thousand wrong items is one mistake. */
const MAX_ERRORS = 300;

/** Turns Ajv's errors into findings in our words, one for each mistake. Paths are relative to the checked value. */
export function explainErrors(all: readonly SchemaError[], prefix: Prefix, suggest: Suggest): Found[] {
  const errors = all.length > MAX_ERRORS ? all.slice(0, MAX_ERRORS) : all;
  const found: Found[] = [];
  const unions = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  // Outermost first: what lies inside a union is explained by it.
  const outer = unions.filter((one) => !unions.some((two) => two !== one && inside(one, two)));
  for (const error of errors) {
    if (outer.includes(error)) found.push(...explainUnion(error, errors, prefix, suggest));
    else if (!outer.some((union) => inside(error, union))) {
      const one = explain(error, prefix, suggest);
      if (one) found.push(one);
    }
  }
  if (found.length === 0 && errors.length > 0) {
    found.push({ code: `${prefix}_SHAPE`, params: {}, path: errors[0]!.instancePath });
  }
  const seen = new Set<string>();
  return found.filter(({ code, path }) => {
    const key = `${code} ${path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function inside(error: SchemaError, union: SchemaError): boolean {
  return (
    error !== union &&
    error.schemaPath.startsWith(`${union.schemaPath}/`) &&
    (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`))
  );
}

/** A union in the words of the branch that was meant: by its constants, else by its type. */
function explainUnion(union: SchemaError, errors: readonly SchemaError[], prefix: Prefix, suggest: Suggest): Found[] {
  const branches = (Array.isArray(union.schema) ? union.schema : []) as JsonSchema[];
  const data: Value = union.data;
  const path = union.instancePath;
  if (union.parentSchema?.['x-ui']?.widget === 'duration') {
    return [{ code: `${prefix}_DURATION`, params: shown(union), path }];
  }
  const constants = branches.flatMap((branch) => constantsOf(branch) ?? []);
  if (branches.every((branch) => constantsOf(branch) !== undefined)) return [oneOf(union, constants, prefix, suggest)];
  if (isObject(data)) {
    const key = discriminator(branches);
    if (key !== undefined) {
      const values = branches.flatMap((branch) => constantsOf(branch.properties[key]) ?? []);
      const at = branches.findIndex((branch) => constantsOf(branch.properties[key])?.includes(data[key]));
      if (at >= 0) return branch(union, at, errors, prefix, suggest);
      if (data[key] === undefined) return [missing(key, path, prefix)];
      return [
        oneOf({ ...union, data: data[key], instancePath: `${path}/${pointerStep(key)}` }, values, prefix, suggest),
      ];
    }
  }
  const type = typeName(data);
  const fitting = branches.flatMap((candidate, i) => (accepts(candidate, type) ? [i] : []));
  if (fitting.length === 1) return branch(union, fitting[0]!, errors, prefix, suggest);
  const expected = [...new Set(branches.flatMap((candidate) => typesOf(candidate)))];
  if (fitting.length === 0 && expected.length > 0) {
    return [{ code: `${prefix}_TYPE`, params: { expected, actual: type }, path }];
  }
  return [{ code: `${prefix}_SHAPE`, params: {}, path }];
}

function branch(
  union: SchemaError,
  at: number,
  errors: readonly SchemaError[],
  prefix: Prefix,
  suggest: Suggest,
): Found[] {
  const within = errors.filter(
    (error) => error.schemaPath.startsWith(`${union.schemaPath}/${at}/`) && inside(error, union),
  );
  const found = explainErrors(within, prefix, suggest);
  return found.length > 0 ? found : [{ code: `${prefix}_SHAPE`, params: {}, path: union.instancePath }];
}

/** The property that every branch fixes to constants: `kind`. */
function discriminator(branches: readonly JsonSchema[]): string | undefined {
  const first = branches[0]?.properties;
  if (!isObject(first)) return undefined;
  return Object.keys(first).find((key) =>
    branches.every(
      (candidate) => isObject(candidate.properties) && constantsOf(candidate.properties[key]) !== undefined,
    ),
  );
}

function constantsOf(schema: JsonSchema | undefined): unknown[] | undefined {
  if (!isObject(schema)) return undefined;
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function typesOf(schema: JsonSchema): string[] {
  const type = schema.type;
  return (Array.isArray(type) ? type : type === undefined ? [] : [type]).map(typeWord);
}

function accepts(schema: JsonSchema, type: string): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.includes(type) || (type === 'number' && types.includes('integer'));
}

function explain(error: SchemaError, prefix: Prefix, suggest: Suggest): Found | undefined {
  const { keyword, instancePath: path, params, parentSchema } = error;
  const make = (code: string, extra: Finding['params'] = {}): Found => ({
    code: `${prefix}_${code}`,
    params: { ...shown(error), ...extra },
    path,
  });
  switch (keyword) {
    case 'required':
      return missing(params.missingProperty, path, prefix, parentSchema?.properties?.[params.missingProperty]);
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name: string = params.additionalProperty ?? params.unevaluatedProperty;
      const known = Object.keys(parentSchema?.properties ?? {});
      const present = isObject(error.data) ? Object.keys(error.data) : [];
      const suggestion = suggest(
        name,
        known.filter((key) => !present.includes(key)),
      );
      return {
        code: `${prefix}_UNKNOWN`,
        params: { property: name, known, ...(suggestion === undefined ? {} : { suggestion }) },
        path: `${path}/${pointerStep(name)}`,
        fix:
          suggestion === undefined
            ? { code: 'REMOVE', path: `${path}/${pointerStep(name)}` }
            : { code: 'RENAME', path: `${path}/${pointerStep(name)}`, value: suggestion },
      };
    }
    case 'type':
      return {
        code: `${prefix}_TYPE`,
        params: { expected: [params.type].flat().map(typeWord), actual: typeName(error.data) },
        path,
      };
    case 'enum':
      return oneOf(error, params.allowedValues, prefix, suggest);
    case 'const':
      return oneOf(error, [params.allowedValue], prefix, suggest);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return make('RANGE', rangeOf(parentSchema));
    case 'multipleOf':
      return make('MULTIPLE', { multipleOf: params.multipleOf });
    case 'minLength':
    case 'maxLength':
      return make('LENGTH', {
        ...pick(parentSchema, 'minLength', 'maxLength'),
        length: [...String(error.data)].length,
      });
    case 'minItems':
    case 'maxItems':
      return make('ITEMS', { ...pick(parentSchema, 'minItems', 'maxItems'), count: (error.data as unknown[]).length });
    case 'minProperties':
    case 'maxProperties':
      return make('ITEMS', {
        minItems: parentSchema?.minProperties,
        maxItems: parentSchema?.maxProperties,
        count: Object.keys(error.data as object).length,
      });
    case 'pattern':
      return make('PATTERN', { pattern: params.pattern, ...pick(parentSchema, 'description', 'examples') });
    case 'format':
      return make('FORMAT', { format: params.format });
    case 'uniqueItems':
      return {
        code: `${prefix}_DUPLICATE`,
        params: { first: params.j, second: params.i },
        path: `${path}/${params.i}`,
      };
    case 'dependentRequired':
      return missing(params.missingProperty, path, prefix, parentSchema?.properties?.[params.missingProperty]);
    // They only repeat that something inside them is wrong, which is listed itself.
    case 'if':
    case 'propertyNames':
      return undefined;
    default:
      return make('SHAPE');
  }
}

function missing(property: string, path: string, prefix: Prefix, schema?: JsonSchema): Found {
  const title = typeof schema?.title === 'string' ? { title: schema.title } : {};
  return { code: `${prefix}_MISSING`, params: { property, ...title }, path: `${path}/${pointerStep(property)}` };
}

function oneOf(error: SchemaError, allowed: unknown[], prefix: Prefix, suggest: Suggest): Found {
  const texts = allowed.filter((value): value is string => typeof value === 'string');
  const suggestion = typeof error.data === 'string' ? suggest(error.data, texts) : undefined;
  return {
    code: `${prefix}_ENUM`,
    params: { allowed, ...shown(error), ...(suggestion === undefined ? {} : { suggestion }) },
    path: error.instancePath,
    ...(suggestion === undefined ? {} : { fix: { code: 'SET', path: error.instancePath, value: suggestion } }),
  };
}

function rangeOf(schema: JsonSchema | undefined): Finding['params'] {
  return pick(schema, 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum');
}

function pick(schema: JsonSchema | undefined, ...names: string[]): Finding['params'] {
  const picked: Finding['params'] = {};
  for (const name of names) if (schema?.[name] !== undefined) picked[name] = schema[name];
  return picked;
}

/** The wrong value, short, unless it may be a secret. */
function shown(error: SchemaError): Finding['params'] {
  if (error.parentSchema?.['x-ui']?.widget === 'secret') return {};
  const data: unknown = error.data;
  if (typeof data === 'object' && data !== null) return {};
  const value = typeof data === 'string' && data.length > 60 ? `${data.slice(0, 59)}…` : data;
  return { value };
}

function isObject(value: unknown): value is { [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON Schema's type names in plain words. */
function typeWord(type: string): string {
  return type === 'string' ? 'text' : type === 'array' ? 'list' : type;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}
