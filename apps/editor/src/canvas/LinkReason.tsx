import { useEffect, useRef, useState } from 'react';
import { useT } from '../i18n/index.js';
import type { LinkProblem } from '../store/linking.js';
import { fits } from './fits.js';

/** While a link is dragged over a port that does not fit: why, beside the pointer. */
export function LinkReason() {
  const { t } = useT();
  const [found, setFound] = useState<{ problem: LinkProblem; x: number; y: number }>();
  const shown = useRef(false);
  useEffect(() => {
    const look = (event: PointerEvent) => {
      if (!fits.reasons) {
        if (shown.current) setFound(undefined);
        shown.current = false;
        return;
      }
      const port = document
        .elementsFromPoint(event.clientX, event.clientY)
        .map((element) => element.closest('[data-port]'))
        .find(Boolean);
      const problem = fits.reasons.get(port?.getAttribute('data-port') ?? '');
      shown.current = problem !== undefined;
      setFound(problem ? { problem, x: event.clientX, y: event.clientY } : undefined);
    };
    addEventListener('pointermove', look);
    addEventListener('pointerup', look);
    return () => {
      removeEventListener('pointermove', look);
      removeEventListener('pointerup', look);
    };
  }, []);
  if (!found) return null;
  return (
    <div className="link-reason" role="status" style={{ left: found.x + 14, top: found.y + 14 }}>
      {t(`link.${found.problem.code}`, found.problem.params)}
    </div>
  );
}
