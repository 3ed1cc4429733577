import type { GraphDocument, InputInfo, Manifest, NodeInfo, OutputInfo, PortSpec } from '../api/types.js';
import type { PortRef } from './edits.js';

/** What is known about the operators and nodes when a link is checked. */
export interface Known {
  manifests: ReadonlyMap<string, Manifest>;
  infos: { readonly [node: string]: NodeInfo };
}

export type NamedPort<T> = T & { name: string };

/** Input ports of a node, in the operator's order. Before the checker has answered, the catalogue's. */
export function inputsOf(doc: GraphDocument, known: Known, id: string): NamedPort<InputInfo>[] {
  const node = doc.nodes.find((other) => other.id === id);
  return node ? portsIn(node, known) : [];
}
export function portsIn(node: { id: string; operator: string }, known: Known): NamedPort<InputInfo>[] {
  const ports: { [name: string]: InputInfo } =
    known.infos[node.id]?.inputs ?? known.manifests.get(node.operator)?.inputs ?? {};
  return Object.entries(ports).map(([name, port]) => ({ ...port, name }));
}

const UNKNOWN: { [name: string]: PortSpec } = { out: {} };

/** Output ports; side ports (late, rejected) last. Falls back to the ports that edges already use. */
export function portsOut(
  node: { id: string; operator: string },
  known: Known,
  doc?: GraphDocument,
): NamedPort<OutputInfo>[] {
  const manifest = known.manifests.get(node.operator);
  let ports: { [name: string]: PortSpec } | undefined = known.infos[node.id]?.outputs ?? manifest?.outputs ?? undefined;
  if (!ports) {
    const used = doc?.edges.filter((edge) => edge.source === node.id).map((edge) => edge.sourceHandle ?? 'out') ?? [];
    ports =
      manifest?.kind === 'sink' ? {} : used.length > 0 ? Object.fromEntries(used.map((name) => [name, {}])) : UNKNOWN;
  }
  const list = Object.entries(ports).map(([name, port]) => ({
    mode: { mode: 'append' as const },
    type: null,
    ...port,
    name,
  }));
  return [...list.filter((port) => !port.side), ...list.filter((port) => port.side)];
}

/** Why two ports cannot be linked. `code` is a key of the locale (`link.<code>`). */
export interface LinkProblem {
  code: 'self' | 'cycle' | 'taken' | 'exists' | 'upsert' | 'kind' | 'no-port';
  params: { [name: string]: string };
}

/** Kind of record at a port: declared there, or learnt by the checker. */
export const kindOf = (port: { kind?: string; type?: { kind?: string } | null } | undefined): string | undefined =>
  port?.type?.kind ?? port?.kind;

export function reaches(doc: GraphDocument, from: string, to: string): boolean {
  const seen = new Set([from]);
  const next = [from];
  while (next.length > 0) {
    const id = next.pop()!;
    if (id === to) return true;
    for (const edge of doc.edges) {
      if (edge.source === id && !seen.has(edge.target)) {
        seen.add(edge.target);
        next.push(edge.target);
      }
    }
  }
  return false;
}

/** The rules of a link that can be seen while dragging; the server's checker has the last word. `ignore`: the edge being moved. */
export function linkProblem(
  doc: GraphDocument,
  known: Known,
  from: PortRef,
  to: PortRef,
  ignore?: string,
): LinkProblem | undefined {
  if (from.node === to.node) return { code: 'self', params: {} };
  const source = doc.nodes.find((node) => node.id === from.node);
  const target = doc.nodes.find((node) => node.id === to.node);
  const output = source && portsOut(source, known, doc).find((port) => port.name === from.port);
  const input = target && portsIn(target, known).find((port) => port.name === to.port);
  if (!source || !target || !output || !input) return { code: 'no-port', params: {} };
  const others = doc.edges.filter(
    (edge) => edge.id !== ignore && edge.target === to.node && (edge.targetHandle ?? 'in') === to.port,
  );
  if (others.some((edge) => edge.source === from.node && (edge.sourceHandle ?? 'out') === from.port))
    return { code: 'exists', params: {} };
  if (others.length > 0 && !input.many) return { code: 'taken', params: { node: target.label ?? target.operator } };
  if (reaches(doc, to.node, from.node)) return { code: 'cycle', params: {} };
  if (input.accepts === 'append' && output.mode.mode === 'upsert')
    return {
      code: 'upsert',
      params: { node: target.label ?? known.manifests.get(target.operator)?.docs.title ?? target.id },
    };
  const sends = kindOf(output);
  const needs = input.kind;
  if (sends !== undefined && needs !== undefined && sends !== needs) return { code: 'kind', params: { needs, sends } };
  return undefined;
}

/** Operators whose first fitting input can read what a port sends, best first: same kind of record, then by category order. */
export function fitsAfter(output: OutputInfo, manifests: Iterable<Manifest>): Manifest[] {
  const kind = kindOf(output);
  const scored: Array<{ manifest: Manifest; score: number }> = [];
  for (const manifest of manifests) {
    const inputs = Object.values(manifest.inputs);
    let best = -1;
    for (const input of inputs) {
      if (input.accepts === 'append' && output.mode.mode === 'upsert') continue;
      if (kind !== undefined && input.kind !== undefined && input.kind !== kind) continue;
      best = Math.max(best, input.kind !== undefined && input.kind === kind ? 2 : 1);
    }
    if (best > 0) scored.push({ manifest, score: best });
  }
  return scored.sort((a, b) => b.score - a.score).map((entry) => entry.manifest);
}

/** The input of an operator that a port can be linked to, by the same rules. */
export function firstFit(output: OutputInfo | undefined, manifest: Manifest): string | undefined {
  for (const [name, input] of Object.entries(manifest.inputs)) {
    if (output && input.accepts === 'append' && output.mode.mode === 'upsert') continue;
    const kind = output && kindOf(output);
    if (kind !== undefined && input.kind !== undefined && input.kind !== kind) continue;
    return name;
  }
  return undefined;
}
