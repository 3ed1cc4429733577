import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { metrics } from '../store/metrics.js';
import { flow } from './flow.js';
import { levelOf } from './geometry.js';

/** Tells the style sheet how far out the canvas is: `data-level` picks what a card shows, `--z` keeps its words readable. */
export function ZoomLevel({ pane, onFar }: { pane: RefObject<HTMLDivElement | null>; onFar: (far: boolean) => void }) {
  const zoom = useStore((state) => Math.round(state.transform[2] * 50) / 50);
  useEffect(() => {
    pane.current?.style.setProperty('--z', String(Math.max(0.08, zoom)));
    const level = levelOf(zoom);
    const more = level !== flow.level || zoom < 0.6 !== flow.far;
    flow.level = level;
    flow.far = zoom < 0.6;
    pane.current?.setAttribute('data-level', level);
    pane.current?.toggleAttribute('data-far', zoom < 0.6);
    onFar(level === 'block' || level === 'dot');
    if (more) metrics.touch();
  }, [zoom, pane, onFar]);
  return null;
}
