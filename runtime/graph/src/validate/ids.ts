import type { Catalogue, Value } from '@millrace/sdk';
import type { GraphDocument, GraphEdge, GraphNode } from '../document.js';
import type { Draft, DraftNode } from './draft.js';
import type { Report } from './report.js';

/** Names every JavaScript object inherits: as an id one of them could be taken for something else by code that uses plain objects. */
const RESERVED_IDS: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

export function isReservedId(id: string): boolean {
  return RESERVED_IDS.has(id);
}

/** Nodes and edges by id: duplicates, reserved names, edges whose ends do not exist, edges drawn twice. */
export function makeDraft(document: GraphDocument, catalogue: Catalogue, report: Report): Draft {
  const draft: Draft = { document, catalogue, report, nodes: [], byId: new Map(), edges: [], order: [] };
  list(document.nodes).forEach((node: Value, index) => {
    // What is not even shaped like a node has been reported by the schema.
    if (typeof node?.id !== 'string' || typeof node.operator !== 'string') return;
    addNode(draft, node, index);
  });
  const edgeIds = new Set<string>();
  const drawn = new Set<string>();
  list(document.edges).forEach((edge: Value, index) => {
    if (typeof edge?.source !== 'string' || typeof edge.target !== 'string') return;
    addEdge(draft, edge, `/edges/${index}`, edgeIds, drawn);
  });
  return draft;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function addNode(draft: Draft, node: GraphNode, index: number): void {
  const { report, byId } = draft;
  const path = `/nodes/${index}`;
  const { id } = node;
  const first = byId.get(id);
  if (isReservedId(id)) report.add('NODE_ID_RESERVED', { params: { id }, path: `${path}/id`, nodeId: id });
  else if (first) {
    report.add('NODE_ID_DUPLICATE', { params: { id, first: first.path }, path: `${path}/id`, nodeId: id });
  }
  const made: DraftNode = {
    node,
    index,
    duplicate: first !== undefined,
    path,
    config: node.config ?? {},
    configOk: false,
    incoming: [],
    outgoing: [],
  };
  draft.nodes.push(made);
  if (!first) byId.set(id, made);
}

function addEdge(draft: Draft, edge: GraphEdge, path: string, ids: Set<string>, drawn: Set<string>): void {
  const { report, byId } = draft;
  const edgeId = typeof edge.id === 'string' ? { edgeId: edge.id } : {};
  if (typeof edge.id === 'string') {
    if (ids.has(edge.id))
      report.add('EDGE_ID_DUPLICATE', { params: { id: edge.id }, path: `${path}/id`, edgeId: edge.id });
    ids.add(edge.id);
  }
  const from = byId.get(edge.source);
  const to = byId.get(edge.target);
  for (const [end, found] of [
    ['source', from],
    ['target', to],
  ] as const) {
    if (found) continue;
    const suggestion = report.suggest(edge[end], byId.keys());
    const at = `${path}/${end}`;
    report.add(end === 'source' ? 'EDGE_SOURCE_UNKNOWN' : 'EDGE_TARGET_UNKNOWN', {
      params: { edge: edge.id, id: edge[end], ...(suggestion === undefined ? {} : { suggestion }) },
      path: at,
      ...edgeId,
      ...(suggestion === undefined ? {} : { fix: { code: 'SET', path: at, value: suggestion } }),
    });
  }
  if (!from || !to) return;
  const sourceHandle = typeof edge.sourceHandle === 'string' ? edge.sourceHandle : 'out';
  const targetHandle = typeof edge.targetHandle === 'string' ? edge.targetHandle : 'in';
  const ends = JSON.stringify([edge.source, sourceHandle, edge.target, targetHandle]);
  if (drawn.has(ends)) {
    report.add('EDGE_DUPLICATE', {
      params: { edge: edge.id, source: edge.source, sourceHandle, target: edge.target, targetHandle },
      path,
      ...edgeId,
      fix: { code: 'REMOVE', path },
    });
    return;
  }
  drawn.add(ends);
  const made = { edge, path, from, to, sourceHandle, targetHandle, ok: false };
  draft.edges.push(made);
  from.outgoing.push(made);
  to.incoming.push(made);
}
