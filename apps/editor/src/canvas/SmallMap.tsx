import { useReactFlow, useStore } from '@xyflow/react';
import { memo, type PointerEvent, useMemo } from 'react';
import type { Category } from '../api/types.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import type { CardNode } from './flow-nodes.js';
import { CARD_WIDTH } from './geometry.js';

const WIDTH = 140;
const HEIGHT = 80;
const MARGIN = 6;

interface Frame {
  x: number;
  y: number;
  scale: number;
}

/** Where the whole graph lies in the map. */
function frameOf(nodes: readonly CardNode[]): Frame {
  let [left, top, right, bottom] = [0, 0, 1, 1];
  nodes.forEach((node, n) => {
    const { x, y } = node.position;
    left = n === 0 ? x : Math.min(left, x);
    top = n === 0 ? y : Math.min(top, y);
    right = n === 0 ? x + CARD_WIDTH : Math.max(right, x + CARD_WIDTH);
    bottom = n === 0 ? y + 76 : Math.max(bottom, y + (node.height ?? 76));
  });
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top), 0.12);
  return { x: left - (WIDTH / scale - (right - left)) / 2, y: top - (HEIGHT / scale - (bottom - top)) / 2, scale };
}

/** All cards of a category are one path, so the map costs the same for 10 nodes and for 500, and nothing while panning. */
const Cards = memo(function Cards({ nodes, frame }: { nodes: readonly CardNode[]; frame: Frame }) {
  const manifests = useApp((s) => s.manifests);
  const paths = new Map<Category | 'selected', string>();
  for (const node of nodes) {
    const key = node.selected ? 'selected' : (manifests.get(node.data.node.operator)?.docs.category ?? 'shape');
    const x = ((node.position.x - frame.x) * frame.scale).toFixed(1);
    const y = ((node.position.y - frame.y) * frame.scale).toFixed(1);
    paths.set(
      key,
      `${paths.get(key) ?? ''}M${x} ${y}h${Math.max(2, CARD_WIDTH * frame.scale).toFixed(1)}v${Math.max(1.5, (node.height ?? 76) * frame.scale).toFixed(1)}h${-Math.max(2, CARD_WIDTH * frame.scale).toFixed(1)}z`,
    );
  }
  return [...paths].map(([key, d]) => (
    <path
      key={key}
      d={d}
      fill={key === 'selected' ? 'var(--mr-pri)' : `var(--mr-${key})`}
      opacity={key === 'selected' ? 1 : 0.6}
    />
  ));
});

function View({ frame }: { frame: Frame }) {
  const box = useStore(
    (state) =>
      [
        -state.transform[0] / state.transform[2],
        -state.transform[1] / state.transform[2],
        state.width / state.transform[2],
        state.height / state.transform[2],
      ] as const,
    (a, b) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3],
  );
  const left = Math.max(1, (box[0] - frame.x) * frame.scale);
  const top = Math.max(1, (box[1] - frame.y) * frame.scale);
  const right = Math.min(WIDTH - 1, (box[0] + box[2] - frame.x) * frame.scale);
  const bottom = Math.min(HEIGHT - 1, (box[1] + box[3] - frame.y) * frame.scale);
  if (right - left < 2 || bottom - top < 2) return null;
  return <rect x={left} y={top} width={right - left} height={bottom - top} rx={3} className="map-view" />;
}

/** The map of the canvas; press or drag in it to go there. */
export function SmallMap({ nodes }: { nodes: readonly CardNode[] }) {
  const { t } = useT();
  const { setCenter, getZoom } = useReactFlow();
  const frame = useMemo(() => frameOf(nodes), [nodes]);
  const go = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    void setCenter(
      (event.clientX - box.left) / frame.scale + frame.x,
      (event.clientY - box.top) / frame.scale + frame.y,
      { zoom: getZoom() },
    );
  };
  if (nodes.length === 0) return null;
  return (
    <svg
      className="float small-map"
      width={WIDTH}
      height={HEIGHT}
      onPointerDown={go}
      onPointerMove={go}
      role="img"
      aria-label={t('canvas.map')}
    >
      <Cards nodes={nodes} frame={frame} />
      <View frame={frame} />
    </svg>
  );
}
