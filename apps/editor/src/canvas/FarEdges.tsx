import { ViewportPortal } from '@xyflow/react';
import { memo, useEffect, useMemo, useRef } from 'react';
import { metrics } from '../store/metrics.js';
import type { CardNode, LinkEdge } from './flow-nodes.js';
import { curve, PORT } from './geometry.js';

const WIDTHS = [1.5, 2, 3, 4, 5, 6];
const COLOURS = { ok: 'var(--mr-water)', warn: 'var(--mr-warnf)', bad: 'var(--mr-badf)', dry: 'var(--mr-edge)' };

/** The curve of every edge, by id. */
function curves(nodes: readonly CardNode[], edges: readonly LinkEdge[]): Map<string, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const made = new Map<string, string>();
  for (const edge of edges) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    const from = source?.handles?.find((handle) => handle.type === 'source' && handle.id === edge.sourceHandle);
    const to = target?.handles?.find((handle) => handle.type === 'target' && handle.id === edge.targetHandle);
    if (!source || !target || !from || !to) continue;
    const x1 = source.position.x + from.x + PORT;
    const x2 = target.position.x + to.x;
    made.set(edge.id, curve(x1, source.position.y + from.y + PORT / 2, x2, target.position.y + to.y + PORT / 2).path);
  }
  return made;
}

/**
 * All edges of a large graph that is seen from far away: one path for each width and colour instead of one drawing for each
 * edge. With 800 edges this is what keeps panning smooth; below 45 % zoom nobody can tell single edges apart anyway.
 */
export const FarEdges = memo(function FarEdges({
  nodes,
  edges,
  live,
}: {
  nodes: readonly CardNode[];
  edges: readonly LinkEdge[];
  live: boolean;
}) {
  const group = useRef<SVGGElement>(null);
  const paths = useMemo(() => curves(nodes, edges), [nodes, edges]);
  useEffect(() => {
    let drawn = '';
    const draw = () => {
      const looks = new Map<string, string[]>();
      for (const [id, path] of paths) {
        const look = (live ? metrics.edgeLook(id) : undefined) ?? '1|dry';
        const list = looks.get(look);
        if (list) list.push(id, path);
        else looks.set(look, [id, path]);
      }
      const signature = [...looks].map(([look, list]) => look + list.length + list[0]).join();
      if (signature === drawn || !group.current) return;
      drawn = signature;
      group.current.replaceChildren(
        ...[...looks].map(([look, list]) => {
          const [step, level] = look.split('|') as [string, keyof typeof COLOURS];
          const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
          path.setAttribute('d', list.filter((_, n) => n % 2 === 1).join(''));
          path.style.stroke = COLOURS[level];
          path.style.strokeWidth = String(WIDTHS[Number(step)]);
          return path;
        }),
      );
    };
    draw();
    return live ? metrics.onSample(draw) : undefined;
  }, [paths, live]);
  return (
    <ViewportPortal>
      <svg className="far-edges" aria-hidden>
        <g ref={group} />
      </svg>
    </ViewportPortal>
  );
});
