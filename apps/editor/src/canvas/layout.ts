import { layout as dagre, Graph } from '@dagrejs/dagre';
import type { Point } from '../store/edits.js';

export interface LayoutBox {
  id: string;
  width: number;
  height: number;
}
export interface LayoutInput {
  nodes: LayoutBox[];
  edges: Array<{ source: string; target: string }>;
}

const COLUMN_GAP = 70;
const ROW_GAP = 56;
const STEP = 18;
/** Loose nodes go below the graph, this many a row. */
const LOOSE_COLUMNS = 5;

/** Places every node, left to right, on the 18 px grid. The same input gives the same layout. */
export function place(input: LayoutInput): Map<string, Point> {
  const linked = new Set(input.edges.flatMap((edge) => [edge.source, edge.target]));
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP, edgesep: 18, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of input.nodes)
    if (linked.has(node.id)) graph.setNode(node.id, { width: node.width, height: node.height });
  for (const edge of input.edges)
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target)) graph.setEdge(edge.source, edge.target);
  if (graph.nodeCount() > 0) dagre(graph);
  const snap = (value: number) => Math.round(value / STEP) * STEP;
  const places = new Map<string, Point>();
  let bottom = -ROW_GAP;
  let loose = 0;
  for (const node of input.nodes) {
    if (!linked.has(node.id)) continue;
    const { x, y } = graph.node(node.id) as { x: number; y: number };
    const at = { x: snap(x - node.width / 2), y: snap(y - node.height / 2) };
    places.set(node.id, at);
    bottom = Math.max(bottom, at.y + node.height);
  }
  const top = snap(bottom + ROW_GAP);
  for (const node of input.nodes) {
    if (linked.has(node.id)) continue;
    places.set(node.id, {
      x: snap((loose % LOOSE_COLUMNS) * (node.width + COLUMN_GAP)),
      y: top + snap(Math.floor(loose / LOOSE_COLUMNS) * (76 + ROW_GAP)),
    });
    loose++;
  }
  return places;
}
