import { IconPlugConnectedX, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { nodeLabel, operatorName } from '../canvas/names.js';
import { StatusIcon } from '../canvas/StatusIcon.js';
import { bytes, dateTime, full, percent, rate, short, span, spanParts } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { useEditor } from '../store/editor.js';
import { metrics } from '../store/metrics.js';
import { shownDoc } from '../store/shown.js';
import { Tile } from '../ui/icons.js';
import { DeadLetters } from './DeadLetters.js';
import { useSample } from './use-sample.js';

const Chart = lazy(() => import('./Chart.js').then((m) => ({ default: m.Chart })));

/** Everything about one node while it runs: seven numbers, latency and throughput, its ledger, its dead letters. */
export function NodeDrawer({ id }: { id: string }) {
  const { t, locale } = useT();
  const node = useEditor((s) => shownDoc(s).nodes.find((other) => other.id === id));
  const summary = useEditor((s) => s.validation.nodes[id]?.summary);
  const edges = useEditor((s) => shownDoc(s).edges);
  const manifest = useApp((s) => s.manifests.get(node?.operator ?? ''));
  const sample = useSample();
  const [tab, setTab] = useState<'overview' | 'letters'>('overview');
  const box = useRef<HTMLElement>(null);
  const close = () => useEditor.setState({ drawer: undefined });
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus?.();
  }, []);
  const at = sample?.at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sample means a new history
  const history = useMemo(() => {
    const times: number[] = [];
    const lat: Array<Array<number | null>> = [[], [], []];
    const thr: Array<Array<number | null>> = [[], []];
    for (const one of metrics.samples) {
      const numbers = one.nodes[id];
      if (!numbers) continue;
      times.push(one.at);
      lat[0]!.push(numbers.latencyMs?.p50 ?? null);
      lat[1]!.push(numbers.latencyMs?.p95 ?? null);
      lat[2]!.push(numbers.latencyMs?.p99 ?? null);
      thr[0]!.push(numbers.inRate);
      thr[1]!.push(numbers.outRate);
    }
    return { times, lat, thr };
  }, [id, at]);
  if (!node) return null;
  const numbers = sample?.nodes[id];
  const status = metrics.status(id);
  const fills = edges
    .filter((edge) => edge.target === id)
    .map((edge) => sample?.edges[edge.id]?.fill)
    .filter((fill): fill is number => typeof fill === 'number');
  const fullest = fills.length > 0 ? Math.max(...fills) : undefined;
  const fact = (name: string, value: string, unit = '', tone = '') => (
    <div className="drawer-fact">
      <div className="t12 i2">{name}</div>
      <div className={`drawer-value ${tone}`}>
        <b>{value}</b> <span className="unit">{unit}</span>
      </div>
    </div>
  );
  const latency = (name: string, value: number | undefined) =>
    value === undefined ? fact(name, '', t('live.noData')) : fact(name, ...spanParts(value));
  return (
    <div className="drawer-layer">
      <button type="button" className="scrim" aria-label={t('common.close')} tabIndex={-1} onClick={close} />
      <aside
        className="drawer"
        role="dialog"
        aria-modal="true"
        aria-label={nodeLabel(node, manifest, locale)}
        tabIndex={-1}
        ref={box}
      >
        <header className="drawer-head">
          <Tile name={manifest?.docs.icon} category={manifest?.docs.category ?? 'shape'} size={36} />
          <div className="grow">
            <div className="row g8">
              <h2 className="t16 b el">{nodeLabel(node, manifest, locale)}</h2>
              {status && (
                <span
                  className={`chip ${status === 'busy' || status === 'held' ? 'warn' : status === 'failing' || status === 'waiting' ? 'bad' : status === 'running' ? 'ok' : ''}`}
                >
                  <StatusIcon kind={status} size={13} />
                  {t(`status.${status}`)}
                </span>
              )}
              {sample?.bottleneck?.nodeId === id && <span className="chip warn">{t('tag.bottleneck')}</span>}
            </div>
            <p className="t12 i2 el">
              {[operatorName(manifest, node.operator, locale), summary].filter(Boolean).join(' · ')}
            </p>
          </div>
          <button type="button" className="ib" aria-label={t('common.close')} onClick={close}>
            <IconX size={18} />
          </button>
        </header>
        <div className="tabs" role="tablist">
          <button
            type="button"
            role="tab"
            aria-selected={tab === 'overview'}
            className={tab === 'overview' ? 'on' : ''}
            onClick={() => setTab('overview')}
          >
            {t('drawer.overview')}
          </button>
          <button
            type="button"
            role="tab"
            aria-selected={tab === 'letters'}
            className={tab === 'letters' ? 'on' : ''}
            onClick={() => setTab('letters')}
          >
            {t('letters.title')}
            {numbers && numbers.deadLettered > 0 && <span className="chip bad">{short(numbers.deadLettered)}</span>}
          </button>
        </div>
        {tab === 'letters' ? (
          <DeadLetters nodeId={id} />
        ) : (
          <div className="drawer-body">
            {status === 'waiting' && numbers?.problem && (
              <div className="banner bad node-problem" role="alert">
                <IconPlugConnectedX size={18} />
                <div className="grow">
                  <p className="m">{numbers.problem.message}</p>
                  {numbers.problem.hint && <p>{numbers.problem.hint}</p>}
                  <p className="t12">
                    {t('drawer.problemSince', {
                      time: dateTime(numbers.problem.since, locale),
                      span: span(Math.max(0, (sample?.at ?? 0) - numbers.problem.since)),
                    })}
                  </p>
                </div>
              </div>
            )}
            {numbers ? (
              <div className="drawer-facts box">
                {fact(t('drawer.in'), rate(numbers.inRate).split('/')[0]!, '/s')}
                {fact(t('drawer.out'), rate(numbers.outRate).split('/')[0]!, '/s')}
                {numbers.aptUs === null
                  ? fact(t('drawer.apt'), '', t('live.noData'))
                  : fact(t('drawer.apt'), ...spanParts(numbers.aptUs / 1000))}
                {latency(t('drawer.p50'), numbers.latencyMs?.p50)}
                {latency(t('drawer.p95'), numbers.latencyMs?.p95)}
                {latency(t('drawer.p99'), numbers.latencyMs?.p99)}
                {fullest === undefined
                  ? fact(
                      t('drawer.busy'),
                      percent(numbers.busy).replace('%', ''),
                      '%',
                      numbers.busy > 0.85 ? 'warn' : '',
                    )
                  : fact(
                      t('drawer.queue'),
                      percent(fullest).replace('%', ''),
                      '%',
                      fullest > 0.85 ? 'bad' : fullest > 0.6 ? 'warn' : '',
                    )}
              </div>
            ) : (
              <div className="skeleton" style={{ height: 64 }} />
            )}
            <div className="drawer-charts">
              <section className="box chart-box">
                <h3 className="row between">
                  <span className="m">{t('drawer.latency')}</span>
                  <span className="t12 i3">{t('drawer.log')}</span>
                </h3>
                <Suspense fallback={<div className="skeleton chart" />}>
                  <Chart
                    label={t('drawer.latency')}
                    times={history.times}
                    values={history.lat}
                    log
                    format={(value) => span(value)}
                    lines={[
                      { label: 'p50', colour: 'p50', dash: [8, 4] },
                      { label: 'p95', colour: 'p95' },
                      { label: 'p99', colour: 'p99', dash: [2, 3] },
                    ]}
                  />
                </Suspense>
              </section>
              <section className="box chart-box">
                <h3 className="row between">
                  <span className="m">{t('drawer.throughput')}</span>
                  <span className="t12 i3">{t('drawer.perSecond')}</span>
                </h3>
                <Suspense fallback={<div className="skeleton chart" />}>
                  <Chart
                    label={t('drawer.throughput')}
                    times={history.times}
                    values={history.thr}
                    format={(value) => rate(value)}
                    lines={[
                      { label: t('drawer.inLine'), colour: 'water', fill: true },
                      { label: t('drawer.outLine'), colour: 'p50', dash: [8, 4] },
                    ]}
                  />
                </Suspense>
              </section>
            </div>
            {numbers && (
              <section className="box ledger">
                <h3 className="m">{t('drawer.ledger')}</h3>
                {(
                  [
                    ['in', numbers.in],
                    ['handled', numbers.handled],
                    ['filtered', numbers.filtered],
                    ['late', numbers.late],
                    ['skipped', numbers.skipped],
                    ['deadLettered', numbers.deadLettered],
                    ['out', numbers.out],
                  ] as const
                ).map(([key, value]) => (
                  <div className="ledger-row" key={key}>
                    <span className="i2">{t(`ledger.${key}`)}</span>
                    <b className={key === 'deadLettered' && value > 0 ? 'bad' : ''}>{full(value, locale)}</b>
                  </div>
                ))}
                {numbers.stateBytes !== undefined && (
                  <div className="ledger-row">
                    <span className="i2">{t('ledger.state')}</span>
                    <b>
                      {bytes(numbers.stateBytes)}
                      {numbers.stateKeys === undefined
                        ? ''
                        : ` · ${t('ledger.keys', { count: numbers.stateKeys, n: full(numbers.stateKeys, locale) })}`}
                    </b>
                  </div>
                )}
                {numbers.watermarkLagMs !== null && numbers.watermarkLagMs !== undefined && (
                  <div className="ledger-row">
                    <span className="i2">{t('ledger.lag')}</span>
                    <b>{span(numbers.watermarkLagMs)}</b>
                  </div>
                )}
              </section>
            )}
          </div>
        )}
      </aside>
    </div>
  );
}
