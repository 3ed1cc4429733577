import type { MiniMapNodeProps } from '@xyflow/react';

/** A card on the small map: a block in its category's colour. */
export function MiniNode({ x, y, width, height, color, selected }: MiniMapNodeProps) {
  return <rect x={x} y={y} width={width} height={height} rx={14} fill={selected ? 'var(--mr-pri)' : color} opacity={selected ? 1 : 0.55} />;
}
