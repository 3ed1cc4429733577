import type { GraphDocument, GraphNode } from '../api/types.js';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted((value as { [name: string]: unknown })[key])]),
  );
};
/** What of a node matters at run time; its place, label and note do not. */
const essence = (node: GraphNode) =>
  JSON.stringify([
    node.operator,
    node.version ?? null,
    sorted(node.config ?? {}),
    node.parallelism ?? null,
    node.onError ?? null,
    node.disabled ?? false,
  ]);
const wires = (doc: GraphDocument, id: string) =>
  JSON.stringify(
    doc.edges
      .filter((edge) => edge.target === id)
      .map((edge) => [edge.source, edge.sourceHandle ?? 'out', edge.targetHandle ?? 'in'])
      .sort(),
  );

export interface Changes {
  /** Nodes of the draft that differ from the published graph: added, set differently, or linked differently. */
  nodes: Set<string>;
  removed: string[];
  count: number;
}

export function changesSince(published: GraphDocument | null, doc: GraphDocument): Changes {
  const nodes = new Set<string>();
  if (!published) return { nodes, removed: [], count: 0 };
  const before = new Map(published.nodes.map((node) => [node.id, node]));
  for (const node of doc.nodes) {
    const old = before.get(node.id);
    if (!old || essence(old) !== essence(node) || wires(published, node.id) !== wires(doc, node.id)) nodes.add(node.id);
    before.delete(node.id);
  }
  const settings =
    JSON.stringify(sorted(published.settings ?? {})) === JSON.stringify(sorted(doc.settings ?? {})) ? 0 : 1;
  return { nodes, removed: [...before.keys()], count: nodes.size + before.size + settings };
}
