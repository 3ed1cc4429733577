import { describe, expect, it, vi } from 'vitest';
import type { MetricsSample, NodeSample } from '../api/types.js';
import { fillLevel, MetricsStore, rateStep } from './metrics.js';

const node = (over: Partial<NodeSample> = {}): NodeSample => ({
  in: 0,
  out: 0,
  handled: 0,
  filtered: 0,
  late: 0,
  skipped: 0,
  deadLettered: 0,
  inRate: 100,
  outRate: 100,
  aptUs: 1,
  latencyMs: null,
  busy: 0.1,
  idle: 0.9,
  backPressured: 0,
  watermark: null,
  watermarkLagMs: null,
  restarts: 0,
  ...over,
});
const sample = (at: number, over: Partial<NodeSample> = {}, rate = 100, fill: number | null = null): MetricsSample => ({
  runId: 'r',
  at,
  status: 'running',
  nodes: { a: node(over) },
  edges: { e: { rate, sent: 0, received: 0, inFlight: 0, fill } },
  bottleneck: null,
});

describe('the metrics store', () => {
  it('steps the width of an edge with the rate, and not back and forth at a bound', () => {
    expect([0, 9, 10, 99, 100, 299, 300, 999, 1000, 9999, 10_000].map((rate) => rateStep(rate, undefined))).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5,
    ]);
    expect(rateStep(105, 1)).toBe(1);
    expect(rateStep(111, 1)).toBe(2);
    expect(rateStep(95, 2)).toBe(2);
    expect(rateStep(89, 2)).toBe(1);
    expect(rateStep(20_000, 0)).toBe(5);
    expect(rateStep(0, 5)).toBe(0);
  });

  it('colours a queue by the thresholds 60 and 85', () => {
    expect([null, 0, 0.6, 0.61, 0.85, 0.86, 1].map(fillLevel)).toEqual([
      'ok',
      'ok',
      'ok',
      'warn',
      'warn',
      'bad',
      'bad',
    ]);
  });

  it('gives a node the worst of its states', () => {
    const store = new MetricsStore();
    store.push(sample(1000), 0);
    expect(store.status('a')).toBe('running');
    store.push(sample(2000, { busy: 0.9 }), 0);
    expect(store.status('a')).toBe('busy');
    store.push(sample(3000, { busy: 0.9, backPressured: 0.4 }), 0);
    expect(store.status('a')).toBe('held');
    store.push(sample(4000, { restarts: 1 }), 0);
    expect(store.status('a')).toBe('failing');
    store.push({ ...sample(20_000), status: 'paused' }, 0);
    expect(store.status('a')).toBe('stopped');
  });

  it('calls a node idle after 30 s without a record', () => {
    const store = new MetricsStore();
    store.push(sample(0), 0);
    store.push(sample(20_000, { inRate: 0, outRate: 0 }), 0);
    expect(store.status('a')).toBe('running');
    store.push(sample(31_000, { inRate: 0, outRate: 0 }), 0);
    expect(store.status('a')).toBe('idle');
  });

  it('tells only those who listen to a node, and knows old numbers', () => {
    const store = new MetricsStore();
    const mine = vi.fn();
    const other = vi.fn();
    store.onNode('a', mine);
    store.onNode('b', other);
    store.push(sample(1000), 1000);
    expect(mine).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
    expect(store.stale(5000)).toBe(false);
    expect(store.stale(6001)).toBe(true);
  });

  it('keeps the look of an edge the same string while its step and level stay', () => {
    const store = new MetricsStore();
    store.push(sample(1000, {}, 500, 0.2), 0);
    const look = store.edgeLook('e');
    store.push(sample(2000, {}, 700, 0.5), 0);
    expect(store.edgeLook('e')).toBe(look);
    store.push(sample(3000, {}, 700, 0.7), 0);
    expect(store.edgeLook('e')).not.toBe(look);
  });
});
