import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import type { GraphDocument, GraphEdge, GraphNode, InputInfo, OutputInfo } from '../api/types.js';
import type { Point } from '../store/edits.js';
import { type Known, type NamedPort, portsIn, portsOut } from '../store/linking.js';
import { CARD_WIDTH, cardHeight, PORT, portRows, portY } from './geometry.js';

export type CardData = { node: GraphNode; inputs: NamedPort<InputInfo>[]; outputs: NamedPort<OutputInfo>[] };
export type CardNode = Node<CardData, 'card'>;
export type LinkData = { upsert: boolean; queued: boolean };
export type LinkEdge = Edge<LinkData, 'link'>;

interface Cached {
  node: GraphNode;
  info: unknown;
  manifest: unknown;
  selected: boolean;
  position: Point;
  made: CardNode;
}

/** Sizes and handle places are given, not measured: the canvas knows its cards, and 500 of them need no layout reads. */
function handles(inputs: number, outputs: number, data: CardData): NodeHandle[] {
  const rows = portRows(inputs, outputs);
  const at = (index: number) => portY(index, rows) - PORT / 2;
  return [
    ...data.inputs.map(
      (port, n): NodeHandle => ({
        id: port.name,
        type: 'target',
        position: Position.Left,
        x: -PORT / 2,
        y: at(n),
        width: PORT,
        height: PORT,
      }),
    ),
    ...data.outputs.map(
      (port, n): NodeHandle => ({
        id: port.name,
        type: 'source',
        position: Position.Right,
        x: CARD_WIDTH - PORT / 2,
        y: at(n),
        width: PORT,
        height: PORT,
      }),
    ),
  ];
}

/** Makes React Flow's nodes from the document and keeps each object as long as nothing of it changed. */
export class FlowNodes {
  #cache = new Map<string, Cached>();

  make(
    doc: GraphDocument,
    known: Known,
    selected: ReadonlySet<string>,
    dragged: ReadonlyMap<string, Point> | undefined,
  ): CardNode[] {
    const seen = new Set<string>();
    const list = doc.nodes.map((node, index) => {
      seen.add(node.id);
      const position = dragged?.get(node.id) ??
        node.position ?? { x: (index % 5) * 250, y: Math.floor(index / 5) * 140 };
      const info = known.infos[node.id];
      const manifest = known.manifests.get(node.operator);
      const isSelected = selected.has(node.id);
      const had = this.#cache.get(node.id);
      if (
        had &&
        had.node === node &&
        had.info === info &&
        had.manifest === manifest &&
        had.selected === isSelected &&
        had.position.x === position.x &&
        had.position.y === position.y
      )
        return had.made;
      const samePorts = had && had.node === node && had.info === info && had.manifest === manifest;
      const data: CardData = samePorts
        ? had.made.data
        : { node, inputs: portsIn(node, known), outputs: portsOut(node, known, doc) };
      const height = cardHeight(data.inputs.length, data.outputs.length);
      const made: CardNode = {
        id: node.id,
        type: 'card',
        position,
        data,
        selected: isSelected,
        width: CARD_WIDTH,
        height,
        measured: { width: CARD_WIDTH, height },
        handles: samePorts ? had.made.handles! : handles(data.inputs.length, data.outputs.length, data),
      };
      this.#cache.set(node.id, { node, info, manifest, selected: isSelected, position, made });
      return made;
    });
    for (const id of this.#cache.keys()) if (!seen.has(id)) this.#cache.delete(id);
    return list;
  }
}

/** The same for edges. */
export class FlowEdges {
  #cache = new Map<string, { edge: GraphEdge; look: string; made: LinkEdge }>();

  make(doc: GraphDocument, known: Known, selected: ReadonlySet<string>, nodes: ReadonlySet<string>): LinkEdge[] {
    const byId = new Map(doc.nodes.map((node) => [node.id, node]));
    const seen = new Set<string>();
    const list = doc.edges.map((edge) => {
      seen.add(edge.id);
      const source = byId.get(edge.source);
      const handle = edge.sourceHandle ?? 'out';
      const upsert = source ? known.infos[source.id]?.outputs[handle]?.mode.mode === 'upsert' : false;
      const isSelected = selected.has(edge.id);
      const lit = nodes.has(edge.source) || nodes.has(edge.target);
      const off = source?.disabled === true || byId.get(edge.target)?.disabled === true;
      const look = `${upsert}|${isSelected}|${lit}|${off}`;
      const had = this.#cache.get(edge.id);
      if (had && had.edge === edge && had.look === look) return had.made;
      const made: LinkEdge = {
        id: edge.id,
        type: 'link',
        source: edge.source,
        target: edge.target,
        sourceHandle: handle,
        targetHandle: edge.targetHandle ?? 'in',
        selected: isSelected,
        data: { upsert, queued: false },
        className: `${lit ? 'lit' : ''} ${off ? 'off' : ''}`,
      };
      this.#cache.set(edge.id, { edge, look, made });
      return made;
    });
    for (const id of this.#cache.keys()) if (!seen.has(id)) this.#cache.delete(id);
    return list;
  }
}
