import type { GraphDocument, GraphEdge, GraphNode } from '../api/types.js';

/** A change to optional properties: `undefined` removes the property. */
export type Patch<T> = { [K in keyof T]?: T[K] | undefined };

/** The smallest changes a graph document can take. Every edit is a list of them, so every edit has an exact inverse. */
export type Op =
  | { kind: 'node.add'; node: GraphNode; index: number }
  | { kind: 'node.remove'; id: string }
  | { kind: 'node.patch'; id: string; patch: Patch<Omit<GraphNode, 'id'>> }
  | { kind: 'edge.add'; edge: GraphEdge; index: number }
  | { kind: 'edge.remove'; id: string }
  | { kind: 'doc.patch'; patch: Patch<Pick<GraphDocument, 'name' | 'description' | 'settings' | 'groups'>> };

function patched<T extends object>(target: T, patch: Patch<T>): { next: T; undo: Patch<T> } {
  const next = { ...target };
  const undo: Patch<T> = {};
  for (const name of Object.keys(patch) as Array<keyof T>) {
    undo[name] = target[name];
    if (patch[name] === undefined) delete next[name];
    else next[name] = patch[name] as T[keyof T];
  }
  return { next, undo };
}

const insert = <T>(list: T[], index: number, item: T): T[] => [...list.slice(0, index), item, ...list.slice(index)];

/**
 * Applies one op and gives its inverse. An op that does not fit (unknown id, id taken, an edge without its nodes) changes
 * nothing and gives undefined: a stale command of another moment can never break the document.
 */
export function applyOp(doc: GraphDocument, op: Op): { doc: GraphDocument; inverse: Op } | undefined {
  switch (op.kind) {
    case 'node.add': {
      if (doc.nodes.some((node) => node.id === op.node.id)) return undefined;
      const index = Math.min(op.index, doc.nodes.length);
      return {
        doc: { ...doc, nodes: insert(doc.nodes, index, op.node) },
        inverse: { kind: 'node.remove', id: op.node.id },
      };
    }
    case 'node.remove': {
      const index = doc.nodes.findIndex((node) => node.id === op.id);
      const node = doc.nodes[index];
      if (!node || doc.edges.some((edge) => edge.source === op.id || edge.target === op.id)) return undefined;
      return {
        doc: { ...doc, nodes: doc.nodes.filter((other) => other !== node) },
        inverse: { kind: 'node.add', node, index },
      };
    }
    case 'node.patch': {
      const node = doc.nodes.find((other) => other.id === op.id);
      if (!node) return undefined;
      const { next, undo } = patched<GraphNode>(node, op.patch as Patch<GraphNode>);
      return {
        doc: { ...doc, nodes: doc.nodes.map((other) => (other === node ? next : other)) },
        inverse: { kind: 'node.patch', id: op.id, patch: undo },
      };
    }
    case 'edge.add': {
      const { edge } = op;
      if (doc.edges.some((other) => other.id === edge.id)) return undefined;
      if (!doc.nodes.some((node) => node.id === edge.source) || !doc.nodes.some((node) => node.id === edge.target))
        return undefined;
      const index = Math.min(op.index, doc.edges.length);
      return { doc: { ...doc, edges: insert(doc.edges, index, edge) }, inverse: { kind: 'edge.remove', id: edge.id } };
    }
    case 'edge.remove': {
      const index = doc.edges.findIndex((edge) => edge.id === op.id);
      const edge = doc.edges[index];
      if (!edge) return undefined;
      return {
        doc: { ...doc, edges: doc.edges.filter((other) => other !== edge) },
        inverse: { kind: 'edge.add', edge, index },
      };
    }
    case 'doc.patch': {
      const { next, undo } = patched<GraphDocument>(doc, op.patch as Patch<GraphDocument>);
      return { doc: next, inverse: { kind: 'doc.patch', patch: undo } };
    }
  }
}

/** Applies ops in order; `inverse` undoes them all when applied in order. */
export function applyOps(doc: GraphDocument, ops: readonly Op[]): { doc: GraphDocument; inverse: Op[] } {
  let next = doc;
  const inverse: Op[] = [];
  for (const op of ops) {
    const result = applyOp(next, op);
    if (!result) continue;
    next = result.doc;
    inverse.unshift(result.inverse);
  }
  return { doc: next, inverse };
}
