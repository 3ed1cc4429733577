import { IconArrowBarToRight, IconFlame, IconMailX, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { percent, short } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { metrics } from '../store/metrics.js';

/** The problem of a node in one line; the rest is in the drawer. */
function problemOf(id: string): string {
  return metrics.status(id) === 'waiting' ? (metrics.node(id)?.problem?.message ?? '') : '';
}

/** What the tags say, as one string: it changes rarely, and only then do the tags render. */
function tagsOf(id: string): string {
  const node = metrics.node(id);
  if (!node) return '';
  const held = node.backPressured > 0.3 ? Math.round(node.backPressured * 20) / 20 : 0;
  return [
    metrics.latest?.bottleneck?.nodeId === id ? 1 : 0,
    held,
    node.deadLettered,
    metrics.status(id) === 'failing' ? (node.restarts ?? 0) : 0,
  ].join('|');
}

/** Bottleneck above the card; held back, dead letters and restarts below it, at most two, worst first. */
export function NodeTags({ id }: { id: string }) {
  const { t } = useT();
  const key = useSyncExternalStore(
    (changed) => metrics.onNode(id, changed),
    () => tagsOf(id),
  );
  const problem = useSyncExternalStore(
    (changed) => metrics.onNode(id, changed),
    () => problemOf(id),
  );
  if (key === '') return null;
  const [hot, held, letters, restarts] = key.split('|').map(Number) as [number, number, number, number];
  const below = [
    problem !== '' && (
      <span key="p" className="pill bad trouble" title={problem}>
        <IconPlugConnectedX size={12} />
        <span className="el">{problem}</span>
      </span>
    ),
    restarts > 0 && (
      <span key="r" className="pill bad">
        <IconRefresh size={12} />
        {t('tag.restarts', { count: restarts })}
      </span>
    ),
    letters > 0 && (
      <span key="l" className="pill bad">
        <IconMailX size={12} />
        {t('tag.letters', { count: letters, n: short(letters) })}
      </span>
    ),
    held > 0 && (
      <span key="h" className="pill warn">
        <IconArrowBarToRight size={12} />
        {t('tag.held', { share: percent(held) })}
      </span>
    ),
  ]
    .filter(Boolean)
    .slice(0, 2);
  return (
    <>
      {hot === 1 && (
        <span className="pill inv top">
          <IconFlame size={12} />
          {t('tag.bottleneck')}
        </span>
      )}
      {below.length > 0 && <span className="below">{below}</span>}
    </>
  );
}
