import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { levelOf } from './geometry.js';

/** Tells the style sheet how far out the canvas is: `data-level` picks what a card shows, `--z` keeps its words readable. */
export function ZoomLevel({ pane }: { pane: RefObject<HTMLDivElement | null> }) {
  const zoom = useStore((state) => Math.round(state.transform[2] * 50) / 50);
  useEffect(() => {
    pane.current?.style.setProperty('--z', String(Math.max(0.08, zoom)));
    pane.current?.setAttribute('data-level', levelOf(zoom));
    pane.current?.toggleAttribute('data-far', zoom < 0.6);
  }, [zoom, pane]);
  return null;
}
