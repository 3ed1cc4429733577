import { Histogram, type TaskReport } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MIN_TIME } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import type { MetricsSample } from './engine.js';
import { MetricsHistory } from './history.js';
import { Meter } from './meter.js';

const plan = {
  nodes: { a: { id: 'a', stage: 'a' }, b: { id: 'b', stage: 'b' }, c: { id: 'c', stage: 'b' } },
  stages: [
    { id: 'a', nodes: ['a'], parallelism: 1 },
    { id: 'b', nodes: ['b', 'c'], parallelism: 2 },
  ],
  edges: [
    { id: 'ab', source: 'a', target: 'b', exchange: 'ab' },
    { id: 'bc', source: 'b', target: 'c' },
  ],
} as unknown as Plan;

interface Part {
  in?: number;
  busyMs?: number;
  latency?: number[];
  watermark?: number;
  problem?: { code: string; message: string; since: number };
}
function report(
  stage: string,
  index: number,
  nodes: { [id: string]: Part },
  more: Partial<TaskReport> = {},
): TaskReport {
  const all = Object.entries(nodes).map(([id, part]) => {
    const histogram = new Histogram();
    for (const value of part.latency ?? []) histogram.record(value);
    const count = part.in ?? 0;
    return [
      id,
      {
        in: count,
        out: count,
        handled: count,
        filtered: 0,
        late: 0,
        skipped: 0,
        deadLettered: 0,
        waiting: 0,
        busyMs: part.busyMs ?? 0,
        latency: histogram.counts,
        watermark: part.watermark ?? MIN_TIME,
        stateKeys: 1,
        ...(part.problem && { problem: part.problem }),
      },
    ];
  });
  return {
    stage,
    index,
    nodes: Object.fromEntries(all),
    edges: {},
    backlogs: {},
    busyMs: 0,
    idleMs: 0,
    backPressuredMs: 0,
    ...more,
  };
}

describe('a meter', () => {
  it('shows the problem that troubles a node for longest, as long as a task has it', () => {
    const meter = new Meter(plan);
    const problem = (since: number) => ({ code: 'DOWN', message: 'down', since });
    const troubled = [report('b', 0, { b: { problem: problem(5) } }), report('b', 1, { b: { problem: problem(3) } })];
    expect(meter.sample(troubled, 10, 'running', 0).nodes.b?.problem).toEqual(problem(3));
    expect(meter.sample([report('b', 0, { b: {} })], 11, 'running', 0).nodes.b).not.toHaveProperty('problem');
  });

  it('makes rates, processing time and latency of what came since the last look, over all tasks', () => {
    const meter = new Meter(plan);
    meter.sample(
      [report('b', 0, { b: { in: 100, busyMs: 10, latency: [1000] } }), report('b', 1, { b: { in: 50, busyMs: 10 } })],
      1000,
      'running',
      0,
    );
    const sample = meter.sample(
      [
        report('b', 0, { b: { in: 300, busyMs: 20, latency: [1000, 2, 2], watermark: 2500 } }, { edges: { ab: 5 } }),
        report('b', 1, { b: { in: 150, busyMs: 30, watermark: 2000 } }),
      ],
      3000,
      'running',
      1,
    );
    const { b } = sample.nodes;
    expect(b).toMatchObject({
      in: 450,
      inRate: 150,
      aptUs: 100,
      watermark: 2000,
      watermarkLagMs: 1000,
      stateKeys: 2,
      restarts: 1,
    });
    expect(b?.latencyMs?.p99).toBeCloseTo(2, 0);
    expect(sample.edges.ab?.rate).toBe(2.5);
  });

  it('shows no negative rate when a task has started again', () => {
    const meter = new Meter(plan);
    meter.sample([report('a', 0, { a: { in: 100, busyMs: 50, latency: [1, 1] } })], 1000, 'running', 0);
    expect(
      meter.sample([report('a', 0, { a: { in: 40, latency: [1] } })], 2000, 'restarting', 1).nodes.a,
    ).toMatchObject({ inRate: 0, aptUs: 0, latencyMs: null });
  });

  it('names the node that holds the others back', () => {
    const meter = new Meter(plan);
    const look = (n: number) => [
      report(
        'a',
        0,
        { a: { in: 1000 * n } },
        {
          backPressuredMs: 900 * n,
          busyMs: 100 * n,
          backlogs: { ab: { records: 900, bound: 1000 } },
          edges: { ab: 1000 * n },
        },
      ),
      report(
        'b',
        0,
        { b: { in: 500 * n, busyMs: 100 * n }, c: { in: 500 * n, busyMs: 800 * n } },
        { busyMs: 950 * n, idleMs: 50 * n },
      ),
    ];
    meter.sample(look(1), 1000, 'running', 0);
    const sample = meter.sample(look(2), 2000, 'running', 0);
    expect(sample.edges.ab).toMatchObject({ inFlight: 900, received: 1100, fill: 0.9 });
    expect(sample.nodes.a?.backPressured).toBe(0.9);
    expect(sample.bottleneck).toMatchObject({
      nodeId: 'c',
      sentenceCode: 'BOTTLENECK_BUSY',
      params: { upstream: 'a', waiting: 900 },
    });
  });
});

describe('a history', () => {
  const at = (ms: number, inRate: number, p99: number): MetricsSample => ({
    at: ms,
    status: 'running',
    nodes: {
      a: {
        in: ms,
        out: 0,
        handled: 0,
        filtered: 0,
        late: 0,
        skipped: 0,
        deadLettered: 0,
        inRate,
        outRate: 0,
        aptUs: 0,
        latencyMs: { p50: 1, p95: 2, p99 },
        busy: 0,
        idle: 1,
        backPressured: 0,
        watermark: null,
        watermarkLagMs: null,
        restarts: 0,
      },
    },
    edges: { e: { rate: inRate, sent: 0, received: 0, inFlight: 0, fill: null } },
    bottleneck: null,
  });

  it('keeps 15 minutes by the second and the minutes as means, with the worst latency', () => {
    const history = new MetricsHistory();
    for (let second = 0; second < 1000; second++) history.add(at(second * 1000, second % 2, second === 30 ? 99 : 3));
    expect(history.read(0, 1)).toHaveLength(900);
    expect(history.read(990_000, 1)).toHaveLength(10);
    const minutes = history.read(0, 60);
    expect(minutes).toHaveLength(16);
    expect(minutes[0]).toMatchObject({
      at: 59_000,
      nodes: { a: { in: 59_000, inRate: 0.5, latencyMs: { p99: 99 } } },
      edges: { e: { rate: 0.5 } },
    });
  });
});
