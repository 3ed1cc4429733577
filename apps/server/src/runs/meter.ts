import { Histogram, type TaskReport } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MIN_TIME } from '@millrace/sdk';
import type { RunStatus } from '../store/port.js';
import { bottleneckOf } from './bottleneck.js';
import type { EdgeMetrics, MetricsSample, NodeMetrics } from './engine.js';

interface NodeSum {
  in: number;
  out: number;
  handled: number;
  filtered: number;
  late: number;
  skipped: number;
  deadLettered: number;
  busyMs: number;
  latency: Uint32Array;
  watermark: number;
  stateKeys: number;
  /** The one that is there for longest, of all tasks. */
  problem: NodeMetrics['problem'];
}

interface Sums {
  at: number;
  nodes: Map<string, NodeSum>;
  /** Records sent over each edge. */
  edges: Map<string, number>;
  /** ms by stage: working, idle, back-pressured; and how many tasks told. */
  stages: Map<string, { busyMs: number; idleMs: number; backPressuredMs: number; tasks: number }>;
}

const COUNTS = ['in', 'out', 'handled', 'filtered', 'late', 'skipped', 'deadLettered', 'busyMs', 'stateKeys'] as const;

/**
 * Turns what tasks count since their start into rates, by comparing one look with the one before. Formulas: throughput = Δrecords ÷ Δt;
 * APT = Δbusy time ÷ Δrecords; latency = quantiles of the records since the last look; shares = Δtime of the stage's tasks ÷ their sum.
 */
export class Meter {
  readonly #plan: Plan;
  #before: Sums | undefined;
  #restarts = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  sample(reports: readonly TaskReport[], at: number, status: RunStatus, restarts: number): MetricsSample {
    this.#restarts = restarts;
    const now = addUp(reports, at);
    const before = this.#before;
    this.#before = now;
    const seconds = before === undefined ? 0 : (at - before.at) / 1000;
    const nodes: MetricsSample['nodes'] = {};
    for (const id of Object.keys(this.#plan.nodes)) nodes[id] = this.#node(id, now, before, seconds);
    const edges: MetricsSample['edges'] = {};
    const backlogs = addBacklogs(reports);
    for (const edge of this.#plan.edges)
      edges[edge.id] = edgeMetrics(edge.id, edge.exchange, now, before, seconds, backlogs);
    return { at, status, nodes, edges, bottleneck: bottleneckOf(this.#plan, nodes, edges) };
  }

  #node(id: string, now: Sums, before: Sums | undefined, seconds: number): NodeMetrics {
    const sum = now.nodes.get(id) ?? emptyNode();
    const old = before?.nodes.get(id) ?? emptyNode();
    // A task that was started again counts from its last commit: a step back is no negative rate.
    const delta = (name: (typeof COUNTS)[number]) => Math.max(0, sum[name] - old[name]);
    const worked = delta('in') || delta('out');
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    const known = sum.watermark > MIN_TIME && sum.watermark < Number.MAX_SAFE_INTEGER;
    return {
      in: sum.in,
      out: sum.out,
      handled: sum.handled,
      filtered: sum.filtered,
      late: sum.late,
      skipped: sum.skipped,
      deadLettered: sum.deadLettered,
      inRate: rate(delta('in')),
      outRate: rate(delta('out')),
      aptUs: worked > 0 ? (delta('busyMs') * 1000) / worked : 0,
      latencyMs: latencySince(sum.latency, old.latency),
      ...this.#shares(id, now, before),
      watermark: known ? sum.watermark : null,
      watermarkLagMs: known ? Math.max(0, now.at - sum.watermark) : null,
      stateKeys: sum.stateKeys,
      restarts: this.#restarts,
      ...(sum.problem && { problem: sum.problem }),
    };
  }

  #shares(id: string, now: Sums, before: Sums | undefined): Pick<NodeMetrics, 'busy' | 'idle' | 'backPressured'> {
    const stage = this.#plan.nodes[id]?.stage ?? id;
    const sum = now.stages.get(stage);
    const old = before?.stages.get(stage);
    if (sum === undefined) return { busy: 0, idle: 1, backPressured: 0 };
    const busy = Math.max(0, sum.busyMs - (old?.busyMs ?? 0));
    const idle = Math.max(0, sum.idleMs - (old?.idleMs ?? 0));
    const pressed = Math.max(0, sum.backPressuredMs - (old?.backPressuredMs ?? 0));
    const all = busy + idle + pressed;
    return all > 0
      ? { busy: busy / all, idle: idle / all, backPressured: pressed / all }
      : { busy: 0, idle: 1, backPressured: 0 };
  }
}

function emptyNode(): NodeSum {
  return {
    in: 0,
    out: 0,
    handled: 0,
    filtered: 0,
    late: 0,
    skipped: 0,
    deadLettered: 0,
    busyMs: 0,
    stateKeys: 0,
    problem: undefined,
    watermark: Number.MAX_SAFE_INTEGER,
    latency: new Uint32Array(0),
  };
}

function addUp(reports: readonly TaskReport[], at: number): Sums {
  const sums: Sums = { at, nodes: new Map(), edges: new Map(), stages: new Map() };
  for (const report of reports) {
    for (const [id, node] of Object.entries(report.nodes)) {
      const sum = sums.nodes.get(id) ?? { ...emptyNode(), latency: new Uint32Array(node.latency.length) };
      sums.nodes.set(id, sum);
      for (const name of COUNTS) sum[name] += node[name];
      if (node.problem && (!sum.problem || node.problem.since < sum.problem.since)) sum.problem = node.problem;
      sum.watermark = Math.min(sum.watermark, node.watermark);
      for (let i = 0; i < node.latency.length; i++) sum.latency[i]! += node.latency[i]!;
    }
    for (const [id, sent] of Object.entries(report.edges)) sums.edges.set(id, (sums.edges.get(id) ?? 0) + sent);
    const stage = sums.stages.get(report.stage) ?? { busyMs: 0, idleMs: 0, backPressuredMs: 0, tasks: 0 };
    stage.busyMs += report.busyMs;
    stage.idleMs += report.idleMs;
    stage.backPressuredMs += report.backPressuredMs;
    stage.tasks++;
    sums.stages.set(report.stage, stage);
  }
  return sums;
}

function latencySince(now: Uint32Array, before: Uint32Array): NodeMetrics['latencyMs'] {
  const since = new Uint32Array(now.length);
  for (let i = 0; i < now.length; i++) since[i] = Math.max(0, now[i]! - (before[i] ?? 0));
  if (since.length === 0) return null;
  const histogram = new Histogram(since);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => histogram.quantile(q));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
}

function addBacklogs(reports: readonly TaskReport[]): Map<string, { records: number; bound: number }> {
  const sums = new Map<string, { records: number; bound: number }>();
  for (const report of reports) {
    for (const [exchange, { records, bound }] of Object.entries(report.backlogs)) {
      const sum = sums.get(exchange) ?? { records: 0, bound: 0 };
      sum.records += records;
      sum.bound += bound;
      sums.set(exchange, sum);
    }
  }
  return sums;
}

function edgeMetrics(
  id: string,
  exchange: string | undefined,
  now: Sums,
  before: Sums | undefined,
  seconds: number,
  backlogs: ReadonlyMap<string, { records: number; bound: number }>,
): EdgeMetrics {
  const sent = now.edges.get(id) ?? 0;
  const waiting = exchange === undefined ? undefined : backlogs.get(exchange);
  const inFlight = waiting?.records ?? 0;
  return {
    rate: seconds > 0 ? Math.max(0, sent - (before?.edges.get(id) ?? 0)) / seconds : 0,
    sent,
    received: Math.max(0, sent - inFlight),
    inFlight,
    fill: waiting === undefined ? null : waiting.bound > 0 ? Math.min(1, waiting.records / waiting.bound) : 0,
  };
}
