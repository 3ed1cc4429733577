import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';

export interface Line {
  label: string;
  /** Token name without its prefix: `p95`, `water`. */
  colour: string;
  dash?: number[];
  fill?: boolean;
}
interface Props {
  /** Times in ms and one list of values a line; null is a gap. */
  times: readonly number[];
  values: ReadonlyArray<ReadonlyArray<number | null>>;
  lines: readonly Line[];
  log?: boolean;
  format: (value: number) => string;
  label: string;
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--mr-${name}`).trim();

/** A time chart on a canvas of its own. The newest, unfinished second lies on a 7 % band. */
export function Chart({ times, values, lines, log = false, format, label }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const theme = useApp((s) => s.theme);
  const { t } = useT();
  const latest = useRef({ times, values, format });
  latest.current = { times, values, format };
  const shape = JSON.stringify([lines, log]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only when its shape or theme changes; data is set below
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const axis = {
      stroke: token('ink3'),
      font: `11px ${token('font')}`,
      ticks: { show: false },
      grid: { stroke: token('line'), width: 1 },
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        ms: 1,
        // To the right, half of a time that stands under the last point.
        padding: [8, 28, 0, 0],
        cursor: { y: false, points: { size: 6 } },
        legend: { show: false },
        scales: {
          x: { time: true },
          y: log
            ? {
                distr: 3,
                log: 10,
                range: (_u, min, max) => [
                  Math.max(0.01, 10 ** Math.floor(Math.log10(Math.max(min ?? 1, 0.01)))),
                  10 ** Math.ceil(Math.log10(Math.max(max ?? 10, 0.1))),
                ],
              }
            : { range: (_u, _min, max) => [0, Math.max(1, (max ?? 1) * 1.15)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 24,
            space: 70,
            values: (_u, splits) =>
              splits.map((at) =>
                new Date(at).toLocaleTimeString([], {
                  hour: '2-digit',
                  minute: '2-digit',
                  ...(splits.length > 1 && splits[1]! - splits[0]! < 60_000 ? { second: '2-digit' } : {}),
                  hour12: false,
                }),
              ),
          },
          {
            ...axis,
            size: 58,
            space: 30,
            values: (_u, splits) => splits.map((value) => (value === null ? '' : latest.current.format(value))),
            ...(log
              ? {
                  filter: (_u: uPlot, splits: number[]) =>
                    splits.map((value) =>
                      Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 ? value : null,
                    ),
                }
              : {}),
          },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.label,
            stroke: token(line.colour),
            width: 1.75,
            points: { show: false },
            ...(line.dash ? { dash: line.dash } : {}),
            ...(line.fill ? { fill: `${token(line.colour)}24` } : {}),
          })),
        ],
        hooks: {
          drawAxes: [
            (u) => {
              const last = latest.current.times.at(-1);
              if (last === undefined) return;
              const from = u.valToPos(last - 1000, 'x', true);
              u.ctx.save();
              u.ctx.fillStyle = `${token('ink')}12`;
              u.ctx.fillRect(from, u.bbox.top, Math.max(2, u.bbox.left + u.bbox.width - from), u.bbox.height);
              u.ctx.restore();
            },
          ],
        },
      },
      [latest.current.times as number[], ...(latest.current.values as number[][])],
      element,
    );
    chart.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape, theme]);
  useEffect(() => {
    chart.current?.setData([times as number[], ...(values as number[][])]);
  }, [times, values]);
  return (
    <figure className="chart" aria-label={label}>
      <div className="chart-canvas" ref={host} role="img" aria-label={label} />
      {values.every((list) => list.every((value) => value === null)) && (
        <p className="chart-none t12 i3">{t('live.noData')}</p>
      )}
      <figcaption className="chart-legend t11">
        {lines.map((line, n) => {
          const last = values[n]?.findLast((value) => value !== null);
          return (
            <span key={line.label}>
              <i className={line.dash ? 'dash' : ''} style={{ color: `var(--mr-${line.colour})` }} />
              {line.label} {last == null ? '' : format(last)}
            </span>
          );
        })}
      </figcaption>
    </figure>
  );
}
