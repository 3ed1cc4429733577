import type { ReactNode } from 'react';
import { full, percent, rate, short, spanParts } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { metrics } from '../store/metrics.js';
import { repeat } from '../ui/Skeletons.js';
import { useNow } from './RunChip.js';
import { Spark } from './Spark.js';
import { totalsOf } from './totals.js';
import { useSample } from './use-sample.js';

const POINTS = 60;

/** Six numbers of the run over the canvas: name, number, meaning. Old numbers turn grey and say so. */
export function KpiStrip() {
  const { t, locale } = useT();
  const sample = useSample();
  const run = useEditor((s) => s.run);
  const draft = useEditor((s) => s.history.doc);
  const published = useEditor((s) => s.published);
  const now = useNow();
  const doc = published ?? draft;
  if (!run)
    return (
      <div className="kpis empty">
        <p className="i2 pad">{t('live.neverRun')}</p>
      </div>
    );
  if (!sample)
    return (
      <div className="kpis">
        {repeat(6, (key) => (
          <div className="kpi" key={key}>
            <div className="skeleton" style={{ width: 90, height: 12 }} />
            <div className="skeleton" style={{ width: 60, height: 20 }} />
          </div>
        ))}
      </div>
    );
  const totals = totalsOf(sample, doc);
  const recent = metrics.samples.slice(-POINTS).map((one) => totalsOf(one, doc));
  const before =
    metrics.samples.length >= 300 ? totalsOf(metrics.samples[metrics.samples.length - 300]!, doc) : undefined;
  const change = before && before.finished > 1 ? totals.finished / before.finished - 1 : undefined;
  const [p95, unit] = totals.latency ? spanParts(totals.latency.p95) : ['', ''];
  const finished = rate(totals.finished).split('/')[0]!;
  const cell = (name: string, value: ReactNode, meaning: ReactNode, extra?: ReactNode) => (
    <div className="kpi">
      <div className="kpi-main">
        <div className="t12 i2 el">{name}</div>
        <div className="kpi-value">{value}</div>
        <div className="t12 i2 el">{meaning}</div>
      </div>
      {extra}
    </div>
  );
  const stale = metrics.stale(now) && run.status === 'running';
  return (
    <section className={`kpis ${stale ? 'stale' : ''}`} aria-label={t('kpi.label')}>
      {cell(
        t('kpi.finished'),
        <>
          <b>{finished}</b> <span className="unit">/s</span>
        </>,
        change === undefined
          ? t('kpi.entered', { rate: rate(totals.entered) })
          : t('kpi.change', { change: `${change < 0 ? '−' : '+'}${percent(Math.abs(change))}` }),
        <Spark values={recent.map((one) => one.finished)} />,
      )}
      {cell(
        t('kpi.latency'),
        totals.latency ? (
          <>
            <b>{p95}</b> <span className="unit">{unit}</span>
          </>
        ) : (
          <span className="i3 t14">{t('live.noData')}</span>
        ),
        totals.latency
          ? t('kpi.percentiles', {
              p50: spanParts(totals.latency.p50).join(' '),
              p99: spanParts(totals.latency.p99).join(' '),
            })
          : '',
        <Spark values={recent.map((one) => one.latency?.p95 ?? 0)} />,
      )}
      {cell(
        t('kpi.waiting'),
        <>
          <b>{short(totals.waiting)}</b> <span className="unit">{t('kpi.records')}</span>
        </>,
        totals.fullest === null ? t('kpi.noQueue') : t('kpi.fullest', { share: percent(totals.fullest) }),
        <Spark values={recent.map((one) => one.waiting)} />,
      )}
      {cell(
        t('kpi.leftOut'),
        <b>{short(totals.filtered)}</b>,
        totals.late > 0 ? t('kpi.late', { count: totals.late, n: full(totals.late, locale) }) : t('kpi.noLate'),
      )}
      {cell(
        t('kpi.letters'),
        <b className={totals.deadLetters > 0 ? 'bad' : ''}>{short(totals.deadLetters)}</b>,
        totals.deadLetters > 0 ? t('kpi.lettersSome') : t('kpi.lettersNone'),
        <button
          type="button"
          className="btn s"
          onClick={() => useEditor.setState((s) => ({ bottom: s.bottom === 'letters' ? 'closed' : 'letters' }))}
        >
          {t('kpi.open')}
        </button>,
      )}
      {cell(
        t('kpi.lag'),
        totals.lagMs === null ? (
          <span className="i3 t14">{t('live.noData')}</span>
        ) : (
          <>
            <b>{spanParts(totals.lagMs)[0]}</b> <span className="unit">{spanParts(totals.lagMs)[1]}</span>
          </>
        ),
        t('kpi.lagMeaning'),
      )}
    </section>
  );
}
