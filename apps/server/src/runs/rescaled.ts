import type { GraphDocument } from '@millrace/graph';

/** New numbers of parallel tasks: for all nodes, and for single ones. */
export interface RescaleWish {
  parallelism?: number;
  nodes?: { [id: string]: number };
}

/** A graph with other numbers of tasks and nothing else changed. */
export function rescaled(graph: GraphDocument, { parallelism, nodes = {} }: RescaleWish): GraphDocument {
  return {
    ...graph,
    ...(parallelism !== undefined && { settings: { ...graph.settings, parallelism } }),
    nodes: graph.nodes.map((node) => {
      const wanted = Object.hasOwn(nodes, node.id) ? nodes[node.id] : undefined;
      return wanted === undefined ? node : { ...node, parallelism: wanted };
    }),
  };
}
