import type { ReactFlowInstance } from '@xyflow/react';
import type { CardNode, LinkEdge } from './flow-nodes.js';
import type { Level } from './geometry.js';

/** The open canvas, for actions that come from keys and menus. */
export const flow: {
  current: ReactFlowInstance<CardNode, LinkEdge> | undefined;
  pointer: { x: number; y: number } | undefined;
  pane: HTMLElement | undefined;
  /** What the cards show at this zoom; numbers that are not shown are not written. */
  level: Level;
  /** Edge labels are hidden, but for full queues. */
  far: boolean;
} = {
  current: undefined,
  pointer: undefined,
  pane: undefined,
  level: 'full',
  far: false,
};

/** Pointer when it is over the canvas, else the middle of the canvas; page px. */
export function pointerOnCanvas(): { x: number; y: number } {
  const box = flow.pane?.getBoundingClientRect();
  if (!box) return { x: innerWidth / 2, y: innerHeight / 2 };
  const p = flow.pointer;
  if (p && p.x >= box.left && p.x <= box.right && p.y >= box.top && p.y <= box.bottom) return p;
  return { x: box.left + box.width / 2, y: box.top + box.height / 3 };
}

export const toFlow = (screen: { x: number; y: number }) => flow.current?.screenToFlowPosition(screen) ?? screen;
/** Fit with a margin in pixels, so that a graph of ordinary width stays at the level where words are read. */
export const FIT = { padding: '16px', maxZoom: 1.1 } as const;
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
export const fitAll = () => void flow.current?.fitView({ ...FIT, duration: calm() ? 0 : 300 });

/** Brings a node into view without changing the zoom more than needed. */
export function reveal(id: string): void {
  const node = flow.current?.getNode(id);
  if (!node || !flow.current) return;
  const zoom = Math.max(flow.current.getZoom(), 0.75);
  void flow.current.setCenter(node.position.x + (node.width ?? 184) / 2, node.position.y + (node.height ?? 76) / 2, {
    zoom,
    duration: calm() ? 0 : 300,
  });
}
