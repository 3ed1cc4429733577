import { isSource, isTimeZone, type RecordType } from '@millrace/sdk';
import { compileSchema, type JsonSchema } from '../ajv.js';
import { checkExpression, type ExpectedKind } from '../expression/check.js';
import { configPath, type Draft, type DraftNode } from './draft.js';
import type { Arriving, PortFlow } from './flow.js';
import { walkConfig } from './walk.js';

/** Expressions, field names and time zones inside a config, against the records that arrive. */
export function checkConfigFields(
  draft: Draft,
  node: DraftNode,
  arriving: Arriving,
  leaving: ReadonlyMap<string, PortFlow>,
): void {
  const { spec } = node;
  if (!spec || typeof node.config !== 'object' || node.config === null) return;
  let schema: JsonSchema;
  try {
    schema = compileSchema(spec.config).schema;
  } catch {
    return; // reported as OPERATOR_SCHEMA_INVALID
  }
  const inputs = [...(node.inputs?.keys() ?? [])];
  // A source reads the records it makes.
  const own = isSource(spec) ? leaving.values().next().value?.type : undefined;
  const typeAt = (port: unknown): RecordType | undefined =>
    isSource(spec) ? own : arriving.types[typeof port === 'string' && inputs.includes(port) ? port : (inputs[0] ?? '')];
  const scopeAt = (pointer: string, port: unknown): RecordType | undefined =>
    (isSource(spec) ? undefined : spec.fieldsAt?.(node.config, arriving.types, pointer)) ?? typeAt(port);
  const seen = new Set<string>();
  walkConfig(schema, node.config, (at, value, pointer) => {
    if (typeof value !== 'string' || value === '' || seen.has(pointer)) return;
    const ui = at['x-ui'];
    const path = configPath(node, pointer);
    const nodeId = node.node.id;
    if (at['x-expression'] !== undefined) {
      seen.add(pointer);
      for (const finding of checkExpression(value, scopeAt(pointer, ui?.port), expected(at['x-expression']), {
        suggest: draft.report.suggest,
      })) {
        draft.report.push({ ...finding, path, nodeId, ...(finding.fix ? { fix: { ...finding.fix, path } } : {}) });
      }
    } else if (at['x-field'] === true) {
      seen.add(pointer);
      checkField(draft, value, scopeAt(pointer, ui?.port), path, nodeId);
    } else if (ui?.widget === 'timezone' && !isTimeZone(value)) {
      seen.add(pointer);
      draft.report.add('TIMEZONE_UNKNOWN', { params: { zone: value.slice(0, 64) }, path, nodeId });
    }
  });
}

function expected(returns: unknown): ExpectedKind | undefined {
  return returns === 'boolean' || returns === 'number' || returns === 'text' ? returns : undefined;
}

function checkField({ report }: Draft, name: string, type: RecordType | undefined, path: string, nodeId: string): void {
  if (!type || Object.hasOwn(type.fields, name) || Object.hasOwn(type.fields, name.split('.')[0]!)) return;
  const known = Object.keys(type.fields);
  const suggestion = report.suggest(name, known);
  // More fields than the known ones may come: only a likely slip is worth a word.
  if (type.open && suggestion === undefined) return;
  report.add('FIELD_UNKNOWN', {
    severity: type.open ? 'warning' : 'error',
    params: {
      field: name,
      known: known.slice(0, 50),
      open: type.open,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
    path,
    nodeId,
    ...(suggestion === undefined ? {} : { fix: { code: 'SET', path, value: suggestion } }),
  });
}
