import { lazy, Suspense } from 'react';
import { clock } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { metrics } from '../store/metrics.js';
import { Advice } from './Advice.js';
import { EdgePanel } from './EdgePanel.js';
import { useNow } from './RunChip.js';

const NodeDrawer = lazy(() => import('./NodeDrawer.js').then((m) => ({ default: m.NodeDrawer })));
const DeadLetters = lazy(() => import('./DeadLetters.js').then((m) => ({ default: m.DeadLetters })));

/** Everything that lies over or beside the live canvas. */
export function LivePanels() {
  const live = useEditor((s) => s.mode === 'live');
  const edge = useEditor((s) => s.edgePanel);
  const drawer = useEditor((s) => s.drawer);
  const letters = useEditor((s) => s.bottom === 'letters');
  return (
    <>
      {live && <StaleStrip />}
      {live && <Advice />}
      {edge && <EdgePanel key={edge} id={edge} />}
      <Suspense fallback={null}>
        {drawer && live && <NodeDrawer key={drawer} id={drawer} />}
        {letters && live && <DeadLetters />}
      </Suspense>
    </>
  );
}

/** Numbers older than 5 s are never shown as live. */
function StaleStrip() {
  const { t, locale } = useT();
  const run = useEditor((s) => s.run);
  const now = useNow();
  if (run?.status === 'failed' && run.error) {
    return (
      <div className="banner bad live-banner" role="alert">
        <b>{t('run.failedTitle')}</b> {run.error.message ?? run.error.code} {run.error.hint ?? ''}
      </div>
    );
  }
  if (run?.status !== 'running' || !metrics.stale(now)) return null;
  return (
    <div className="banner warn live-banner" role="status">
      {t('live.stale', { time: clock(metrics.receivedAt, locale) })}
    </div>
  );
}
