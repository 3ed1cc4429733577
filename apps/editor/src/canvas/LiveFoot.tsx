import { useEffect, useRef } from 'react';
import { rate, span } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { metrics, type NodeLive } from '../store/metrics.js';
import { flow } from './flow.js';
import { sparkPaths } from './geometry.js';

/** p95 turns red above this many times its own median of the last 15 minutes. */
const HOT = 3;

function typicalP95(id: string): number | undefined {
  const values: number[] = [];
  const step = Math.max(1, Math.floor(metrics.samples.length / 60));
  for (let i = 0; i < metrics.samples.length; i += step) {
    const p95 = metrics.samples[i]!.nodes[id]?.latencyMs?.p95;
    if (p95 !== undefined) values.push(p95);
  }
  if (values.length < 20) return undefined;
  values.sort((a, b) => a - b);
  return values[values.length >> 1];
}

/** Rate, p95, sparkline and busy bar of a card. Written straight into the DOM on each sample. */
export function LiveFoot({ id, status }: { id: string; status: NodeLive | undefined }) {
  const { t } = useT();
  const refs = useRef<{
    rate: HTMLElement | null;
    label: HTMLElement | null;
    p95: HTMLElement | null;
    line: SVGPathElement | null;
    area: SVGPathElement | null;
    busy: HTMLElement | null;
    held: HTMLElement | null;
  }>({
    rate: null,
    label: null,
    p95: null,
    line: null,
    area: null,
    busy: null,
    held: null,
  });
  const noData = t('live.noData');
  useEffect(() => {
    let ticks = 0;
    let typical: number | undefined;
    const write = () => {
      const el = refs.current;
      if (flow.level === 'block' || flow.level === 'dot') return;
      const node = metrics.node(id);
      if (!el.rate || !el.p95 || !el.label || !el.line || !el.area || !el.busy || !el.held) return;
      if (!node) {
        el.rate.textContent = '…';
        el.p95.textContent = '';
        el.label.textContent = '';
        return;
      }
      if (ticks++ % 30 === 0) typical = typicalP95(id);
      el.rate.textContent = rate(Math.max(node.inRate, node.outRate));
      const p95 = node.latencyMs?.p95;
      el.label.textContent = p95 === undefined ? '' : 'p95';
      el.p95.textContent = p95 === undefined ? noData : span(p95);
      el.p95.className =
        p95 === undefined ? 'i3' : typical !== undefined && p95 > typical * HOT && p95 > 20 ? 'val bad' : 'val';
      const { line, area } = sparkPaths(metrics.rates(id), 30, 16);
      el.line.setAttribute('d', line);
      el.area.setAttribute('d', area);
      el.busy.style.width = `${node.busy * 100}%`;
      el.held.style.width = `${Math.min(node.backPressured, 1 - node.busy) * 100}%`;
    };
    write();
    return metrics.onNode(id, write);
  }, [id, noData]);
  const set = (name: keyof typeof refs.current) => (el: never) => {
    refs.current[name] = el;
  };
  return (
    <>
      <div className="ft nums">
        <b className="rate" ref={set('rate')} />
        <span className="nw p95">
          <span className="i3" ref={set('label')} /> <span className="val" ref={set('p95')} />
        </span>
        <svg
          className={`spark ${status === 'busy' || status === 'held' ? 'hot' : ''}`}
          width="30"
          height="16"
          aria-hidden
        >
          <path className="area" ref={set('area')} />
          <path className="line" ref={set('line')} />
        </svg>
      </div>
      <div className="bar" aria-hidden>
        <i className={status === 'busy' ? 'busy hot' : 'busy'} ref={set('busy')} />
        <i className="held" ref={set('held')} />
      </div>
    </>
  );
}
