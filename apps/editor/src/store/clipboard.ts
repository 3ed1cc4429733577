import type { GraphDocument, GraphEdge, GraphNode } from '../api/types.js';
import { freshEdgeId, freshNodeId, type Point } from './edits.js';
import type { Edit } from './history.js';
import type { Op } from './ops.js';

/** What a copy puts on the clipboard: plain JSON, so it can be pasted into another workflow, a chat or a file. */
export interface Clip {
  millrace: 'clip';
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export function copy(doc: GraphDocument, ids: readonly string[]): Clip | undefined {
  const chosen = new Set(ids);
  const nodes = doc.nodes.filter((node) => chosen.has(node.id));
  if (nodes.length === 0) return undefined;
  return {
    millrace: 'clip',
    nodes,
    edges: doc.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
  };
}

const text = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
const finite = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** Reads clipboard text: a clip, or a whole graph document. Undefined for anything else. */
export function readClip(raw: string): Clip | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { nodes, edges } = parsed as { nodes?: unknown; edges?: unknown };
  if (!Array.isArray(nodes) || nodes.length === 0 || nodes.length > 2000) return undefined;
  const good: GraphNode[] = [];
  for (const node of nodes as Array<Partial<GraphNode>>) {
    if (typeof node !== 'object' || node === null || !text(node.id, 200) || !text(node.operator, 200)) return undefined;
    good.push({ ...(node as GraphNode), position: { x: finite(node.position?.x), y: finite(node.position?.y) } });
  }
  const links = (Array.isArray(edges) ? (edges as Array<Partial<GraphEdge>>) : []).filter(
    (edge) => text(edge?.id, 200) && text(edge.source, 200) && text(edge.target, 200),
  );
  return { millrace: 'clip', nodes: good, edges: links as GraphEdge[] };
}

/** Pastes with new ids. `at` puts the clip's top left corner there; otherwise it lands a little beside where it came from. */
export function paste(
  doc: GraphDocument,
  clip: Clip,
  at: Point | undefined,
  label: 'paste' | 'duplicate' = 'paste',
): { edit: Edit; ids: string[] } {
  const left = Math.min(...clip.nodes.map((node) => node.position?.x ?? 0));
  const top = Math.min(...clip.nodes.map((node) => node.position?.y ?? 0));
  const dx = at ? at.x - left : 36;
  const dy = at ? at.y - top : 36;
  const ids = new Map<string, string>();
  const nodes: GraphNode[] = [];
  for (const node of clip.nodes) {
    const id = freshNodeId({ nodes: [...doc.nodes, ...nodes] }, node.id.replace(/-\d+$/, ''));
    ids.set(node.id, id);
    nodes.push({
      ...structuredClone(node),
      id,
      position: { x: Math.round((node.position?.x ?? 0) + dx), y: Math.round((node.position?.y ?? 0) + dy) },
    });
  }
  const ops: Op[] = nodes.map((node, n) => ({ kind: 'node.add', node, index: doc.nodes.length + n }));
  const taken = new Set<string>();
  for (const edge of clip.edges) {
    const source = ids.get(edge.source);
    const target = ids.get(edge.target);
    if (!source || !target) continue;
    const id = freshEdgeId(doc, taken);
    taken.add(id);
    ops.push({ kind: 'edge.add', edge: { ...edge, id, source, target }, index: doc.edges.length + taken.size - 1 });
  }
  return { edit: { label, ops }, ids: nodes.map((node) => node.id) };
}
