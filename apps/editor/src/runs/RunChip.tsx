import {
  IconAlertOctagon,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconRefresh,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { RunStatus, RunSummary } from '../api/types.js';
import { lasting, millis } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';

const TONE: { [status in RunStatus]: 'ok' | 'warn' | 'bad' | '' } = {
  starting: 'ok',
  running: 'ok',
  restarting: 'bad',
  pausing: 'warn',
  paused: 'warn',
  finished: '',
  failed: 'bad',
  killed: '',
};

export function statusIcon(status: RunStatus, size = 12) {
  if (status === 'running' || status === 'starting') return <IconPlayerPlayFilled size={size} />;
  if (status === 'paused' || status === 'pausing') return <IconPlayerPauseFilled size={size} />;
  if (status === 'restarting') return <IconRefresh size={size} />;
  if (status === 'failed') return <IconAlertOctagon size={size} />;
  return <IconPlayerStopFilled size={size} />;
}

/** Ticks once a second while mounted. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function StatusChip({ run }: { run: RunSummary }) {
  const { t } = useT();
  return (
    <span className={`chip ${TONE[run.status]}`} data-status={run.status}>
      {statusIcon(run.status)}
      {t(`run.${run.status}`, { version: run.version })}
    </span>
  );
}

export function RunChip() {
  const { t, locale } = useT();
  const run = useEditor((s) => s.run);
  const now = useNow();
  if (!run) return <span className="chip">{t('run.none')}</span>;
  const end = run.endedAt ? millis(run.endedAt) : now;
  return (
    <>
      <StatusChip run={run} />
      <span className="t12 i3 nw run-for">{t('run.for', { time: lasting(end - millis(run.startedAt), locale) })}</span>
    </>
  );
}
