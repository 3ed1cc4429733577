import {
  type AnyOperator,
  type FieldType,
  isSource,
  type OutputMode,
  type RecordType,
  type Value,
} from '@millrace/sdk';
import { declaredType } from './declared.js';
import { ask, type Draft, type DraftEdge, type DraftNode } from './draft.js';

export interface PortFlow {
  type: RecordType | undefined;
  mode: OutputMode;
}
/** What is known of the records at the outputs, by node id and port. */
export type Flows = Map<string, Map<string, PortFlow>>;

const APPEND: OutputMode = { mode: 'append' };

/** What arrives at a node, by input port. */
export interface Arriving {
  readonly types: { readonly [port: string]: RecordType | undefined };
  readonly modes: { readonly [port: string]: OutputMode };
}

/** Carries record types and modes along the edges in topological order; `visit` sees each node with what arrives at it. */
export function propagate(
  draft: Draft,
  visit: (node: DraftNode, arriving: Arriving, leaving: Map<string, PortFlow>) => void,
): Flows {
  const flows: Flows = new Map();
  for (const node of draft.order) {
    const arriving = arrivingAt(node, flows);
    const leaving = leavingFrom(draft, node, arriving);
    flows.set(node.node.id, leaving);
    visit(node, arriving, leaving);
  }
  return flows;
}

function arrivingAt(node: DraftNode, flows: Flows): Arriving {
  const types: { [port: string]: RecordType | undefined } = Object.create(null);
  const modes: { [port: string]: OutputMode } = Object.create(null);
  for (const name of node.inputs?.keys() ?? []) {
    const flowing = node.incoming.flatMap((edge) =>
      edge.ok && edge.targetHandle === name ? [flowOf(edge, flows)] : [],
    );
    types[name] = flowing.length === 0 ? undefined : flowing.map((flow) => flow?.type).reduce(mergeTypes);
    modes[name] = flowing.find((flow) => flow?.mode.mode === 'upsert')?.mode ?? APPEND;
  }
  return { types, modes };
}

export function flowOf(edge: DraftEdge, flows: Flows): PortFlow | undefined {
  return flows.get(edge.from.node.id)?.get(edge.sourceHandle);
}

/** The type of two streams that meet at one port: what both say; a field that one of them lacks may be missing. */
export function mergeTypes(a: RecordType | undefined, b: RecordType | undefined): RecordType | undefined {
  if (a === undefined || b === undefined || a === b) return a === b ? a : undefined;
  const fields: { [name: string]: FieldType } = Object.create(null);
  for (const type of [a, b]) {
    for (const name of Object.keys(type.fields)) {
      const kind = type.fields[name]!;
      fields[name] = fields[name] === undefined || fields[name] === kind ? kind : 'any';
    }
  }
  return { fields, open: a.open || b.open, ...(a.kind !== undefined && a.kind === b.kind ? { kind: a.kind } : {}) };
}

function leavingFrom({ report }: Draft, node: DraftNode, arriving: Arriving): Map<string, PortFlow> {
  const leaving = new Map<string, PortFlow>();
  const { spec, config } = node;
  if (!spec || !node.outputs) return leaving;
  const types = node.configOk ? ask(node, report, 'fields', () => typesOf(spec, config, arriving)) : undefined;
  const modes = node.configOk ? ask(node, report, 'mode', () => modesOf(spec, config, arriving)) : undefined;
  const inputs = Object.values(arriving.modes);
  const passed = inputs.length === 1 ? inputs[0]! : APPEND;
  const declared = isSource(spec) ? declaredType(config) : undefined;
  for (const [name, port] of node.outputs) {
    const type = types?.get(name) ?? (port.side ? undefined : declared);
    leaving.set(name, {
      type: type && port.kind !== undefined && type.kind === undefined ? { ...type, kind: port.kind } : type,
      mode: modes?.get(name) ?? passed,
    });
  }
  return leaving;
}

/** What the operator says about its outputs; an answer of another shape is a mistake of its author. */
function typesOf(spec: AnyOperator, config: Value, { types }: Arriving): Map<string, RecordType> {
  const answer = (isSource(spec) ? spec.fields?.(config) : spec.fields?.(config, types)) ?? {};
  const known = new Map<string, RecordType>();
  for (const [port, type] of Object.entries(answer)) {
    if (type === undefined) continue;
    if (typeof type?.fields !== 'object' || type.fields === null) throw new TypeError(`no field types for "${port}"`);
    known.set(port, type);
  }
  return known;
}

function modesOf(spec: AnyOperator, config: Value, { modes }: Arriving): Map<string, OutputMode> {
  const answer = (isSource(spec) ? spec.mode?.(config) : spec.mode?.(config, modes)) ?? {};
  const known = new Map<string, OutputMode>();
  for (const [port, mode] of Object.entries(answer)) {
    if (mode?.mode !== 'append' && !(mode?.mode === 'upsert' && Array.isArray(mode.key))) {
      throw new TypeError(`no stream mode for "${port}"`);
    }
    known.set(port, mode);
  }
  return known;
}
