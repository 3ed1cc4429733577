import type { CheckedGraph, GraphDocument, GraphEdge, GraphNode } from '@millrace/graph';

/**
 * A checked graph from a short form, for tests of planner, engine and backends: nodes in topological order, edges as
 * "source.port>target.port" (ports default to out and in).
 */
export function graphOf(
  nodes: readonly GraphNode[],
  edges: readonly string[],
  settings: GraphDocument['settings'] = {},
): CheckedGraph {
  const document: GraphDocument = {
    schema: 1,
    name: 'test',
    settings: { watermarkInterval: 1, ...settings },
    nodes: [...nodes],
    edges: edges.map(edgeOf),
  };
  return { document, order: nodes.map((node) => node.id), outputs: new Map() };
}

function edgeOf(text: string, i: number): GraphEdge {
  const [from, to] = text.split('>') as [string, string];
  const [source, sourceHandle = 'out'] = from.split('.') as [string, string?];
  const [target, targetHandle = 'in'] = to.split('.') as [string, string?];
  return { id: `e${i}`, source, sourceHandle, target, targetHandle };
}
