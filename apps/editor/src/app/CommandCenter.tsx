import { lazy, Suspense, useEffect } from 'react';
import { useUi } from './ui-state.js';

const CommandPalette = lazy(() => import('./CommandPalette.js').then((m) => ({ default: m.CommandPalette })));

/** Ctrl+K and Ctrl+Shift+P open the command palette on every page. */
export function CommandCenter() {
  const open = useUi((s) => s.palette);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && (key === 'k' || (key === 'p' && event.shiftKey))) {
        event.preventDefault();
        useUi.setState({ palette: true, find: false });
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return open ? (
    <Suspense fallback={null}>
      <CommandPalette />
    </Suspense>
  ) : null;
}
