import type { GraphDocument, GraphEdge, GraphNode } from '../api/types.js';
import { forgetInGroups } from './groups.js';
import type { Edit } from './history.js';
import type { Op } from './ops.js';

export interface PortRef {
  node: string;
  port: string;
}
export interface Point {
  x: number;
  y: number;
}

/** A node id made of the label: readable in logs and paths, unique in the document. */
export function freshNodeId(doc: { nodes: readonly { id: string }[] }, base: string): string {
  const stem =
    (base.split('.').at(-1) ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'node';
  const taken = new Set(doc.nodes.map((node) => node.id));
  if (!taken.has(stem)) return stem;
  for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`;
}

export function freshEdgeId(doc: { edges: readonly { id: string }[] }, taken: ReadonlySet<string> = new Set()): string {
  const used = new Set(doc.edges.map((edge) => edge.id));
  for (let n = doc.edges.length + 1; ; n++) if (!used.has(`e${n}`) && !taken.has(`e${n}`)) return `e${n}`;
}

const edge = (id: string, from: PortRef, to: PortRef): GraphEdge => ({
  id,
  source: from.node,
  sourceHandle: from.port,
  target: to.node,
  targetHandle: to.port,
});

/** Adds a node, and an edge from a port or to a port of another when given: one step. */
export function addNode(
  doc: GraphDocument,
  node: GraphNode,
  link?: { from?: PortRef; to?: PortRef; port?: string },
): Edit {
  const ops: Op[] = [{ kind: 'node.add', node, index: doc.nodes.length }];
  if (link?.from && link.port)
    ops.push({
      kind: 'edge.add',
      edge: edge(freshEdgeId(doc), link.from, { node: node.id, port: link.port }),
      index: doc.edges.length,
    });
  if (link?.to && link.port)
    ops.push({
      kind: 'edge.add',
      edge: edge(freshEdgeId(doc), { node: node.id, port: link.port }, link.to),
      index: doc.edges.length,
    });
  return { label: 'add', ops };
}

/** Puts a node into an edge: the first half keeps the edge's id (and its metrics), the second gets a new one. */
export function insertOnEdge(
  doc: GraphDocument,
  node: GraphNode,
  on: GraphEdge,
  input: string,
  output: string,
  exists = false,
): Edit {
  const at = doc.edges.indexOf(on);
  const ops: Op[] = [];
  if (exists) ops.push({ kind: 'node.patch', id: node.id, patch: { position: node.position } });
  else ops.push({ kind: 'node.add', node, index: doc.nodes.length });
  ops.push(
    { kind: 'edge.remove', id: on.id },
    {
      kind: 'edge.add',
      edge: edge(on.id, { node: on.source, port: on.sourceHandle ?? 'out' }, { node: node.id, port: input }),
      index: at,
    },
    {
      kind: 'edge.add',
      edge: edge(freshEdgeId(doc), { node: node.id, port: output }, { node: on.target, port: on.targetHandle ?? 'in' }),
      index: doc.edges.length,
    },
  );
  return { label: 'insert', ops };
}

export function connect(doc: GraphDocument, from: PortRef, to: PortRef): Edit {
  return {
    label: 'connect',
    ops: [{ kind: 'edge.add', edge: edge(freshEdgeId(doc), from, to), index: doc.edges.length }],
  };
}

export function reconnect(doc: GraphDocument, old: GraphEdge, from: PortRef, to: PortRef): Edit {
  const index = doc.edges.indexOf(old);
  return {
    label: 'connect',
    ops: [
      { kind: 'edge.remove', id: old.id },
      { kind: 'edge.add', edge: edge(old.id, from, to), index },
    ],
  };
}

/** Removes nodes with their edges, and edges. With `rejoin`, a removed node's only input is linked on to where its first output went. */
export function remove(doc: GraphDocument, nodes: readonly string[], edges: readonly string[], rejoin = false): Edit {
  const gone = new Set(nodes);
  const touched = doc.edges.filter((e) => gone.has(e.source) || gone.has(e.target) || edges.includes(e.id));
  const ops: Op[] = touched.map((e) => ({ kind: 'edge.remove', id: e.id }));
  for (const id of nodes) ops.push({ kind: 'node.remove', id });
  ops.push(...forgetInGroups(doc, gone));
  if (rejoin) {
    const taken = new Set<string>();
    const left = doc.edges.length - touched.length;
    for (const id of nodes) {
      const inputs = doc.edges.filter((e) => e.target === id);
      const into = inputs[0];
      if (!into || inputs.length !== 1 || gone.has(into.source)) continue;
      const firstPort = doc.edges.find((e) => e.source === id)?.sourceHandle;
      for (const out of doc.edges.filter(
        (e) => e.source === id && e.sourceHandle === firstPort && !gone.has(e.target),
      )) {
        const fresh = freshEdgeId(doc, taken);
        taken.add(fresh);
        ops.push({
          kind: 'edge.add',
          edge: edge(
            fresh,
            { node: into.source, port: into.sourceHandle ?? 'out' },
            { node: out.target, port: out.targetHandle ?? 'in' },
          ),
          index: left + taken.size,
        });
      }
    }
  }
  return { label: 'remove', ops };
}

/** New positions, in whole pixels. `merge` joins the steps of a held arrow key. */
export function move(
  doc: GraphDocument,
  positions: ReadonlyMap<string, Point>,
  label: 'move' | 'tidy' = 'move',
  merge?: string,
): Edit {
  const ops: Op[] = [];
  for (const node of doc.nodes) {
    const to = positions.get(node.id);
    if (!to) continue;
    const position = { x: Math.round(to.x), y: Math.round(to.y) };
    if (node.position?.x !== position.x || node.position?.y !== position.y)
      ops.push({ kind: 'node.patch', id: node.id, patch: { position } });
  }
  return { label, ops, ...(merge === undefined ? {} : { merge }) };
}

export function setConfig(id: string, config: GraphNode['config'], path: string): Edit {
  return { label: 'config', ops: [{ kind: 'node.patch', id, patch: { config } }], merge: `config:${id}:${path}` };
}

export function setNode(id: string, patch: Extract<Op, { kind: 'node.patch' }>['patch'], label: Edit['label']): Edit {
  return { label, ops: [{ kind: 'node.patch', id, patch }], merge: `${label}:${id}:${Object.keys(patch).join()}` };
}

/** Turns the document into another one in a single step: import, restore a version, take the server's draft. */
export function replaceDocument(doc: GraphDocument, next: GraphDocument, label: Edit['label']): Edit {
  const ops: Op[] = [
    ...doc.edges.map((e): Op => ({ kind: 'edge.remove', id: e.id })),
    ...doc.nodes.map((n): Op => ({ kind: 'node.remove', id: n.id })),
    {
      kind: 'doc.patch',
      patch: { name: next.name, description: next.description, settings: next.settings, groups: next.groups },
    },
    ...next.nodes.map((node, index): Op => ({ kind: 'node.add', node, index })),
    ...next.edges.map((e, index): Op => ({ kind: 'edge.add', edge: e, index })),
  ];
  return { label, ops };
}
